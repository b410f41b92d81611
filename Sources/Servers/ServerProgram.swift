/// What a server runs by itself: a trigger or a routine, and what it may write to.
package struct ServerProgram: Hashable, Sendable {
  /// When it runs.
  package enum Cause: Hashable, Sendable {
    /// When a statement calls it by this name.
    case call(String)
    /// When a statement writes to this table.
    case write(String)
    /// It could not be told when.
    case always
  }

  /// When it runs.
  package var cause: Cause
  /// The words of its body, in lower case: a table that is none of them it does not touch by itself.
  package var words: Set<String>

  /// Makes it of its parts.
  ///
  /// - Parameters:
  ///   - cause: When it runs.
  ///   - words: The words of its body.
  package init(cause: Cause, words: Set<String>) {
    self.cause = cause
    self.words = words
  }

  /// Reads what mariadb-dump writes between `DELIMITER ;;` and `DELIMITER ;`: routines as the server writes them, triggers as their
  /// authors did, with or without backticks.
  ///
  /// - Parameter text: The text.
  /// - Returns: The program; nil for an event, which the server starts whatever a run does, and for what is none.
  static func dumped(_ text: String) -> Self? {
    let code = text.replacing(#/DEFINER=`(?:[^`]|``)*`@`(?:[^`]|``)*`/#, with: "")
    guard
      let head = code.firstMatch(
        of:
          #/\bCREATE\b(?:[\s\/*!0-9]|OR\s+REPLACE|AGGREGATE)*\b(TRIGGER|PROCEDURE|FUNCTION|EVENT)\s/#
          .ignoresCase()
      )
    else {
      let words = Set(ServerContent.words(text))
      return words.isEmpty || !words.contains("create") ? nil : Self(cause: .always, words: words)
    }
    let body = code[head.range.upperBound...]
    let words = Set(ServerContent.words(String(body)))
    func plain(_ name: Substring) -> String {
      name.split(separator: ".").last.map(String.init) ?? String(name)
    }
    switch head.1.uppercased() {
    case "EVENT": return nil
    case "TRIGGER":
      let table = body.firstMatch(
        of: #/^.*?\s(?:BEFORE|AFTER)\s[\s\w]*?\sON\s+(\S+)\s+FOR\s+EACH\s/#.ignoresCase()
          .dotMatchesNewlines()
      )
      return Self(cause: table.map { .write(plain($0.1)) } ?? .always, words: words)
    default:
      let name = body.prefixMatch(of: #/\s*`((?:[^`]|``)+)`/#)
      return Self(cause: name.map { .call(String($0.1)) } ?? .always, words: words)
    }
  }
}
