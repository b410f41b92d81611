internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe revision`.
struct RevisionCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "revision",
    abstract: "Write the script of a new revision, made of the project's script.py.mako.",
    discussion: """
      Nothing is written that would make the script directory unusable: an id or a label that is taken, a message that \
      breaks the script. Programs of [post_write_hooks] and env.py are not run.

      \(exitCodes(.done, .refused))
      """
  )

  @Option(name: [.customShort("m"), .long], parsing: .unconditional, help: "What it does.")
  var message: String?

  @Option(name: .customLong("rev-id"), help: "Its id. [default: twelve random digits]")
  var id: String?

  @Option(help: "What it comes after; base for a new root. [default: head]")
  var head: String = "head"

  @Flag(help: "Let it come after a revision that is no head: a new branch.")
  var splice = false

  @Option(name: .customLong("branch-label"), help: "The name of the branch that begins with it.")
  var branchLabel: String?

  @Option(
    name: .customLong("depends-on"),
    help: "What else must be applied before it; may be given several times."
  )
  var dependsOn: [String] = []

  @Flag(help: "Refused: 'alembic revision --autogenerate' does it, with the project's models.")
  var autogenerate = false

  @Option(
    name: .customLong("version-path"),
    help: "The versions directory to write it into.",
    completion: .directory
  )
  var versionPath: String?

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> NewRevisionResult {
    if autogenerate { try facade.autogenerate(by: "revision --autogenerate") }
    return try facade.revision(
      Safeguard.RevisionRequest(
        message: message,
        id: id,
        heads: [head],
        splices: splice,
        branchLabels: branchLabel.map { [$0] } ?? [],
        dependsOn: dependsOn,
        versionPath: versionPath
      )
    )
  }

  func text(_ result: NewRevisionResult) -> String { NewRevisionText.text(result) }
}
