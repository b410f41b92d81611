internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe snapshot`.
struct SnapshotCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot",
    abstract: "Save the database into an archive now.",
    discussion: """
      The archive is on the disk, and every byte of it was read back, when the command ends. It is a gzip file: \
      'gunzip -c FILE > database.sqlite3' gives the database back without xm-safe.

      In WAL mode nobody waits for it. In rollback mode nobody can commit while the database is read; when a writer has \
      waited for --busy-timeout seconds, the snapshot is given up.

      With --if-pending it can be run every few minutes: it saves the database as soon as new scripts are installed, and no \
      state of it twice.

      \(exitCodes(.done, .notFound, .locked, .outOfSpace, .refused))
      """
  )

  @Option(
    parsing: .unconditional,
    help: "Compression: 0 stores, 1 is fastest, 9 is smallest. [default: 1]"
  )
  var level: Int?

  @Flag(name: .customLong("if-changed"), help: "Take none if the newest one has the same content.")
  var ifChanged = false

  @Flag(
    name: .customLong("if-pending"),
    help: "Take one only if revisions are pending, and none has the same content."
  )
  var ifPending = false

  @Flag(help: "Note that a schedule takes it, and not a person.")
  var scheduled = false

  @OptionGroup(title: "Hooks and signs of life")
  var jobOptions: JobOptions

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  var job: JobOptions? { jobOptions }

  func validate() throws {
    guard level.map({ (0...9).contains($0) }) ?? true else {
      throw ValidationError("--level takes a number from 0 to 9")
    }
    guard !ifChanged || !ifPending else {
      throw ValidationError("--if-pending looks for changes too: leave --if-changed out")
    }
  }

  func perform(_ facade: Safeguard) throws(Failure) -> SnapshotResult {
    try facade.snapshot(
      level: level,
      ifPending ? .ifPending : ifChanged ? .ifChanged : .always,
      isScheduled: scheduled
    )
  }

  func facts(_ result: SnapshotResult) -> JobFacts {
    JobFacts(database: result.snapshot?.database, snapshot: result.snapshot?.id)
  }

  func text(_ result: SnapshotResult) -> String {
    // With --quiet, nothing done is nothing said: a job that runs every few minutes.
    if common.quiet, result.outcome != "saved" { return "" }
    guard let snapshot = result.snapshot else { return "no snapshot: no revision is pending" }
    if result.outcome == "unchanged" {
      return "unchanged: \(snapshot.database.shownAsPath) is as in snapshot \(snapshot.id)"
    }
    return
      "saved \(snapshot.database.shownAsPath) as snapshot \(snapshot.id): \(snapshot.path.shownAsPath)"
  }
}
