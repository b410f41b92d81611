internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe show`.
struct ShowCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show what a snapshot says of itself.",
    discussion: exitCodes(.done, .notFound, .damagedSnapshot, .refused)
  )

  @Argument(help: SnapshotReference.help)
  var snapshot: String

  @OptionGroup var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> SnapshotRecord {
    try facade.show(snapshot)
  }

  func text(_ result: SnapshotRecord) -> String {
    let facts = [
      ("snapshot", result.id),
      ("file", result.path),
      (
        "taken",
        "\(result.created), \(result.reason), by xm-safe \(result.tool) with \(result.client ?? "SQLite \(result.sqlite ?? "")")"
      ),
      ("database", result.database),
      ("revision", RevisionText.joined(result.heads)),
      ("target", result.target.map(RevisionText.joined) ?? "-"),
      ("size", "\(ByteCount.text(result.databaseSize)) in \(ByteCount.text(result.archiveSize))"),
      Self.kind(result),
      ("sha256", result.sha256),
      ("verified", result.damaged.map { "DAMAGED, found at \($0)" } ?? result.verified),
    ]
    let lines = facts.map { name, value in
      name + String(repeating: " ", count: 10 - name.count) + value.shownOnOneLine
    }
    let rows = result.rowCounts.sorted { $0.key < $1.key }.map { table, count in
      "rows      \(table.shownOnOneLine): \(count)"
    }
    return (lines + rows).joined(separator: "\n")
  }

  private static func kind(_ result: SnapshotRecord) -> (String, String) {
    guard let pageSize = result.pageSize else {
      return ("server", "\(result.dialect) \(result.server ?? "")")
    }
    return ("pages", "of \(pageSize) bytes, journal mode \(result.journalMode ?? "")")
  }
}
