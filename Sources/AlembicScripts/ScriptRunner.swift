/// Checks and runs the `upgrade` or the `downgrade` function of one script.
package enum ScriptRunner {
  /// Refuses what cannot be run of the script, before anything is.
  ///
  /// - Parameters:
  ///   - function: `upgrade` or `downgrade`.
  ///   - script: The script.
  ///   - limits: What the check may take.
  /// - Returns: The files of the project that it takes something of.
  /// - Throws: `ScriptError` with the place.
  @discardableResult
  package static func check(
    _ function: String = "upgrade",
    of script: Script,
    limits: RunLimits = RunLimits()
  ) throws(ScriptError) -> Set<String> {
    let check = ScriptCheck(script, limits: limits)
    try check.check(function: function)
    return check.evaluator.modules.files
  }

  /// Runs the function.
  ///
  /// - Parameters:
  ///   - function: `upgrade` or `downgrade`.
  ///   - script: The script; it was checked before.
  ///   - actions: What `op` acts on.
  ///   - limits: What the run may take.
  /// - Throws: `ScriptError` with the place where the script raised, or where it met a limit; what the actions threw, as it is.
  package static func run(
    _ function: String = "upgrade",
    of script: Script,
    actions: any MigrationActions,
    limits: RunLimits = RunLimits()
  ) throws {
    let evaluator = Evaluator(
      path: script.path,
      module: script.module,
      context: MigrationContext(actions, metadata: script.metadata),
      project: script.project,
      limits: limits
    )
    defer { evaluator.close() }
    evaluator.loadModule()
    if let refusal = evaluator.moduleRefusal { throw refusal }
    try evaluator.callFunction(function)
  }
}
