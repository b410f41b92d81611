/// Something that a table has and its rebuilt form has not, though the batch does not ask for it; and what brings it back.
package struct RebuildLoss: Hashable, Sendable, CustomStringConvertible {
  /// What is lost, as one sentence in lower case.
  package var what: String
  /// What brings it back: SQL to execute after the rebuild, or alembic's directive within the batch; nil where nothing can.
  package var remedy: String?

  /// Names a loss.
  package init(_ what: String, remedy: String? = nil) {
    self.what = what
    self.remedy = remedy
  }

  /// What is lost and what brings it back, in one sentence.
  package var description: String {
    remedy.map { "\(what); what brings it back: \($0)" } ?? what
  }

  /// A string as Python writes it.
  static func python(_ text: String) -> String {
    var literal = "'"
    for character in text.unicodeScalars {
      switch character {
      case "\\", "'": literal += "\\" + String(character)
      case "\n": literal += "\\n"
      case "\r": literal += "\\r"
      default: literal.unicodeScalars.append(character)
      }
    }
    return literal + "'"
  }

  /// A list of strings as Python writes it.
  static func python(_ texts: [String]) -> String {
    "[" + texts.map(python).joined(separator: ", ") + "]"
  }
}
