internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe show`.
struct ShowCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show what a snapshot says of itself, or a revision.",
    discussion: """
      head, heads, base, current and whatever has an @ are revisions, and so is a whole id of one. Then come snapshots, and \
      then the beginnings of revisions. What begins both is refused: --snapshot and --revision tell which is meant.

      \(exitCodes(.done, .notFound, .locked, .damagedSnapshot, .refused))
      """
  )

  @Argument(
    help: ArgumentHelp(
      "A snapshot: latest, the beginning of an id, or a path; or a revision: its id, the beginning, a label, head, current.",
      valueName: "name"
    ),
    completion: SnapshotCompletion.kind
  )
  var name: String

  /// What the name is taken for.
  enum Kind: String, EnumerableFlag {
    case snapshot
    case revision
  }

  @Flag(help: "What the name is.")
  var kind: Kind?

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  /// A snapshot, or revisions.
  enum Outcome: Encodable {
    case snapshot(SnapshotRecord)
    case revisions([RevisionRecord])

    func encode(to encoder: any Encoder) throws {
      switch self {
      case .snapshot(let record): try record.encode(to: encoder)
      case .revisions(let records): try records.encode(to: encoder)
      }
    }
  }

  func perform(_ facade: Safeguard) throws(Failure) -> Outcome {
    switch kind {
    case .snapshot: return .snapshot(try facade.show(name))
    case .revision: return .revisions(try facade.revisions(name))
    case nil:
      switch try facade.shown(name) {
      case .snapshot(let record): return .snapshot(record)
      case .revisions(let records): return .revisions(records)
      }
    }
  }

  func text(_ result: Outcome) -> String {
    switch result {
    case .snapshot(let record): Self.text(record)
    case .revisions(let records): records.map(RevisionText.entry).joined(separator: "\n")
    }
  }

  private static func text(_ result: SnapshotRecord) -> String {
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
