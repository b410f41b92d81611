internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe verify`.
struct VerifyCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Read every byte of a snapshot and compare it with what it must be.",
    discussion: exitCodes(.done, .notFound, .damagedSnapshot, .refused)
  )

  @Argument(help: "latest, the beginning of an id, or a path.")
  var snapshot = "latest"

  @Flag(help: "Verify all snapshots in the store.")
  var all = false

  @OptionGroup var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> VerifyResult {
    try facade.verify(all ? nil : snapshot)
  }

  func text(_ result: VerifyResult) -> String {
    result.archives.map { entry in
      entry.damage.map { "damaged: \($0.shownOnOneLine)" }
        ?? "whole: \(entry.id.map { $0 + " " } ?? "")\(entry.path.shownAsPath)"
    }.joined(separator: "\n")
  }

  func exitStatus(_ result: VerifyResult) -> ExitStatus {
    result.isWhole ? .done : .damagedSnapshot
  }
}
