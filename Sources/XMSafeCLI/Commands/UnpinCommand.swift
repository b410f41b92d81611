internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe unpin`.
struct UnpinCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "unpin",
    abstract: "Leave a pinned snapshot to prune again.",
    discussion: exitCodes(.done, .notFound, .refused)
  )

  @Argument(help: "latest, the beginning of an id, or a path.")
  var snapshot: String

  @OptionGroup var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> SnapshotRecord {
    try facade.pin(snapshot, false)
  }

  func text(_ result: SnapshotRecord) -> String {
    "unpinned \(result.id): \(result.path.shownAsPath)"
  }
}
