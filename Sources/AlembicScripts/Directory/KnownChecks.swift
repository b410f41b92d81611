internal import Revisions
internal import Synchronization

/// What the checks of a directory's scripts have found: the choice of the engine asks for it, and so does each plan of a run.
final class KnownChecks: Sendable {
  private struct Key: Hashable {
    var revision: String
    var function: String
  }

  private let known = Mutex<[Key: Result<Set<String>, ScriptError>]>([:])

  /// Refuses what cannot be run of a script, which is found out once.
  ///
  /// - Parameters:
  ///   - function: `upgrade` or `downgrade`.
  ///   - script: The script.
  /// - Returns: The files of the project that it takes something of.
  /// - Throws: `ScriptError` with the place.
  func check(_ function: String, of script: Script) throws(ScriptError) -> Set<String> {
    let key = Key(revision: script.revision.id, function: function)
    if let outcome = known.withLock({ $0[key] }) { return try outcome.get() }
    let outcome = Result { () throws(ScriptError) in
      try ScriptRunner.check(function, of: script)
    }
    known.withLock { $0[key] = outcome }
    return try outcome.get()
  }
}
