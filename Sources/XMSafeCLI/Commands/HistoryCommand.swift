internal import ArgumentParser
internal import FoundationEssentials
internal import XMSafe

/// `xm-safe history`.
struct HistoryCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "List the revisions of the scripts, newest first.",
    discussion: """
      With a range only what lies between its ends, both included: a revision, the beginning of one, a label, head, base, \
      +N, -N, current, or nothing for the very end. --graph draws branches and merges; what --mermaid and --dot print is \
      for programs that draw: 'xm-safe history --dot | dot -Tsvg > history.svg'.

      \(exitCodes(.done, .locked, .refused, .usage))
      """
  )

  @Option(
    name: [.customShort("r"), .customLong("rev-range")],
    parsing: .unconditional,
    help: ArgumentHelp("Only these revisions.", valueName: "start:end")
  )
  var range: String?

  @Flag(name: [.customShort("v"), .long], help: "Show all of each revision.")
  var verbose = false

  @Flag(
    name: [.customShort("i"), .customLong("indicate-current")],
    help: "Mark the revisions that the database is at."
  )
  var showsCurrent = false

  /// How the revisions are shown.
  enum Drawing: String, EnumerableFlag {
    case graph
    case mermaid
    case dot

    static func help(for value: Self) -> ArgumentHelp? {
      switch value {
      case .graph: "Draw branches and merges."
      case .mermaid: "Print the graph for Mermaid."
      case .dot: "Print the graph for Graphviz."
      }
    }
  }

  @Flag var drawing: Drawing?

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> [RevisionRecord] {
    try facade.history(range: range, showsCurrent: showsCurrent)
  }

  func validate() throws {
    guard drawing == nil || !verbose else {
      throw ValidationError("--verbose is for the list, and not for a drawing")
    }
  }

  func text(_ result: [RevisionRecord]) -> String {
    switch drawing {
    case nil:
      result.map(verbose ? RevisionText.entry : RevisionText.historyLine).joined(separator: "\n")
    case .graph:
      RevisionDrawing(pen: .of(ProcessInfo.processInfo.environment)).text(result)
    case .mermaid: RevisionExport.mermaid(result)
    case .dot: RevisionExport.dot(result)
    }
  }
}
