package import Jobs
internal import Snapshots

/// What surrounds a command that does something: hooks, and the numbers of its store.
extension Safeguard {
  /// Runs a hook before a command.
  ///
  /// - Parameter hook: The hook.
  /// - Throws: `Failure` if it fails: nothing must be done then.
  package func runBefore(_ hook: Hook) throws(Failure) {
    try failing {
      do {
        try hook.run(context.environment, in: context.workingDirectory)
      } catch let error as HookError {
        throw Failure(
          .refused,
          error.description,
          next: "see what the hook says; correct what it objects to, or leave --hook-before out"
        )
      }
    }
  }

  /// Runs a hook after a command; not even a stop keeps it from it.
  ///
  /// - Parameter hook: The hook.
  /// - Returns: What is to be said of its failure; nil if it did its work.
  package func runAfter(_ hook: Hook) -> String? {
    do {
      try hook.run(context.environment, in: context.workingDirectory)
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// The numbers of a store's snapshots and runs.
  ///
  /// - Parameters:
  ///   - store: The store; nil if there is none.
  ///   - last: The run that ends now.
  /// - Returns: The numbers.
  /// - Throws: `Failure`.
  package func metrics(_ store: String?, last: RunRecord) throws(Failure) -> Metrics {
    try failing {
      let log = store.map { RunLog($0) }
      let kept = try log?.runs().filter { $0.id != last.id } ?? []
      let snapshots = try store.map { try facts(of: $0) } ?? []
      return Metrics(runs: kept + [last], snapshots: snapshots, version: Self.version)
    }
  }
}

extension Safeguard {
  private func facts(of path: String) throws -> [Metrics.Snapshot] {
    let store = Store(path: path)
    return try records(try store.catalogue().snapshots, in: store).map {
      Metrics.Snapshot(
        database: $0.database,
        created: $0.created,
        archiveSize: $0.archiveSize,
        databaseSize: $0.databaseSize,
        isDamaged: $0.damaged != nil
      )
    }
  }
}
