package import DurableFiles
internal import Jobs

/// A report as one page of HTML: it needs no network, no script and no other file.
package struct ReportPage: Sendable {
  private static let mostRows = 30
  /// What the first lines say, so that no page of somebody else's is replaced.
  private static let mark = "<meta name=\"generator\" content=\"xm-safe\">"

  /// How a page is recognised: by its mark, and one without it by its title.
  package static let kind = ReplacedFile.Kind(
    name: "a report of xm-safe",
    beginning: "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
    marks: [mark, " · xm-safe</title>\n"]
  )

  private let data: ReportData

  /// Takes what the page is made of.
  ///
  /// - Parameter data: The data.
  package init(_ data: ReportData) {
    self.data = data
  }

  /// Writes the page in the place of a file, durably, and for its owner alone: it has paths and logs in it.
  ///
  /// - Parameters:
  ///   - path: The file; its directory must be there.
  ///   - files: The file system to use.
  /// - Throws: `FileError`, `NotDurable`.
  package func write(to path: String, files: FileSystem = FileSystem()) throws {
    let file = try DurableFile(creating: path, files: files)
    try file.append(Array(html.utf8))
    try file.replace()
  }

  /// The whole page.
  package var html: String {
    let name = HTML.text(FileSystem.name(of: data.database))
    // A failure that has been mended since is of less interest than how things are.
    let failures = data.runs.last?.isSuccess == false ? [failure, nil] : [nil, failure]
    let parts = [
      header, cards, failures[0], timeline, plot("Sizes", Plots(data).sizes),
      plot("Durations", Plots(data).durations), graph, failures[1], snapshots, runs,
    ]
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      \(Self.mark)
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="referrer" content="no-referrer">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(name) · xm-safe</title>
      <style>
      \(ReportStyle.css)
      </style>
      </head>
      <body>
      <main>
      \(parts.compactMap { $0 }.joined(separator: "\n"))
      <footer>Made by xm-safe \(HTML.text(data.version)) at \(HTML.time(data.created)) UTC. All times are UTC.</footer>
      </main>
      </body>
      </html>

      """
  }

  private var header: String {
    let remarks = data.remarks.map { "<p class=\"note\">\(HTML.text($0))</p>" }.joined()
    // A long path is broken behind a slash, if there is one.
    let path = HTML.text(data.database).replacing("/", with: "/<wbr>")
    return
      "<header><h1>\(path)</h1><p class=\"sub\">Snapshots and upgrades, as of \(HTML.time(data.created)) UTC</p>\(remarks)</header>"
  }

  // MARK: - How things are

  private var cards: String {
    let cards = [revisionCard, snapshotCard, runCard, verifyCard]
    return "<div class=\"cards\">\(cards.joined())</div>"
  }

  private func card(_ what: String, _ value: String, _ more: String, _ style: String = "") -> String
  {
    "<div class=\"card \(style)\"><p class=\"what\">\(what)</p><p class=\"value\">\(value)</p><p class=\"note\">\(more)</p></div>"
  }

  private func ago(_ iso: String) -> String {
    guard let then = TimeAxis.seconds(iso), let now = TimeAxis.seconds(data.created) else {
      return HTML.time(iso)
    }
    return now >= then ? "\(HTML.span(now - then)) ago" : "in the future"
  }

  private var revisionCard: String {
    guard let current = data.current else { return card("Revision", "unknown", "not to be told") }
    let name = current.isEmpty ? "base" : current.map(HTML.text).joined(separator: ", ")
    guard let pending = data.pending else { return card("Revision", name, "no scripts to compare") }
    return pending == 0
      ? card("Revision", name, "up to date", "good")
      : card("Revision", name, "\(pending) pending", "warn")
  }

  private var snapshotCard: String {
    guard let newest = data.snapshots.last else {
      return card("Newest snapshot", "none", "", "warn")
    }
    let damaged = data.snapshots.filter(\.isDamaged).count
    let more =
      "\(data.snapshots.count.shown(as: "snapshot"))" + (damaged > 0 ? ", \(damaged) damaged" : "")
    return card("Newest snapshot", ago(newest.created), more, damaged > 0 ? "bad" : "")
  }

  private var runCard: String {
    guard let last = data.runs.last else { return card("Last run", "none", "") }
    let value = last.isSuccess ? "\(HTML.text(last.verb)) done" : "\(HTML.text(last.verb)) failed"
    return card("Last run", value, ago(last.ended), last.isSuccess ? "good" : "bad")
  }

  private var verifyCard: String {
    guard let run = data.runs.last(where: { $0.verb == "verify" && $0.isSuccess }) else {
      // Each archive is read whole before it gets its name; the log of runs may have been lost, or be younger.
      guard let newest = data.snapshots.map(\.verified).max() else {
        return card("Last verified", "never", "by 'xm-safe verify'")
      }
      return card("Last verified", ago(newest), "no 'xm-safe verify' is in the log of runs")
    }
    return card(
      "Last verified",
      ago(run.ended),
      run.isDrill ? "restored for trial" : "every byte read"
    )
  }

  // MARK: - Sections

  private func plot(_ title: String, _ content: String?) -> String? {
    content.map { "<section><h2>\(title)</h2>\($0)</section>" }
  }

  private var timeline: String? {
    guard let timeline = Plots(data).timeline else { return nil }
    var keys = [
      ("pre-upgrade", "before an upgrade"), ("pre-restore", "before a restore"),
      ("scheduled", "scheduled"), ("manual", "by hand"),
    ].filter { key in data.snapshots.contains { $0.reason == key.0 } }.map { ("s-\($0)", "\($1)") }
    if data.snapshots.contains(where: \.isPinned) { keys.append(("ringed", "pinned")) }
    let isBad = data.snapshots.contains(where: \.isDamaged) || data.runs.contains { !$0.isSuccess }
    if isBad { keys.append(("k-failed", "failed or damaged")) }
    return plot("What happened when", timeline + Plots.legend(keys))
  }

  private var graph: String? {
    guard let svg = RevisionPlot.svg(data.revisions) else { return nil }
    let keys = [
      ("applied", "applied"), ("pending", "pending"), ("ringed", "where the database is"),
    ]
    return plot("Revisions", svg + Plots.legend(keys))
  }

  private var failure: String? {
    guard let run = data.runs.last(where: { !$0.isSuccess }) else { return nil }
    let facts: [(String, String?)] = [
      ("command", "xm-safe \(run.verb)"),
      ("when", "\(run.started.prefix(16).replacing("T", with: " ")) UTC"),
      ("exit code", "\(run.exitCode)"), ("what happened", run.message), ("state", run.state),
      ("next", run.next),
    ]
    let list = facts.map { name, value in
      value.map { "<dt>\(name)</dt><dd>\(HTML.text($0))</dd>" } ?? ""
    }
    let log = run.log.map { line in
      let style =
        ["warning", "error", "critical"].contains(line.level)
        ? (line.level == "warning" ? "warning" : "error") : ""
      let text = "\(line.time.prefix(19)) \(line.level) [\(line.logger)] \(line.message)"
      return "<span class=\"\(style)\">\(HTML.text(text))</span>"
    }
    let isOld = data.runs.last?.id != run.id
    let pre = log.isEmpty ? "" : "<pre>\(log.joined(separator: "\n"))</pre>"
    return
      "<section class=\"\(isOld ? "" : "failure")\"><h2>The last failure\(isOld ? ", followed by runs that went well" : "")</h2><dl>\(list.joined())</dl>\(pre)</section>"
  }

  private var snapshots: String? {
    guard !data.snapshots.isEmpty else { return nil }
    let rows = data.snapshots.suffix(Self.mostRows).reversed().map { snapshot in
      let heads = snapshot.heads.isEmpty ? "base" : snapshot.heads.joined(separator: ", ")
      let state =
        snapshot.isDamaged
        ? "<span class=\"bad\">damaged</span>" : "\(HTML.time(snapshot.verified))"
      return
        "<tr><td class=\"id\">\(HTML.text(snapshot.id))</td><td>\(HTML.time(snapshot.created))</td><td>\(HTML.text(snapshot.reason))\(snapshot.isPinned ? ", pinned" : "")</td><td class=\"id\">\(HTML.text(heads))</td><td class=\"number\">\(HTML.size(snapshot.databaseSize))</td><td class=\"number\">\(HTML.size(snapshot.archiveSize))</td><td>\(state)</td></tr>"
    }
    let head =
      "<tr><th>Id</th><th>Taken</th><th>Why</th><th>Revision</th><th class=\"number\">Database</th><th class=\"number\">Archive</th><th>Verified</th></tr>"
    return table("Snapshots", head, rows, of: data.snapshots.count)
  }

  private var runs: String? {
    guard !data.runs.isEmpty else { return nil }
    let rows = data.runs.suffix(Self.mostRows).reversed().map { run in
      let end =
        run.isSuccess
        ? "<span class=\"good\">done</span>" : "<span class=\"bad\">\(run.exitCode)</span>"
      return
        "<tr><td>\(HTML.time(run.started))</td><td>\(HTML.text(run.verb))</td><td>\(end)</td><td class=\"number\">\(HTML.span(run.seconds))</td><td class=\"text\">\(HTML.text(Self.change(run)))</td></tr>"
    }
    let head =
      "<tr><th>Began</th><th>Command</th><th>End</th><th class=\"number\">Took</th><th>What</th></tr>"
    return table("Runs", head, rows, of: data.runs.count)
  }

  private static func change(_ run: RunRecord) -> String {
    if let message = run.message { return message }
    if let from = run.from, let to = run.to, from != to {
      let names = [from, to].map { $0.isEmpty ? "base" : $0.joined(separator: ", ") }
      return "\(names[0]) → \(names[1])"
    }
    return run.snapshot.map { "snapshot \($0)" } ?? ""
  }

  private func table(_ title: String, _ head: String, _ rows: [String], of count: Int) -> String {
    let note =
      rows.count < count ? "<p class=\"note\">The newest \(rows.count) of \(count).</p>" : ""
    return
      "<section><h2>\(title)</h2><div class=\"scroll\"><table><thead>\(head)</thead><tbody>\(rows.joined())</tbody></table></div>\(note)</section>"
  }
}
