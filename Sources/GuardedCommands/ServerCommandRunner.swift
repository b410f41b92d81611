internal import Archive
internal import DurableFiles
internal import Logging
internal import Migrations
internal import Processes
package import Servers
internal import Snapshots
package import Stopping
internal import Upgrade

/// Guards a command of which nobody knows what it does to a server's database: snapshot, run, check, and put the snapshot back if the
/// command fails or a check does.
///
/// Other programs are not locked out, since the command is one of them. What they write cannot be told from what it writes: so it is
/// put back by itself only where the server shows that nobody else was connected, or where somebody has said so before.
package struct ServerCommandRunner {
  private let request: ServerCommandRequest

  /// Makes a runner.
  ///
  /// - Parameter request: What is to be done.
  package init(_ request: ServerCommandRequest) {
    self.request = request
  }

  /// Runs the command.
  ///
  /// - Parameters:
  ///   - hold: The lock on the database, which the caller has taken.
  ///   - stop: What hands the signals on that come while it runs.
  /// - Returns: What came of it.
  /// - Throws: What was thrown before the command began; the database was not touched then.
  package func run(_ hold: any ServerHold, _ stop: StopSwitch) throws -> CommandReport {
    let application = "xm-safe-run-" + String(UInt64.random(in: .min ... .max), radix: 36)
    var program = request.program
    // libpq's drivers call their sessions so; one that does not is taken for somebody else, which is the safe mistake.
    program.environment["PGAPPNAME"] = application
    let others = OtherSessions(hold, but: application)
    let saved = try save(others)
    var names: [String] = []
    if case .rows(let allowed) = request.guarding { names = allowed }
    let losses = try AllowedLosses(names, request.server)
    let journal = ServerCrashJournal(request.store, key: request.key)
    try journal.write(
      ServerCrashNote(
        snapshot: saved.snapshot.manifest.id,
        before: saved.content.heads,
        after: [],
        guardian: request.holder
      )
    )
    if !request.isAlone { warn(others) }
    do {
      return try GuardedProcess(
        program: program,
        shown: (request.shownProgram, request.shown),
        logger: request.logger,
        progress: request.progress
      ).run(stop) { _ in
        if !request.isAlone { others.lookNowAndThen() }
      } judge: { ending, duration in
        if !request.isAlone { others.look() }
        var (report, isSettled) = judge(saved, ending, others, losses)
        report.duration = duration
        // What could not be put back, somebody has to decide.
        if isSettled { clear(journal) }
        return report
      }
    } catch {
      clear(journal)
      throw error
    }
  }

  /// Takes the snapshot, and another one if others have written in the meantime: what they wrote would be lost with it.
  ///
  /// Where nothing is put back unasked it need not be the last word.
  private func save(_ others: OtherSessions) throws -> ServerSnapshotTaker.Taken {
    for _ in 1...3 {
      let saved = try request.take(.before)
      if !request.isAlone {
        others.look()
        if others.reason != nil { return saved }
      }
      if try request.server.content(progress: request.progress) == saved.content {
        // Whoever has come since has written after that, and is known.
        if !request.isAlone { others.look() }
        return saved
      }
      request.logger("xm_safe.snapshot").info(
        "Others have written to \(request.shown) while it was saved: snapshot \(saved.snapshot.manifest.id) is not the last word"
      )
    }
    throw ServerError(
      .locked,
      "other programs keep writing to \(request.shown), and what they write must not be lost with what a failed command has left",
      hint: "stop them, then run the same command again"
    )
  }

  /// Says before it is too late what will not be undone.
  private func warn(_ others: OtherSessions) {
    guard let reason = others.reason else { return }
    request.logger("xm_safe.run").warning(
      "If it fails, nothing is put back unasked: \(reason); --alone says that nobody else writes"
    )
  }

  private func clear(_ journal: ServerCrashJournal) {
    journal.clear(orSay: { request.logger("xm_safe.run").warning("\($0)") })
  }

  // MARK: - After

  private func judge(
    _ saved: ServerSnapshotTaker.Taken,
    _ ending: Ending,
    _ others: OtherSessions,
    _ losses: AllowedLosses
  ) -> (CommandReport, isSettled: Bool) {
    var report = CommandReport(
      outcome: .kept,
      ending: ending,
      duration: .zero,
      state: "",
      from: saved.content.heads,
      to: nil,
      snapshot: saved.snapshot,
      otherWriters: others.seen
    )
    let name = request.shownProgram
    let id = saved.snapshot.manifest.id
    let content: ServerContent
    let worse: String?
    do {
      content = try request.server.content { step in
        if !request.isAlone { others.lookNowAndThen() }
        try request.progress(step)
      }
      // Whoever has come while it was read may have written before.
      if !request.isAlone { others.look() }
      report.otherWriters = others.seen
      worse = try objection(saved.content, content, losses)
    } catch {
      let reason = String(describing: error).shownOnOneLine
      report.problem =
        ending.isSuccess
        ? "'\(name)' succeeded, but \(request.shown) could not be checked: \(reason)"
        : "'\(name)' \(ending), and \(request.shown) could not be looked at: \(reason)"
      report.outcome = .notRestored
      report.state = "the database is as the command has left it"
      report.next =
        "put right what prevents it; then 'xm-safe diff \(id)' compares, and 'xm-safe restore \(id)' puts back what was before the command"
      return (report, false)
    }
    report.to = content.heads
    if !ending.isSuccess {
      report.problem = "'\(name)' \(ending)"
    } else if let worse {
      report.problem = "'\(name)' succeeded, but the check of \(request.shown) failed: \(worse)"
    }
    guard let problem = report.problem else {
      let rows = UpgradeReport.shown(content.heads)
      request.logger("xm_safe.verify").info(
        "Verified: at \(rows)\(request.guarding == .off ? "" : ", no rows lost")"
      )
      report.state =
        "the database is as the command has left it, at \(rows); snapshot \(id) holds what was before"
      return (report, true)
    }
    request.logger("xm_safe.run").error("\(problem.shownOnOneLine)")
    let undoing = ServerCommandUndoing(request: request, saved: saved, content: content)
    let result = undoing.undo(request.isAlone ? nil : others.reason)
    report.outcome = result.outcome
    report.state = result.state
    report.next = result.next ?? "correct the cause, then run the same command again"
    report.left = result.left
    return (report, result.isSettled)
  }

  /// What has become worse, as a sentence; nil if nothing has.
  private func objection(
    _ before: ServerContent,
    _ after: ServerContent,
    _ losses: AllowedLosses
  ) throws -> String? {
    for text in try losses.warnings(request.server) {
      request.logger("xm_safe.run").warning("\(text)")
    }
    if request.guarding != .off {
      let found = RowCensus(rows(before)).losses(
        in: RowCensus(rows(after)),
        allowing: losses.tables
      )
      if var loss = found.first {
        // Where the search path leads to another table of that name first, the schema tells.
        if let other = try request.server.tables(named: [loss.table])[loss.table],
          other != loss.table
        {
          loss.table = "public." + loss.table
        }
        return loss.description
      }
    }
    if !before.heads.isEmpty, before.versionTable != nil, after.versionTable == nil {
      return "the version table \(request.server.versionTable.shownAsPath) is gone"
    }
    return request.versionProblem(before.heads, after.heads)
  }

  private func rows(_ content: ServerContent) -> [String: Int64] {
    content.rowCounts.filter { $0.key != content.versionTable }
  }
}
