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

  package var exceptionText: String {
    let text = "(sqlite3.\(exceptionName ?? "DatabaseError")) \(message)"
    return sql.map { "\(text)\n[SQL: \($0)]" } ?? text
  }
}
