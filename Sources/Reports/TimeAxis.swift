internal import FoundationEssentials

/// The horizontal axis of a plot: from the first time to the last.
struct TimeAxis {
  /// The width of all plots, and what is left free for names and at the other end.
  static let width = 920.0
  static let left = 92.0
  static let right = 20.0

  private let first: Double
  private let last: Double

  /// Makes the axis of some times.
  init?(_ times: [Double]) {
    guard let first = times.min(), let last = times.max() else { return nil }
    // A single moment is in the middle; a few seconds are told apart as well as a few years.
    let margin = max((last - first) * 0.02, last == first ? 1800 : 1)
    (self.first, self.last) = (first - margin, last + margin)
  }

  /// The seconds of a time in ISO 8601; nil for what is none.
  static func seconds(_ iso: String) -> Double? {
    do {
      return try Date(iso, strategy: .iso8601).timeIntervalSince1970
    } catch {
      return nil
    }
  }

  /// Where a time is.
  func x(_ time: Double) -> Double {
    Self.left + (time - first) / (last - first) * (Self.width - Self.left - Self.right)
  }

  /// The marks below a plot, with the lines through it.
  func ticks(top: Double, bottom: Double) -> String {
    let hour = 3600.0
    let day = 86_400.0
    let steps = [
      1, 2, 5, 10, 30, 60, 300, 900, hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day,
      14 * day, 30 * day,
      91 * day, 365 * day,
    ]
    let step = steps.first { (last - first) / $0 <= 8 } ?? ((last - first) / 8)
    var svg = ""
    var time = (first / step).rounded(.up) * step
    var date = ""
    while time <= last {
      let iso = Date(timeIntervalSince1970: time).formatted(.iso8601)
      let day = String(iso.prefix(10))
      let clock = String(iso.dropFirst(11).prefix(step < 60 ? 8 : 5))
      let label = step < 86_400 && day == date ? clock : step < 86_400 ? "\(day) \(clock)" : day
      date = day
      let x = HTML.number(x(time))
      // What would not end within the picture ends with it.
      let isLast = self.x(time) + Double(label.count) * 3.3 > Self.width
      let place = isLast ? HTML.number(Self.width) : x
      svg +=
        "<line class=\"grid\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(HTML.number(top))\" y2=\"\(HTML.number(bottom))\"/>"
        + "<text class=\"tick\" x=\"\(place)\" y=\"\(HTML.number(bottom + 21))\" text-anchor=\"\(isLast ? "end" : "middle")\">\(label)</text>"
      time += step
    }
    return svg
  }
}
