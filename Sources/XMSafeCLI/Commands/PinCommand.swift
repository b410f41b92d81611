internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe pin`.
struct PinCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "pin",
    abstract: "Keep a snapshot whatever prune is told.",
    discussion: exitCodes(.done, .notFound, .damagedSnapshot, .refused)
  )

  @OptionGroup var pinning: Pinning

  var common: CommonOptions { pinning.common }

  func perform(_ facade: Safeguard) throws(Failure) -> SnapshotRecord {
    try facade.pin(pinning.snapshot, true)
  }

  func text(_ result: SnapshotRecord) -> String { Pinning.text("pinned", result) }
}

/// `xm-safe unpin`.
struct UnpinCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "unpin",
    abstract: "Leave a pinned snapshot to prune again.",
    discussion: exitCodes(.done, .notFound, .damagedSnapshot, .refused)
  )

  @OptionGroup var pinning: Pinning

  var common: CommonOptions { pinning.common }

  func perform(_ facade: Safeguard) throws(Failure) -> SnapshotRecord {
    try facade.pin(pinning.snapshot, false)
  }

  func text(_ result: SnapshotRecord) -> String { Pinning.text("unpinned", result) }
}

/// What `pin` and `unpin` share.
struct Pinning: ParsableArguments {
  @Argument(help: SnapshotReference.help, completion: SnapshotCompletion.kind)
  var snapshot: String

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  static func text(_ verb: String, _ record: SnapshotRecord) -> String {
    "\(verb) \(record.id): \(record.path.shownAsPath)"
  }
}
