internal import Archive
internal import DatabaseURLs
internal import DurableFiles
internal import Logging
internal import Migrations
internal import Servers
internal import Snapshots
internal import Stopping
internal import XManager

/// What a command works with when its database is on a server.
struct ServerWork {
  /// The database.
  let server: any DatabaseServer
  /// Where its snapshots are.
  let store: Store
  /// What its snapshots are known by.
  let key: String
  /// What leads to a database on Cloud SQL, for as long as this lives.
  let proxy: CloudSQLProxy?
}

/// What commands on a server's database begin with.
extension Safeguard {
  /// The work on a server's database; nil if the command's database is a file.
  func serverWork() throws -> ServerWork? {
    guard case .server(let address) = try project.location() else { return nil }
    let key = address.identity
    let place = try project.store(for: key)
    // The default store is two levels below the home directory.
    try place.files.makeDirectory(FileSystem.directory(of: place.path))
    try place.create()
    let proxy = try project.proxy(to: address)
    return ServerWork(
      server: try server(proxy?.address ?? address, in: place),
      store: try store(for: key),
      key: key,
      proxy: proxy
    )
  }

  private func server(_ address: ServerAddress, in store: Store) throws -> any DatabaseServer {
    let client = ServerClient(
      try project.completed(address),
      environment: context.environment,
      directory: store.path,
      lockTimeout: options.busyTimeout,
      files: store.files
    )
    let versionTable = try project.versionTable().name
    switch address.dialect {
    case .postgresql: return PostgresServer(client, versionTable: versionTable)
    case .mysql: return MariaDBServer(client, versionTable: versionTable)
    }
  }

  /// Runs a body while no other xm-safe works on the database: not here, and not from another machine.
  func holding<Result>(
    _ work: ServerWork,
    _ command: String,
    _ body: (any ServerHold) throws -> Result
  ) throws -> Result {
    try locking(work, command) { hold, _ in try body(hold) }
  }

  /// The same, for a body that hands on the lock that holds on this machine.
  func locking<Result>(
    _ work: ServerWork,
    _ command: String,
    _ body: (any ServerHold, KernelLock) throws -> Result
  ) throws -> Result {
    let lock = try lock(work.store, for: work.key, command)
    defer { lock.release() }
    let hold = try hold(work)
    defer { hold.release() }
    try recover(work, command)
    return try body(hold, lock)
  }

  private func hold(_ work: ServerWork) throws -> any ServerHold {
    // The connection of a program that was killed lives on for a moment.
    let deadline = ContinuousClock.now + max(options.wait, .seconds(2))
    while true {
      do {
        return try work.server.hold()
      } catch let error as ServerError
        where error.code == .locked && ContinuousClock.now < deadline
      {
        try StopSwitch.check()
        work.server.pause()
      }
    }
  }

  func take(
    _ reason: Manifest.Reason,
    _ work: ServerWork,
    level: Int? = nil,
    target: [String]? = nil
  ) throws -> ServerSnapshotTaker.Taken {
    var request = ServerSnapshotTaker.Request(
      reason: reason,
      target: target,
      created: context.now(),
      tool: Self.version
    )
    if let level { request.level = level }
    let taken = try ServerSnapshotTaker(work.server, store: work.store, progress: progress)
      .take(request)
    logSaved(taken.snapshot)
    return taken
  }

  /// Deals with what a killed run has left, and says so.
  private func recover(_ work: ServerWork, _ command: String) throws {
    let logger = context.logger("xm_safe.recover")
    let shown = work.server.client.shown
    let restorer = ServerRestorer(work.server, store: work.store, progress: progress)
    switch try restorer.recover(saving: { try take(.preRestore, work) }) {
    case .nothing: break
    case .before: logger.warning("A run was killed: \(shown) is exactly as it was before")
    case .after:
      logger.warning("A run was killed that had come to its end: \(shown) is as it was to be")
    case .restored(let id):
      logger.warning("A run was killed in the middle: snapshot \(id) of \(shown) was put back now")
    case .undecided(let note):
      let guardian = (note.guardian ?? "").shownOnOneLine
      let id = note.snapshot.shownOnOneLine
      let ways =
        "'xm-safe restore \(id)' puts back what was before, and saves what is there now; 'xm-safe undo' after that brings this back, if it is to be kept"
      logger.warning(
        "\(guardian) did not get to its end: what its command has done to \(shown) was not checked; \(ways)"
      )
      // The snapshot from before a second change would be one of what may be half done.
      guard !["upgrade", "run"].contains(command) else {
        throw Failure(
          .refused,
          "\(guardian) was killed while the command that it guarded was changing \(shown), and nobody has decided about what it has left",
          next: ways
        )
      }
    }
  }
}
