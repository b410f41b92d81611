internal import ArgumentParser
internal import XMSafe

/// `xm-safe edit`.
struct EditCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit",
    abstract: "Open the script of a revision in your editor.",
    discussion: """
      The editor is EDITOR, else VISUAL, else the first of sensible-editor, editor, nano, vim and code that is there. The \
      database is asked for 'current' only. It has no --json.

      \(exitCodes(.done, .notFound, .refused))
      """
  )

  @Argument(
    help: "head, heads, current, a revision, the beginning of one, a label; several may be meant."
  )
  var revision: String

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  func validate() throws {
    guard !common.json else {
      throw ValidationError("edit opens an editor, and has no result that --json could print")
    }
  }

  func perform(_ facade: Safeguard) throws(Failure) -> [RevisionRecord] {
    try facade.edit(revision)
  }

  /// The editor has had the terminal.
  func text(_ result: [RevisionRecord]) -> String { "" }
}
