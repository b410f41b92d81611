internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe pin`.
struct PinCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "pin",
    abstract: "Keep a snapshot whatever prune is told.",
    discussion: exitCodes(.done, .notFound, .refused)
  )

  @Argument(help: "latest, the beginning of an id, or a path.")
  var snapshot: String

  @OptionGroup var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> SnapshotRecord {
    try facade.pin(snapshot, true)
  }

  func text(_ result: SnapshotRecord) -> String {
    "pinned \(result.id): \(result.path.shownAsPath)"
  }
}
