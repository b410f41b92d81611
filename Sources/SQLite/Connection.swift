internal import CSQLite
internal import Stopping

/// A connection to one SQLite database, used by one owner at a time.
///
/// It opens exactly the file that is named (no URI is read out of a name), and creates one only when asked to.
package final class Connection {
  /// How a database is opened.
  package enum Mode: Hashable, Sendable {
    /// For reading; the file must exist.
    case readOnly
    /// For reading and writing; the file must exist.
    case readWrite
    /// For reading and writing; the file is created if it does not exist.
    case create
  }

  /// The path the database was opened by.
  package let path: String
  let handle: OpaquePointer
  private(set) var isClosed = false
  // What the authorizer asks, kept alive for as long as SQLite may call it.
  var authorizer: AuthorizerBox?
  // What SQLite asks while a lock is in the way and while a statement runs, kept alive as well.
  let lockWait: LockWait
  // Breaks off what only looks at SQLite's own flag: a check of a whole tree, the counting of one.
  var interruption: StopSwitch.Observation?

  /// Opens a database.
  ///
  /// - Parameters:
  ///   - path: The file. A name without a slash is taken from the working directory, whatever its characters are.
  ///   - mode: For what, and whether it may be created.
  ///   - busyTimeout: How long to wait for a lock before `SQLITE_BUSY`, which is then thrown with `waited`.
  /// - Throws: `SQLiteError`.
  package convenience init(
    opening path: String,
    mode: Mode,
    busyTimeout: Duration = .seconds(5)
  ) throws(SQLiteError) {
    // "file:x" and ":memory:" have a meaning for SQLite; with a directory in front they are only names.
    let name = path.hasPrefix("/") ? path : "./" + path
    try self.init(name: name, path: path, mode: mode, fileSystem: nil, busyTimeout: busyTimeout)
  }

  /// Opens a temporary database in memory.
  ///
  /// - Returns: The connection.
  /// - Throws: `SQLiteError`.
  package static func inMemory() throws(SQLiteError) -> Connection {
    try Connection(
      name: ":memory:",
      path: ":memory:",
      mode: .create,
      fileSystem: nil,
      busyTimeout: .zero
    )
  }

  init(
    name: String,
    path: String,
    mode: Mode,
    fileSystem: String?,
    busyTimeout: Duration
  ) throws(SQLiteError) {
    guard !name.utf8.contains(0) else {
      throw SQLiteError(extendedCode: .cannotOpen, message: "the name contains a NUL character")
    }
    let access =
      switch mode {
      case .readOnly: SQLITE_OPEN_READONLY
      case .readWrite: SQLITE_OPEN_READWRITE
      case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      }
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(name, &opened, access | SQLITE_OPEN_EXRESCODE, fileSystem)
    guard code == SQLITE_OK, let opened else {
      // SQLite hands out a handle even on failure, to ask the message from.
      let error = opened == nil ? SQLiteError(code: code) : SQLiteError(of: opened)
      sqlite3_close(opened)
      throw error
    }
    handle = opened
    self.path = path
    lockWait = LockWait(limit: busyTimeout, stop: StopSwitch.current)
    installHandlers()
  }

  deinit {
    interruption?.end()
    // The owner closes and sees the error; this is for paths on which another error is already thrown.
    if !isClosed { sqlite3_close_v2(handle) }
  }

  /// The version of the SQLite library that this program runs with.
  package static var libraryVersion: String { String(cString: sqlite3_libversion()) }

  /// Closes the connection.
  ///
  /// - Throws: `SQLiteError`, for example when a statement is still alive.
  package func close() throws(SQLiteError) {
    guard !isClosed else { return }
    // Nobody may reach for the handle any more.
    interruption?.end()
    guard sqlite3_close(handle) == SQLITE_OK else { throw failure() }
    isClosed = true
  }

  /// Prepares the first statement of a text.
  ///
  /// - Parameter sql: The text.
  /// - Returns: The statement; what follows it is in its `tail`.
  /// - Throws: `SQLiteError`.
  package func prepare(_ sql: String) throws(SQLiteError) -> Statement {
    try Statement(sql, on: self)
  }

  /// Executes one statement and throws its rows away.
  ///
  /// - Parameters:
  ///   - sql: One statement.
  ///   - values: The values of its parameters.
  /// - Returns: How many rows it inserted, changed or deleted; meaningless for other statements.
  /// - Throws: `SQLiteError`.
  @discardableResult
  package func execute(_ sql: String, _ values: [Value] = []) throws(SQLiteError) -> Int {
    let statement = try prepare(sql)
    try statement.bind(values)
    while try statement.step() {}
    return Int(sqlite3_changes64(handle))
  }

  /// Reads all rows of one statement into memory.
  ///
  /// - Parameters:
  ///   - sql: One statement.
  ///   - values: The values of its parameters.
  /// - Returns: The rows.
  /// - Throws: `SQLiteError`.
  package func query(_ sql: String, _ values: [Value] = []) throws(SQLiteError) -> [[Value]] {
    let statement = try prepare(sql)
    try statement.bind(values)
    var rows: [[Value]] = []
    while try statement.step() { rows.append(statement.row) }
    return rows
  }

  /// Reads the first column of the first row.
  ///
  /// - Parameters:
  ///   - sql: One statement.
  ///   - values: The values of its parameters.
  /// - Returns: The value; nil if there is no row.
  /// - Throws: `SQLiteError`.
  package func value(_ sql: String, _ values: [Value] = []) throws(SQLiteError) -> Value? {
    let statement = try prepare(sql)
    try statement.bind(values)
    return try statement.step() ? statement.row.first : nil
  }
}

@available(*, unavailable, message: "a connection belongs to one owner; open a second one instead")
extension Connection: Sendable {}
