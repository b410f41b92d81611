/// Something that a table has and its rebuilt form has not, though the batch does not ask for it; and what brings it back.
package struct RebuildLoss: Hashable, Sendable, CustomStringConvertible {
  /// What it is that is lost, for programs: so that a later look can tell whether it is there again.
  enum Subject: Hashable, Sendable {
    /// AUTOINCREMENT.
    case autoincrement
    /// Where AUTOINCREMENT has got to, when no row shows it.
    case counter(Int64)
    /// The COLLATE of a column.
    case collation(column: String, String)
    /// The declared type of a column, and what the rebuild makes of it.
    case declaredType(column: String, before: String, after: String)
    /// A CHECK, by its condition.
    case check(String)
    /// A UNIQUE over these columns.
    case unique([String])
    /// Something of a foreign key, which is here as it was.
    case reference(Constraint)
    /// Something of an index, such as `DESC`.
    case indexPart(index: String, String)
    /// An index.
    case index(String)
    /// A trigger.
    case trigger(String)
    /// What no look at the table can tell.
    case other
  }

  /// What is lost, as one sentence in lower case.
  package var what: String
  /// What brings it back, its parts separated by semicolons: arguments of the batch (`op.batch_alter_table(...)`), alembic's
  /// directives within it (`batch_op...`), SQL to execute after it; nil where nothing can.
  package var remedy: String?
  var subject: Subject

  /// Names a loss.
  init(_ what: String, remedy: String? = nil, of subject: Subject = .other) {
    self.what = what
    self.remedy = remedy
    self.subject = subject
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
