internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe list`.
struct ListCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the snapshots of the database, oldest first.",
    discussion: """
      VERIFIED is the day on which every byte was last read and compared: when it was taken, or by 'verify'; DAMAGED if that \
      failed. \(AllDatabases.rule)

      \(exitCodes(.done, .notFound, .refused))
      """
  )

  @Flag(name: .customLong("all-databases"), help: "List all snapshots in the store.")
  var allDatabases = false

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> ListResult {
    try facade.list(allDatabases: allDatabases)
  }

  func text(_ result: ListResult) -> String {
    guard !result.snapshots.isEmpty || !result.unreadable.isEmpty else {
      return "no snapshots in \(result.store.shownAsPath)"
    }
    let databases = Set(result.snapshots.map(\.database))
    var table = TextTable(
      columns: [
        .init(title: "ID"), .init(title: "TIME (UTC)"), .init(title: "AGE", isNumber: true),
        .init(title: "REASON"),
        .init(title: "REVISION"), .init(title: "DATABASE", isNumber: true),
        .init(title: "ARCHIVE", isNumber: true), .init(title: "RATIO", isNumber: true),
        .init(title: "VERIFIED"), .init(title: "PIN"),
      ],
      rows: result.snapshots.map { Self.row($0) }
    )
    if databases.count > 1 {
      table.columns.append(.init(title: "OF"))
      for (index, snapshot) in result.snapshots.enumerated() {
        table.rows[index].append(snapshot.database)
      }
    }
    let damaged = result.unreadable.map { "unreadable: \($0.reason.shownOnOneLine)" }
    return ([result.snapshots.isEmpty ? "" : table.text] + damaged).filter { !$0.isEmpty }
      .joined(separator: "\n")
  }

  private static func row(_ snapshot: SnapshotRecord) -> [String] {
    let percent = snapshot.archiveSize * 100 / max(snapshot.databaseSize, 1)
    return [
      snapshot.id,
      snapshot.created.replacing("T", with: " ").replacing("Z", with: ""),
      Age.text(from: snapshot.created),
      snapshot.reason,
      RevisionText.joined(snapshot.heads),
      ByteCount.text(snapshot.databaseSize),
      ByteCount.text(snapshot.archiveSize),
      "\(percent) %",
      snapshot.damaged == nil ? String(snapshot.verified.prefix(10)) : "DAMAGED",
      snapshot.pinned ? "pin" : "",
    ]
  }
}
