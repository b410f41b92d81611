import Foundation

/// Takes out of a transcript what differs from run to run, and nothing else.
///
/// Each rule replaces numbers, or what is made of them, at a place that the words around it fix; a word is never replaced.
/// Ids are numbered in the order in which they appear, so that one that is named where another one is meant still shows.
struct TranscriptNormaliser {
  /// One kind of thing that differs.
  struct Rule: Sendable {
    /// A regular expression of three groups: what comes before, what is replaced, what comes after.
    var pattern: String
    /// What stands in its place; `#` becomes the number of the thing among those of its rule.
    var placeholder: String

    init(_ before: String, _ differing: String, _ after: String, _ placeholder: String) {
      pattern = "(\(before))(\(differing))(\(after))"
      self.placeholder = placeholder
    }
  }

  /// The rules, in the order in which they are applied.
  static let rules = [
    // 20261122T225133Z in the names of archives, 2026-11-22T22:51:33Z elsewhere, and the day alone.
    Rule("", #"\d{8}T\d{6}Z"#, "", "<time>"),
    Rule("", #"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z"#, "", "<time>"),
    Rule("", #"\b\d{4}-\d{2}-\d{2}\b"#, "", "<day>"),
    // Durations, and sizes of what is compressed or free.
    Rule("", #"\b\d+(?:\.\d+)?"#, #" s\b"#, "<n>"),
    Rule("", #"\b\d+"#, #" ms\b"#, "<n>"),
    Rule("", #"\b\d+\.\d"#, #" (?:Ki|Mi|Gi)B\b"#, "<n>"),
    Rule("", #"\b\d+"#, " bytes in '", "<n>"),
    Rule(#"[(+] ?"#, #"\d+"#, " for (?:the|a|what) ", "<n>"),
    Rule("; ", #"\d+"#, " are free", "<n>"),
    // The id of a snapshot: eight hexadecimal digits that stand alone.
    Rule("(?<![0-9A-Za-z])", "[0-9a-f]{8}", "(?![0-9A-Za-z])", "<id #>"),
    // What the files of one database in a store are told apart by, and a temporary file by.
    Rule(#"/\.(?:lock|journal)-"#, "[0-9a-f]{12}", #"\b"#, "<key>"),
    Rule(#"\.xm-safe-partial-"#, "[0-9a-z]+", #"\b"#, "<random>"),
    Rule("process ", #"\d+"#, #"\b"#, "<process #>"),
  ]

  /// Literal texts that are replaced first: paths of this machine, longest first.
  var paths: [(path: String, shown: String)]

  /// The text without what differs.
  func normalised(_ text: String) throws -> String {
    var text = text
    for (path, shown) in paths { text = text.replacingOccurrences(of: path, with: shown) }
    for rule in Self.rules { text = try Self.applying(rule, to: text) }
    return text
  }

  private static func applying(_ rule: Rule, to text: String) throws -> String {
    let expression = try NSRegularExpression(pattern: rule.pattern)
    var numbers: [Substring: Int] = [:]
    var result = ""
    var end = text.startIndex
    for match in expression.matches(in: text, range: NSRange(text.startIndex..., in: text)) {
      guard let range = Range(match.range(at: 2), in: text) else { continue }
      let number = numbers[text[range], default: numbers.count + 1]
      numbers[text[range]] = number
      result += text[end..<range.lowerBound]
      result += rule.placeholder.replacingOccurrences(of: "#", with: "\(number)")
      end = range.upperBound
    }
    return result + text[end...]
  }
}
