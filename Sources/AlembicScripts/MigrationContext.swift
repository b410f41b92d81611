internal import Schema

/// What the scripts of one run share: the database that they act on, and the names that env.py gives to constraints.
final class MigrationContext {
  /// The database.
  let actions: any MigrationActions
  /// How many savepoints the script has opened and not ended.
  var openSavepoints = 0
  private let metadata: TargetMetadata?
  private var known: NamingConvention?

  init(_ actions: any MigrationActions, metadata: TargetMetadata?) {
    self.actions = actions
    self.metadata = metadata
  }

  /// The naming convention of `target_metadata` in env.py.
  ///
  /// - Throws: `ScriptError` if it cannot be told what it is.
  func convention() throws(ScriptError) -> NamingConvention {
    if let known { return known }
    let convention = try metadata?.convention() ?? NamingConvention()
    known = convention
    return convention
  }

  /// Performs an operation; its errors get the place of the call.
  func perform(_ operation: Operation, at arguments: BoundArguments) throws {
    try ActionFailure.located(at: arguments.location) { try actions.perform(operation) }
  }
}
