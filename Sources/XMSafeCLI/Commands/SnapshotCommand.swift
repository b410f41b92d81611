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

      \(exitCodes(.done, .notFound, .locked, .outOfSpace, .refused))
      """
  )

  @OptionGroup var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> SnapshotRecord {
    try facade.snapshot()
  }

  func text(_ result: SnapshotRecord) -> String {
    "saved \(result.database.shownAsPath) as snapshot \(result.id): \(result.path.shownAsPath)"
  }
}
