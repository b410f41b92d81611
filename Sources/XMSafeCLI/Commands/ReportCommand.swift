internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe report`.
struct ReportCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a page of HTML about the database's snapshots, runs and revisions.",
    usage: "xm-safe report [OPTIONS] --html FILE",
    discussion: """
      The page is one file that needs no network and no script. It has the timeline of snapshots and runs, sizes and \
      durations as plots, the last failure with its log, and the revisions as a graph. What cannot be read is said on it.

      \(exitCodes(.done, .refused, .usage))
      """
  )

  @Option(
    help: ArgumentHelp("The file to write; an earlier page is replaced.", valueName: "file"),
    completion: .file()
  )
  var html: String?

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> ReportResult {
    guard let html, !html.isEmpty else {
      throw Failure(
        usage: "no file is named to write the page into",
        next: "name one with --html, for example 'xm-safe report --html report.html'"
      )
    }
    // Elsewhere it is standard output, which has the command's own result here.
    guard html != "-" else {
      throw Failure(
        usage: "the page goes into a file, and '-' names none",
        next: "name one with --html, for example 'xm-safe report --html report.html'"
      )
    }
    return try facade.report(to: html)
  }

  func text(_ result: ReportResult) -> String {
    "wrote \(result.path.shownAsPath): \(result.snapshots.shown(as: "snapshot")), \(result.runs.shown(as: "run")), \(result.revisions.shown(as: "revision"))"
  }
}
