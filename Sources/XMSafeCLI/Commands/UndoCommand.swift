internal import ArgumentParser
internal import XMSafe

/// `xm-safe undo`.
struct UndoCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo",
    abstract: "Revert the last upgrade or restore.",
    discussion: """
      Puts back the newest content that was saved before an upgrade or a restore and differs from the present one, which is \
      saved first. A second undo leads back again. A file that is no sound database is for 'restore'.

      \(exitCodes(.done, .notFound, .locked, .outOfSpace, .failedNotRestored, .damagedSnapshot, .refused))
      """
  )

  @OptionGroup(title: "Hooks and signs of life")
  var jobOptions: JobOptions

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  var job: JobOptions? { jobOptions }

  func perform(_ facade: Safeguard) throws(Failure) -> RestoreResult {
    try facade.undo()
  }

  func facts(_ result: RestoreResult) -> JobFacts { JobFacts(result) }

  func text(_ result: RestoreResult) -> String {
    RestoreText.line(result)
  }
}
