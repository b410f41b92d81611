/// Runs the `upgrade` or the `downgrade` function of one script against a database.
package enum ScriptRunner {
  /// Runs the function.
  ///
  /// - Parameters:
  ///   - function: `upgrade` or `downgrade`.
  ///   - script: The script; it was checked before.
  ///   - actions: What `op` acts on.
  /// - Throws: `ScriptError` with the place where the script raised; what the actions threw, as it is.
  package static func run(
    _ function: String = "upgrade",
    of script: Script,
    actions: any MigrationActions
  ) throws {
    let evaluator = Evaluator(
      path: script.path,
      module: script.module,
      context: MigrationContext(actions, metadata: script.metadata),
      project: script.project
    )
    evaluator.loadModule()
    if let refusal = evaluator.moduleRefusal { throw refusal }
    try evaluator.callFunction(function)
  }
}
