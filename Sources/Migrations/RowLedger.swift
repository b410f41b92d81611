internal import SQLite

/// How many rows each ordinary table has, kept up to date from revision to revision by counting only what was touched.
///
/// Virtual tables and the shadow tables under them are left out: a full-text index shrinks by itself when it merges, and
/// what it holds comes from other tables.
struct RowLedger {
  private(set) var counts: [TableKey: (name: String, rows: Int64)] = [:]
  private(set) var digests: [TableKey: TableDigest] = [:]
  /// The references that a foreign key's action may change, by table and column.
  private(set) var references: [TableKey: [TableKey: ReferenceCensus]] = [:]
  private let ignored: TableKey
  private let isDigesting: Bool
  private let isWatchingReferences: Bool

  /// Counts everything once, or takes what is known.
  ///
  /// - Parameters:
  ///   - connection: The database.
  ///   - versionTable: The version table, which is not counted: its rows come and go by design.
  ///   - known: The counts of the same state, if somebody has counted already.
  ///   - isDigesting: Whether to digest the columns as well.
  ///   - isWatchingReferences: Whether to count what a foreign key's action may change as well.
  /// - Throws: `SQLiteError`.
  init(
    _ connection: Connection,
    versionTable: String,
    known: [String: Int64]? = nil,
    isDigesting: Bool = false,
    isWatchingReferences: Bool = false
  ) throws {
    ignored = TableKey(versionTable)
    self.isDigesting = isDigesting
    self.isWatchingReferences = isWatchingReferences
    for name in try tables(connection) {
      try count(name, connection, known: known?[name])
    }
  }

  /// Counts again what was touched.
  ///
  /// - Parameters:
  ///   - touched: The tables that may have changed; all others have what they had.
  ///   - connection: The database.
  /// - Throws: `SQLiteError`.
  mutating func update(_ touched: Set<TableKey>, _ connection: Connection) throws {
    for key in touched {
      counts[key] = nil
      digests[key] = nil
      references[key] = nil
    }
    for name in try tables(connection) where touched.contains(TableKey(name)) {
      try count(name, connection, known: nil)
    }
  }

  /// The same with nothing but numbers of rows: the rest nobody can keep up to date from outside.
  var countsAlone: Self {
    var ledger = self
    ledger.digests = [:]
    ledger.references = [:]
    return ledger
  }

  /// Takes counts that somebody else has made.
  ///
  /// - Parameters:
  ///   - touched: The tables that may have changed; one of them that is not counted is gone.
  ///   - rows: The rows of those that are there.
  /// - Returns: The tables whose number of rows is another one now, or that have come or gone.
  mutating func take(touched: [String], rows: [String: Int64]) -> Set<TableKey> {
    let before = counts
    for name in touched { counts[TableKey(name)] = nil }
    for (name, number) in rows where TableKey(name) != ignored {
      counts[TableKey(name)] = (name, number)
    }
    return Set(before.keys).union(counts.keys).filter { before[$0]?.rows != counts[$0]?.rows }
  }

  private mutating func count(
    _ name: String,
    _ connection: Connection,
    known: Int64?
  ) throws {
    let key = TableKey(name)
    let sql = "SELECT count(*) FROM main.\(Connection.quoted(name))"
    counts[key] = (name, try known ?? connection.value(sql)?.integerValue ?? 0)
    if isDigesting { digests[key] = try TableDigest(of: name, connection) }
    guard isWatchingReferences else { return }
    let found = try ReferenceCensus.all(of: name, connection)
    if !found.isEmpty { references[key] = found }
  }

  private func tables(_ connection: Connection) throws(SQLiteError) -> [String] {
    let statement = try connection.prepare("PRAGMA main.table_list")
    let columns = statement.columnNames
    guard let nameAt = columns.firstIndex(of: "name"), let typeAt = columns.firstIndex(of: "type")
    else { return try connection.tableNames().filter { TableKey($0) != ignored } }
    var names: [String] = []
    while try statement.step() {
      let row = statement.row
      guard row[typeAt].textValue == "table", let name = row[nameAt].textValue else { continue }
      if !name.lowercased().hasPrefix("sqlite_"), TableKey(name) != ignored { names.append(name) }
    }
    return names
  }
}
