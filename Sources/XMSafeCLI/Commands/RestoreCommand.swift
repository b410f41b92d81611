internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe restore`.
struct RestoreCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Put a snapshot back into the database.",
    discussion: """
      The whole archive is verified first, and a snapshot of the present content is taken. The copy is one transaction of \
      SQLite: the database is as it was or as the snapshot, whatever happens, and other connections may stay open. A file that is no \
      sound database is kept aside.

      latest is the newest snapshot that was not itself taken before a restore: doing it twice is doing it once, and 'undo' \
      is the way back.

      \(exitCodes(.done, .notFound, .locked, .outOfSpace, .failedNotRestored, .damagedSnapshot, .refused, .usage))
      """
  )

  @Argument(help: SnapshotReference.help, completion: SnapshotCompletion.kind)
  var snapshot: String

  @Option(
    name: .customLong("to"),
    help: "Restore into this file instead of the database.",
    completion: .file()
  )
  var destination: String?

  @Flag(help: "Accept a snapshot of another database, an unknown revision, an existing --to.")
  var force = false

  @Flag(name: .customLong("dry-run"), help: "Verify, and only say what would be done.")
  var isDryRun = false

  @OptionGroup(title: "Hooks and signs of life")
  var jobOptions: JobOptions

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  var job: JobOptions? { isDryRun ? nil : jobOptions }

  func validate() throws {
    // It would be taken for the working directory.
    guard destination != "" else { throw ValidationError("--to is given without a name") }
  }

  func perform(_ facade: Safeguard) throws(Failure) -> RestoreResult {
    try facade.restore(snapshot, to: destination, force: force, isDryRun: isDryRun)
  }

  func facts(_ result: RestoreResult) -> JobFacts { JobFacts(result) }

  func text(_ result: RestoreResult) -> String {
    RestoreText.line(result)
  }
}
