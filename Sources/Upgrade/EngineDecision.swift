package import AlembicScripts
internal import DurableFiles
package import Revisions

/// Which engine an upgrade needs, decided from the scripts of its plan and from env.py alone, with the reason for each.
///
/// What is installed here or there plays no part: the same scripts are run the same way on every machine.
package struct EngineDecision: Sendable {
  /// What one script needs.
  package struct Script: Sendable {
    /// Its revision.
    package var revision: String
    /// Its file.
    package var path: String
    /// The first construct that the native engine does not know; nil if it knows all.
    package var refusal: ScriptError?
  }

  /// What of env.py the native engine cannot stand for; nil if it can.
  package var environment: ScriptError?
  /// The scripts of the plan, in order.
  package var scripts: [Script]

  /// Decides.
  ///
  /// - Parameters:
  ///   - plan: The plan.
  ///   - directory: Its scripts.
  ///   - environment: What of env.py the native engine cannot stand for.
  package init(_ plan: Plan, in directory: ScriptDirectory, environment: ScriptError?) {
    self.environment = environment
    scripts = plan.steps.map { step in
      Script(
        revision: step.revision.id,
        path: step.revision.location.path,
        refusal: directory.refusal(of: step.revision.id)
      )
    }
  }

  /// Why the project's own alembic is needed; nil if it is not.
  package var refusal: ScriptError? { environment ?? scripts.lazy.compactMap(\.refusal).first }

  /// The reason for the choice, as a clause.
  package var reason: String {
    guard let refusal else {
      let count = scripts.count == 1 ? "the script" : "the \(scripts.count) scripts"
      return "env.py and \(count) are understood without Python"
    }
    return Self.clause(refusal)
  }

  /// A refusal with its place, as a clause.
  ///
  /// - Parameter refusal: The refusal.
  /// - Returns: The clause, on one line.
  package static func clause(_ refusal: ScriptError) -> String {
    let place = refusal.location.map { "\($0.path):\($0.line):\($0.column): " } ?? ""
    return "\(place)\(refusal)".shownOnOneLine
  }
}

extension UpgradeRunner {
  /// Decides which engine the upgrade needs, as the database is now; it is only read.
  ///
  /// - Parameter environment: What of env.py the native engine cannot stand for.
  /// - Returns: The decision.
  /// - Throws: `UpgradeFailure`, `RevisionError`.
  package func decision(environment: ScriptError?) throws -> EngineDecision {
    let rows: [String]
    if let status = try FileStatus.ifPresent(request.database) {
      try DatabaseFile.check(status, path: request.database)
      rows = try foreseenRows()
    } else {
      rows = []
    }
    let plan = try request.work.plan(request.scripts.graph, rows: rows)
    return EngineDecision(plan, in: request.scripts, environment: environment)
  }
}
