internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe diff`.
struct DiffCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show what differs between two snapshots, or a snapshot and the database.",
    discussion: """
      The SQL leads from the schema of A to that of B, not from the rows of A to those of B: a table that differs is dropped \
      and created anew, with its indexes and triggers.

      \(exitCodes(.done, .notFound, .locked, .damagedSnapshot, .refused))
      """
  )

  @Argument(help: SnapshotReference.help, completion: SnapshotCompletion.kind)
  var before: String

  @Argument(help: "The same, or live for the database.", completion: SnapshotCompletion.kind)
  var after = "live"

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> DiffResult {
    try facade.diff(before, after)
  }

  func text(_ result: DiffResult) -> String {
    guard !result.schema.isEmpty || !result.rows.isEmpty else {
      return
        "-- no difference in schema and row counts between \(result.before) and \(result.after)"
    }
    let rows = result.rows.map { row in
      let before = row.before.map(String.init) ?? "-"
      let after = row.after.map(String.init) ?? "-"
      return "-- \(row.table.shownOnOneLine): \(before) -> \(after) rows"
    }
    let schema = result.schema.map(SQLText.statement)
    return (["-- from \(result.before) to \(result.after)"] + schema + rows).joined(separator: "\n")
  }
}
