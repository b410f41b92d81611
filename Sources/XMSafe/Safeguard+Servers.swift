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
    let remarks = Remarks()
    client.notice = { text in
      if remarks.isNew(text) { context.logger("xm_safe.server").warning("\(text)") }
    }
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
    try locking(work, command) { hold, _, _ in try body(hold) }
  }

  /// The same, for a body that hands on the lock that holds on this machine, or asks what a killed run had left.
  func locking<Result>(
    _ work: ServerWork,
    _ command: String,
    _ body: (any ServerHold, KernelLock, ServerRecovery) throws -> Result
  ) throws -> Result {
    let lock = try lock(work.store, for: work.key, command)
    defer { lock.release() }
    let hold = try hold(work)
    defer { hold.release() }
    let recovery = try recover(work, command)
    return try body(hold, lock, recovery)
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

  /// What puts snapshots back.
  func restorer(_ work: ServerWork) -> ServerRestorer {
    ServerRestorer(work.server, store: work.store, progress: progress) {
      context.logger("xm_safe.restore").warning("\($0)")
    }
  }

  /// Takes a snapshot on which something else relies.
  ///
  /// - Throws: What `save` throws; for `NotDurable` its cause, since what may not survive a power cut has not been saved.
  func take(
    _ reason: Manifest.Reason,
    _ work: ServerWork,
    target: [String]? = nil
  ) throws -> ServerSnapshotTaker.Taken {
    do { return try save(reason, work, target: target) } catch let error as NotDurable {
      throw error.cause
    }
  }

  /// Takes a snapshot for its own sake.
  func save(
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
}
