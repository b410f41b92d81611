internal import PythonSyntax
internal import Schema

/// SQL that is written out in a script, which can be refused before anything runs; SQL that is computed is refused when it is run.
extension ScriptCheck {
  /// Statements that would end our transaction, or leave the one file that we guard.
  private static let transactionControl: Set<String> = [
    "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE", "ATTACH", "DETACH", "VACUUM",
  ]

  /// PRAGMAs whose effect is another one inside our transaction.
  private static let refusedPragmas: Set<String> = [
    "writable_schema", "journal_mode", "locking_mode", "synchronous", "query_only",
  ]

  func check(sql argument: Expression) throws(ScriptError) {
    var text = argument
    if case .call(let function, let arguments) = argument.kind, let first = arguments.first {
      switch function.kind {
      case .name("text"), .attribute(_, "text"): text = first.value
      default: return
      }
    }
    guard case .constant(.string(let sql)) = text.kind else { return }
    let word = sql.drop { $0.isWhitespace }.prefix { $0.isLetter }.uppercased()
    guard !Self.transactionControl.contains(word) else {
      throw notRead(
        "\(word) in a migration is not run: it would end the transaction that keeps the database safe",
        argument.position
      )
    }
    let pragma = sql.lowercased().split { !$0.isLetter && $0 != "_" && $0 != "=" }
    if word == "PRAGMA", let name = pragma.dropFirst().first?.split(separator: "=").first,
      sql.contains("="),
      Self.refusedPragmas.contains(String(name))
    {
      throw notRead(
        "PRAGMA \(name) in a migration is not run: inside a transaction it has another effect, or none",
        argument.position
      )
    }
    do {
      _ = try SQLText.rendered(sql)
    } catch {
      throw notRead(error.message, argument.position)
    }
  }
}
