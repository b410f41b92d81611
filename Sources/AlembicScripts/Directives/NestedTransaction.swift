internal import Revisions
internal import Schema

/// What `connection.begin_nested()` gives: a savepoint, which is ended by hand, or by the `with` that it is given to.
///
/// Only the innermost one is ended: what SQLAlchemy does with the others then, it does after an error or a warning. One that is left
/// open at the end of the script is kept, as by alembic, which commits the transaction around it.
final class NestedTransaction: PythonContextManager {
  /// The names of its attributes.
  static let names = Set(directives.keys).union(["is_active", "is_valid"])

  private let context: MigrationContext
  private let location: Revision.Location
  /// How many savepoints were open with it.
  private let level: Int
  private var isActive = true
  private var isEntered = false

  init(_ context: MigrationContext, _ location: Revision.Location) throws {
    try ActionFailure.located(at: location) { try context.actions.beginSavepoint() }
    context.openSavepoints += 1
    self.context = context
    self.location = location
    level = context.openSavepoints
  }

  var typeName: String { "NestedTransaction" }

  func attribute(_ name: String) -> PythonValue? {
    switch name {
    case "is_active", "is_valid": .boolean(isActive)
    default: Self.directives[name]?.value(on: self)
    }
  }

  func enter() -> PythonValue { .object(self) }
  func leave() throws { try end(keepsChanges: true, location) }

  func run(_ body: (PythonValue) throws -> Evaluator.Flow) throws -> Evaluator.Flow {
    guard isActive, !isEntered else {
      throw ScriptError.notRead("'with' of a savepoint that has ended is not read", at: location)
    }
    isEntered = true
    let flow: Evaluator.Flow
    do {
      flow = try body(enter())
    } catch {
      // After what no script catches the whole revision is undone, whatever is open in it.
      if Raised(error) != nil { try end(keepsChanges: false, location) }
      throw error
    }
    try leave()
    return flow
  }

  private static let directives = Directive<NestedTransaction>.table([
    Directive("savepoint.commit") { arguments, savepoint in
      guard savepoint.isActive else {
        throw ScriptError(
          .raised("InvalidRequestError"),
          "This nested transaction is inactive",
          at: arguments.location
        )
      }
      try savepoint.endByHand(keepsChanges: true, arguments.location)
      return .none
    },
    Directive("savepoint.rollback") { arguments, savepoint in
      if savepoint.isActive { try savepoint.endByHand(keepsChanges: false, arguments.location) }
      return .none
    },
    Directive("savepoint.close") { arguments, savepoint in
      if savepoint.isActive { try savepoint.endByHand(keepsChanges: false, arguments.location) }
      return .none
    },
  ])

  private func endByHand(keepsChanges: Bool, _ location: Revision.Location) throws {
    // SQLAlchemy refuses every statement until the block is left.
    guard !isEntered else {
      throw ScriptError.notRead(
        "ending a savepoint inside of the 'with' that ends it is not read",
        at: location
      )
    }
    try end(keepsChanges: keepsChanges, location)
  }

  private func end(keepsChanges: Bool, _ location: Revision.Location) throws {
    guard level == context.openSavepoints else {
      throw ScriptError.notRead(
        "ending a savepoint before those that were opened in it is not read",
        at: location
      )
    }
    do {
      try context.actions.endSavepoint(keepsChanges: keepsChanges)
    } catch let error as any DatabaseFailure where error.exceptionName != nil {
      // Nothing that SQLAlchemy goes on from.
      throw ScriptError.notRead("the savepoint could not be ended: \(error)", at: location)
    }
    isActive = false
    context.openSavepoints -= 1
  }
}
