internal import Revisions
internal import Schema

/// What `with op.batch_alter_table(...) as batch_op` hands out: changes are queued and applied together at the end.
final class BatchObject: PythonContextManager {
  let context: MigrationContext
  private(set) var batch: BatchAlteration
  private let location: Revision.Location

  init(_ batch: BatchAlteration, _ context: MigrationContext, _ location: Revision.Location) {
    self.batch = batch
    self.context = context
    self.location = location
  }

  var typeName: String { "batch_op" }
  var table: String { batch.table }

  /// Queues a change.
  func queue(_ change: BatchChange, _ arguments: BoundArguments) throws {
    batch.changes.append(change)
    // alembic complains where the column is queued, not where the block ends.
    do { _ = try batch.needsRebuild() } catch {
      throw Evaluator.scriptError(error, at: arguments.location)
    }
  }

  /// A constraint with the name that the project's convention gives to it.
  func named(_ constraint: Constraint, _ arguments: BoundArguments) throws -> Constraint {
    guard constraint.name == nil || !constraint.isNameFinal else { return constraint }
    let convention = try context.convention()
    return try ScriptError.located(at: arguments.location) {
      var constraint = constraint
      constraint.name = try convention.name(of: constraint, in: table)
      return constraint
    }
  }

  /// The name of a constraint to be dropped: what a convention makes of a name, it makes of this one too.
  func name(
    _ name: String?,
    _ isFinal: Bool,
    _ type: String?,
    _ arguments: BoundArguments
  ) throws -> String {
    guard let name else { return "" }
    let kind: Constraint.Kind
    switch type {
    case "check": kind = .check("")
    case "unique": kind = .unique([])
    case "primary": kind = .primaryKey([])
    case "foreignkey": kind = .foreignKey(columns: [], ForeignKey(table: "", columns: []))
    // Without a type alembic does not know whose template it would be.
    default: return name
    }
    var constraint = Constraint(kind, name: name)
    constraint.isNameFinal = isFinal
    return try named(constraint, arguments).name ?? name
  }

  func enter() -> PythonValue { .object(self) }

  func leave() throws {
    try ActionFailure.located(at: location) { try context.actions.perform(.batch(batch)) }
  }

  func attribute(_ name: String) -> PythonValue? { BatchDirectives.all[name]?.value(on: self) }
}
