internal import DurableFiles

/// Text for HTML and SVG: what comes from outside is escaped here, and nowhere else.
enum HTML {
  /// A text that can stand between tags and in an attribute; it cannot steer the reader's terminal either.
  static func text(_ text: String) -> String {
    var escaped = ""
    for scalar in text.shownOnOneLine.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// A number of an SVG, with one decimal.
  static func number(_ value: Double) -> String {
    // A log that somebody has changed may have any number.
    let tenths = Int((min(max(value, -1e12), 1e12) * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let rest = abs(tenths % 10)
    return sign + String(abs(tenths / 10)) + (rest == 0 ? "" : ".\(rest)")
  }

  /// A length in bytes, for an axis: `32 MiB`.
  static func bytes(_ bytes: Double) -> String {
    let (value, unit) = unit(bytes)
    return unit == "B" ? "\(Int(value)) B" : "\(number(value)) \(unit)"
  }

  /// A length in bytes, for a column: always with one decimal, but for bytes.
  static func size(_ bytes: Int64) -> String {
    let (value, unit) = unit(Double(bytes))
    guard unit != "B" else { return "\(bytes) B" }
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) \(unit)"
  }

  private static func unit(_ bytes: Double) -> (value: Double, name: String) {
    var value = bytes
    var unit = "B"
    for next in ["KiB", "MiB", "GiB", "TiB"] where value >= 1024 {
      value /= 1024
      unit = next
    }
    return (value, unit)
  }

  /// A time span.
  static func span(_ seconds: Double) -> String {
    let seconds = min(seconds, 1e12)
    switch seconds {
    case ..<0.001: return "0 s"
    case ..<1: return "\(Int((seconds * 1000).rounded())) ms"
    case ..<120: return "\(number(seconds)) s"
    case ..<7200: return "\(Int((seconds / 60).rounded())) min"
    case ..<172_800: return "\(Int((seconds / 3600).rounded())) h"
    default: return "\(Int((seconds / 86_400).rounded())) days"
    }
  }

  /// A time as people read it: `2026-11-24 10:00`.
  static func time(_ iso: String) -> String {
    text(String(iso.prefix(16)).replacing("T", with: " "))
  }
}
