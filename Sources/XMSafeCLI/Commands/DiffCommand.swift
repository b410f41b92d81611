internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe diff`.
struct DiffCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show what differs between two snapshots, or a snapshot and the database.",
    discussion: exitCodes(.done, .notFound, .damagedSnapshot, .refused)
  )

  @Argument(help: "latest, the beginning of an id, or a path.")
  var before: String

  @Argument(help: "The same, or live for the database.")
  var after = "live"

  @OptionGroup var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> DiffResult {
    try facade.diff(before, after)
  }

  func text(_ result: DiffResult) -> String {
    guard !result.schema.isEmpty || !result.rows.isEmpty else {
      return "no difference in schema and row counts between \(result.before) and \(result.after)"
    }
    let rows = result.rows.map { row in
      let before = row.before.map(String.init) ?? "-"
      let after = row.after.map(String.init) ?? "-"
      return "-- \(row.table.shownOnOneLine): \(before) -> \(after) rows"
    }
    // SQL is printed to be run: only its control characters other than line ends and tabs are shown instead of sent.
    let schema = result.schema.map { statement in
      statement.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        line.split(separator: "\t", omittingEmptySubsequences: false).map {
          String($0).shownOnOneLine
        }
        .joined(separator: "\t")
      }.joined(separator: "\n") + ";"
    }
    return (["-- from \(result.before) to \(result.after)"] + schema + rows).joined(separator: "\n")
  }
}
