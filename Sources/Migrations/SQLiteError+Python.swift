internal import AlembicScripts
internal import SQLite

/// SQLite's errors as a script may catch them, by the classes that Python's sqlite3 gives them.
extension SQLiteError: DatabaseFailure {
  package var exceptionName: String? {
    switch code {
    case .constraint, .mismatch: "IntegrityError"
    case .error: "OperationalError"
    case .misuse where message.hasPrefix("You can only execute"): "ProgrammingError"
    // A full disk, a lock, a damaged file: no script goes on after these.
    default: nil
    }
  }

  /// Text that is not UTF-8, in the words of Python's sqlite3, which cannot hand it on either.
  static func undecodable(_ bytes: [UInt8], column: String, sql: String?) -> SQLiteError {
    let shown = bytes.prefix(100).map { $0 < 128 ? Character(Unicode.Scalar($0)) : "\u{FFFD}" }
    return SQLiteError(
      extendedCode: .error,
      message: "Could not decode to UTF-8 column '\(column)' with text '\(String(shown))'",
      sql: sql
    )
  }

  package var exceptionText: String {
    let text = "(sqlite3.\(exceptionName ?? "DatabaseError")) \(message)"
    return sql.map { "\(text)\n[SQL: \($0)]" } ?? text
  }
}
