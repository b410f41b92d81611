internal import FoundationEssentials

/// How long ago something was, for people.
enum Age {
  /// The age of a time written in ISO 8601: `12 s`, `3 min`, `5 h`, `2 d`; nothing for what cannot be read.
  static func text(from created: String, now: Date = .now) -> String {
    guard let date = try? Date(created, strategy: .iso8601) else { return "" }
    let seconds = Int(now.timeIntervalSince(date))
    switch seconds {
    case ..<0: return "in the future"
    case ..<60: return "\(seconds) s"
    case ..<3600: return "\(seconds / 60) min"
    case ..<86_400: return "\(seconds / 3600) h"
    default: return "\(seconds / 86_400) d"
    }
  }
}
