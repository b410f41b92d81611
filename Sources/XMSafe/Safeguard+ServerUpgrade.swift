internal import AlembicHelper
internal import AlembicScripts
internal import Archive
internal import DurableFiles
internal import Logging
internal import Migrations
internal import Revisions
internal import ServerUpgrades
internal import Servers
internal import Snapshots
internal import Upgrade

/// Upgrades, downgrades and stamps of a server's database.
extension Safeguard {
  func done(
    _ task: UpgradeWork,
    _ work: ServerWork,
    _ safety: UpgradeSafety
  ) throws -> UpgradeResult {
    let request = try request(work, task, safety, command: task.noun)
    return try holding(work, task.noun) { hold in
      do {
        let report = try ServerUpgrader(request).run(hold)
        return result(report, engine: "alembic", in: work.store)
      } catch let failure as UpgradeFailure {
        guard safety.keepsCompleted, failure.code == .asBefore, !failure.completed.isEmpty else {
          throw failure
        }
        throw try keep(failure, in: project.scripts().directory.graph) { target in
          let partly = try self.request(work, .upgrade(to: target), safety, command: task.noun)
          return try ServerUpgrader(partly).run(hold).to
        }
      }
    }
  }

  func plan(
    _ task: UpgradeWork,
    _ work: ServerWork,
    _ safety: UpgradeSafety
  ) throws -> PlanResult {
    let request = try request(work, task, safety, command: "plan")
    return try holding(work, "plan") { _ in
      var taken: Store.Snapshot?
      // Nobody asked for it. Where it cannot be removed, or this is not reached, a whole one is left.
      defer { if let taken { remove(taken, from: work.store) } }
      let (plan, rehearsal) = try ServerUpgrader(request).plan {
        if let same = try unchanged(work, .ifChanged) { return same }
        let snapshot = try take(.manual, work).snapshot
        taken = snapshot
        return snapshot
      }
      // What somebody may want to go back to stays.
      if rehearsal?.liveChange != nil { taken = nil }
      return result(plan, rehearsal, task, work, safety)
    }
  }

  private func remove(_ snapshot: Store.Snapshot, from store: Store) {
    do { try store.remove(snapshot) } catch {
      context.logger("xm_safe.plan").warning(
        "Snapshot \(snapshot.manifest.id), taken for this plan, stays: \(error)"
      )
    }
  }

  private func result(
    _ plan: Plan,
    _ rehearsal: ServerRehearsal?,
    _ task: UpgradeWork,
    _ work: ServerWork,
    _ safety: UpgradeSafety
  ) -> PlanResult {
    var result = PlanResult(plan, task.noun, of: work.key, engine: "alembic", safety)
    guard let rehearsal else { return result }
    result.outcome = "would-\(task.noun)"
    result.revisions = plan.steps.compactMap { PlanResult.Step($0.revision, in: rehearsal) }
    result.schema = rehearsal.schema.map(Self.statement)
    let tables = Set(rehearsal.before.keys).union(rehearsal.after.keys).sorted()
    result.rows = tables.compactMap { table in
      let (before, after) = (rehearsal.before[table], rehearsal.after[table])
      return before == after ? nil : PlanResult.Rows(table: table, before: before, after: after)
    }
    result.seconds = rehearsal.duration / .seconds(1)
    result.peakDisk = rehearsal.size
    result.liveChange = rehearsal.liveChange
    if let error = rehearsal.failure {
      let failure = Failure(error)
      result.outcome = "would-fail"
      result.failure = PlanResult.Reason(
        message: failure.message,
        location: failure.location,
        next: failure.next
      )
    }
    return result
  }

  /// A statement that only the new schema has, or as a comment one that only the old schema had.
  private static func statement(_ marked: String) -> String {
    let lines = marked.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map {
      $0.hasPrefix("+ ") ? String($0.dropFirst(2)) : "-- no more: \($0.dropFirst(2))"
    }
    .joined(separator: "\n")
  }

  /// What the work on the database, for real or on a copy, needs to know.
  private func request(
    _ work: ServerWork,
    _ task: UpgradeWork,
    _ safety: UpgradeSafety,
    command: String
  ) throws -> ServerUpgradeRequest {
    guard try wantedEngine(safety) != .native else {
      throw Failure(
        .refused,
        "xm-safe itself runs migrations on SQLite only",
        next: "leave --engine out: a server's database is upgraded by the project's own alembic"
      )
    }
    let scripts = try project.scripts()
    let project = try alembicProject(safety, command, because: "the database is on a server")
    let arguments = task.alembicArguments
    let entry: HelperRequest.Entry =
      switch project.configuration {
      case .ini(let path): .ini(path: path, arguments: arguments)
      case .scripts(let path): .scripts(path: path, arguments: arguments)
      }
    var helper = HelperRequest(
      python: project.python,
      environment: project.environment,
      workingDirectory: project.workingDirectory,
      entry: entry,
      guards: [:],
      timeout: project.timeout
    )
    helper.input = project.input
    helper.output = project.output
    if safety.guarding == .digest {
      context.logger("xm_safe.upgrade").warning(
        "On a server the guard counts rows, and compares no values: --guard digest is taken for --guard rows"
      )
    }
    return ServerUpgradeRequest(
      server: work.server,
      store: work.store,
      key: work.key,
      mode: safety.isTransactional && work.server.isTransactional ? .transaction : .none,
      work: task,
      graph: scripts.directory.graph,
      take: { purpose in
        switch purpose {
        case .work(let revisions): try take(task.reason, work, target: revisions)
        case .restore(let heads): try take(.preRestore, work, target: heads)
        }
      },
      helper: helper,
      rehearses: safety.rehearses,
      guardsRows: safety.guarding != .off,
      allowedLosses: safety.allowedLosses,
      logger: context.logger,
      progress: progress
    )
  }
}

extension PlanResult.Step {
  /// What a revision did in a database of its own; nil if it was not begun.
  fileprivate init?(_ revision: Revision, in rehearsal: ServerRehearsal) {
    let facts = rehearsal.revisions.first { $0.revision == revision.id }
    guard facts != nil || rehearsal.failed == revision.id else { return nil }
    self.init(
      revision: revision.id,
      downRevisions: revision.downRevisions,
      message: revision.message,
      statements: facts?.statements ?? [],
      tables: [],
      warnings: [],
      seconds: (facts?.duration ?? .zero) / .seconds(1)
    )
  }
}
