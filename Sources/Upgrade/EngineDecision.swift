package import AlembicScripts
internal import DurableFiles
package import Revisions

/// Which engine an upgrade or a downgrade needs, decided from the scripts of its plan and from env.py alone, with the reason for each.
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
  /// The scripts that run, in order; none for a stamp.
  package var scripts: [Script]
  /// What is to be done.
  package var plan: Plan

  /// Decides.
  ///
  /// - Parameters:
  ///   - plan: The plan.
  ///   - directory: Its scripts.
  ///   - environment: What of env.py the native engine cannot stand for.
  package init(_ plan: Plan, in directory: ScriptDirectory, environment: ScriptError?) {
    self.environment = environment
    self.plan = plan
    let steps = plan.direction.function == nil ? [] : plan.steps
    scripts = steps.map { step in
      Script(
        revision: step.revision.id,
        path: step.revision.location.path,
        refusal: directory.refusal(of: step.revision.id, in: plan.direction)
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
    EngineDecision(try decide(), in: request.scripts, environment: environment)
  }
}
