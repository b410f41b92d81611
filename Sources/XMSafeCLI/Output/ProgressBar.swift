internal import Synchronization

/// Shows how far long work is, with rate and time left, once it has taken more than a second.
final class ProgressBar: Sendable {
  private struct State {
    var activity = ""
    var start = ContinuousClock.now
    var shown = ContinuousClock.now
  }

  private let state = Mutex(State())
  private let output: StandardError

  init(_ output: StandardError) {
    self.output = output
  }

  func report(_ activity: String, done: Int64, total: Int64) {
    let now = ContinuousClock.now
    let text: String? = state.withLock { state in
      if state.activity != activity { state = State(activity: activity, start: now, shown: now) }
      let elapsed = state.start.duration(to: now)
      if done >= total { return "" }
      guard elapsed > .seconds(1), state.shown.duration(to: now) > .milliseconds(100) else {
        return nil
      }
      state.shown = now
      return Self.line(activity, done: done, total: total, elapsed: elapsed)
    }
    if let text { output.show(bar: text) }
  }

  /// One line: `snapshot [#####-----]  50%  100.0 MiB of 200.0 MiB  80.0 MiB/s  1 s left`.
  static func line(_ activity: String, done: Int64, total: Int64, elapsed: Duration) -> String {
    let fraction = total > 0 ? Double(done) / Double(total) : 0
    let filled = Int(fraction * 20)
    let bar =
      String(repeating: "#", count: filled) + String(repeating: "-", count: max(0, 20 - filled))
    let seconds = max(elapsed / .seconds(1), 0.001)
    let rate = Double(done) / seconds
    let left = rate > 0 ? Int((Double(total - done) / rate).rounded(.up)) : 0
    let size = "\(ByteCount.text(done)) of \(ByteCount.text(total))"
    return
      "\(activity) [\(bar)] \(Int(fraction * 100))%  \(size)  \(ByteCount.text(Int64(rate)))/s  \(left) s left"
  }
}
