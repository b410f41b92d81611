/// A target that counts steps: `+2`, `-1`, `ab12+1`, `label@+2`, `label@ab12-1`.
struct RelativeTarget: Hashable {
  /// The branch, before the `@`.
  var branch: String?
  /// The revision to count from; nil for where the database is.
  var symbol: String?
  /// How many steps: up if positive.
  var steps: Int
  /// The steps as they are written.
  var written: String

  /// Reads a target; nil if it counts no steps.
  init?(_ text: String) {
    var rest = text[...]
    if let at = text.firstIndex(of: "@") {
      guard at != text.startIndex else { return nil }
      branch = String(text[..<at])
      rest = text[text.index(after: at)...]
    }
    let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    rest = rest[word.endIndex...]
    guard let sign = rest.first, sign == "+" || sign == "-" else { return nil }
    let digits = rest.dropFirst()
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
      let steps = Int(rest)
    else { return nil }
    symbol = word.isEmpty ? nil : String(word)
    self.steps = steps
    written = String(rest)
  }
}
