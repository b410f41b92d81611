/// The text of a progress bar: one line, as long as the terminal is wide at most.
struct ProgressLine {
  var activity: String
  var done: Int64
  /// 0 where it cannot be known.
  var total: Int64
  /// Since the activity began.
  var elapsed: Duration
  /// What was done before it began.
  var initial: Int64 = 0

  /// `snapshot [#####-----]  50%  100.0 MiB of 200.0 MiB  80.0 MiB/s  2 s left`; what does not fit is left out, the sizes
  /// first, then the bar.
  ///
  /// The last column stays free: some terminals go to the next line as soon as it is written to.
  func text(columns: Int) -> String {
    let room = max(1, columns - 1)
    let seconds = Int(elapsed / .seconds(1))
    guard total > 0 else {
      return String("\(activity)  \(Self.text(seconds: seconds))".prefix(room))
    }
    let fraction = min(1, Double(max(0, done)) / Double(total))
    let filled = Int(fraction * 20)
    let bar =
      "[\(String(repeating: "#", count: filled))\(String(repeating: "-", count: 20 - filled))]"
    let percent = "\(Int(fraction * 100))%"
    let rate = max(0, Double(done) - Double(initial)) / max(elapsed / .seconds(1), 0.001)
    let left = rate > 0 ? (max(0, Double(total) - Double(done)) / rate).rounded(.up) : 0
    let speed = "\(ByteCount.text(Int64(min(rate, 1e18))))/s"
    let time = "\(Self.text(seconds: Int(min(left, 1e9)))) left"
    let size = "\(ByteCount.text(done)) of \(ByteCount.text(total))"
    let forms = [
      "\(activity) \(bar)  \(percent)  \(size)  \(speed)  \(time)",
      "\(activity) \(bar)  \(percent)  \(speed)  \(time)",
      "\(activity)  \(percent)  \(speed)  \(time)",
    ]
    return forms.first { $0.count <= room } ?? String("\(activity)  \(percent)".prefix(room))
  }

  /// A length of time: `12 s`, `3 min 5 s`, `2 h 4 min`.
  private static func text(seconds: Int) -> String {
    switch seconds {
    case ..<60: "\(seconds) s"
    case ..<3600: "\(seconds / 60) min \(seconds % 60) s"
    default: "\(seconds / 3600) h \(seconds / 60 % 60) min"
    }
  }
}
