internal import DurableFiles

/// SQL that is printed to be run.
enum SQLText {
  /// A statement as it can be given to sqlite3: of its control characters only those other than line ends and tabs are shown
  /// instead of sent.
  ///
  /// alembic's statements begin and end with empty lines, which are left out.
  static func statement(_ sql: String) -> String {
    var shown = ""
    var word = ""
    for character in sql.drop(while: \.isNewline) {
      guard ["\n", "\r\n", "\t"].contains(character) else {
        word.append(character)
        continue
      }
      shown += word.shownOnOneLine + String(character)
      word = ""
    }
    shown += word.shownOnOneLine
    while shown.last?.isNewline == true { shown.removeLast() }
    // A comment at the end would take the semicolon with it.
    let lastLine = shown.split(whereSeparator: \.isNewline).last ?? ""
    return shown + (lastLine.contains("--") ? "\n;" : ";")
  }
}
