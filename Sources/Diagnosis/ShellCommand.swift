/// Commands that a person can copy into a shell.
enum ShellCommand {
  /// A call of the sqlite3 program.
  static func sqlite(_ database: String, _ sql: String) -> String {
    "sqlite3 \(quoted(database)) \(quoted(sql))"
  }

  /// A word in single quotes, as every shell takes it.
  static func quoted(_ word: String) -> String {
    "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
