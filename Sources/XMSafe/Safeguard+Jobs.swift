internal import DurableFiles
package import Jobs
internal import Snapshots
internal import Stopping

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
          Self.withoutPassword(error.description),
          next: "see what the hook says; correct what it objects to, or leave --hook-before out"
        )
      }
    }
  }

  /// Tells a monitor; a wish to stop does not wait for one that hangs.
  ///
  /// - Parameters:
  ///   - url: Where the monitor is.
  ///   - signal: What it is told.
  /// - Returns: Why it did not arrive, as a sentence; nil if it did.
  package func ping(_ url: String, _ signal: Ping.Signal) -> String? {
    switch signal {
    case .start:
      StopSwitch.$current.withValue(context.cancellation.stop) {
        Ping(url).send(signal, context.environment)
      }
    case .end: afterwards { Ping(url).send(signal, context.environment) }
    }
  }

  /// Runs what comes after a command: a wish to stop ends that alone, since nothing is left that could be rolled back.
  private func afterwards<Result>(_ body: () throws -> Result) rethrows -> Result {
    let own = StopSwitch()
    @Sendable func end(_ wish: StopSwitch.Wish) { own.stop(signal: wish.signal) }
    return try context.cancellation.stop.handingOn(to: end) {
      try StopSwitch.$current.withValue(own, operation: body)
    }
  }

  /// Runs a hook after a command; that the command was stopped does not keep it from it, but another wish to stop ends it.
  ///
  /// - Parameter hook: The hook.
  /// - Returns: What is to be said of its failure, without the password of a URL in it; nil if it did its work.
  package func runAfter(_ hook: Hook) -> String? {
    do {
      try afterwards { try hook.run(context.environment, in: context.workingDirectory) }
      return nil
    } catch let stopped as Stopped {
      let error = HookError(hook: hook, reason: "was ended (\(stopped))")
      return Self.withoutPassword(error.description)
    } catch {
      return Self.withoutPassword("\(error)")
    }
  }

  /// Refuses a file for numbers that holds something else.
  ///
  /// - Parameter path: The file.
  /// - Throws: `Failure`.
  package func requireReplaceable(metrics path: String) throws(Failure) {
    try failing {
      do {
        try refusingForeign(project.absolute(path), Metrics.kind, option: "--metrics-file")
      } catch is FileError {
        // A place that cannot be looked at cannot be written to either, which is only warned of.
      }
    }
  }

  /// Whose numbers a file has that are about to be replaced by those of others.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - metrics: What is written into it.
  /// - Returns: The databases.
  /// - Throws: `Failure` if the file cannot be read.
  package func databases(
    lostFrom path: String,
    to metrics: Metrics
  ) throws(Failure) -> [String] {
    try failing {
      let path = project.absolute(path)
      guard try FileStatus.ifPresent(path) != nil else { return [] }
      let earlier = try ReadableFile.contents(of: path, limit: 1 << 24)
      return metrics.databases(lostFrom: String(decoding: earlier, as: UTF8.self))
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
