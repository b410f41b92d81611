internal import AlembicHelper
internal import SQLite
internal import Schema

/// The schema of a database as text, kept up to date from what the helper tells: the database itself is in its hands.
struct SchemaImage {
  private struct Name: Hashable {
    var kind: String
    var name: String
  }

  private struct Object {
    var table: String
    var sql: String
    /// Its place among the others, as in the schema.
    var place: Int
  }

  private var objects: [Name: Object] = [:]
  private var count = 0
  /// For every table that AUTOINCREMENT counts for: the last key that it gave, and the greatest of a row.
  private var counters: [TableKey: [Int64]] = [:]

  /// Reads a database.
  init(_ connection: Connection) throws(SQLiteError) {
    let rows = try connection.query(
      "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"
    )
    for row in rows {
      guard let kind = row[0].textValue, let name = row[1].textValue,
        let table = row[2].textValue, let sql = row[3].textValue
      else { continue }
      add(kind, name, of: table, sql)
    }
    guard rows.contains(where: { $0[1].textValue == "sqlite_sequence" }) else { return }
    for row in try connection.query("SELECT name, seq FROM sqlite_sequence") {
      guard let name = row[0].textValue, case .integer(let sequence) = row[1],
        objects[Name(kind: "table", name: name)] != nil
      else { continue }
      let last = try connection.value("SELECT max(rowid) FROM main.\(Connection.quoted(name))")
      counters[TableKey(name)] = [sequence, last?.integerValue ?? 0]
    }
  }

  /// The statements that have created the views of a database.
  static func views(_ connection: Connection) throws(SQLiteError) -> [String] {
    try connection.query("SELECT sql FROM main.sqlite_schema WHERE type = 'view'")
      .compactMap { $0.first?.textValue }
  }

  /// The statements that have created the views.
  var views: [String] { objects.filter { $0.key.kind == "view" }.map(\.value.sql) }

  /// Takes what a revision has changed.
  mutating func take(_ change: HelperEvent.SchemaChange) {
    for object in change.gone where object.count == 2 {
      objects[Name(kind: object[0], name: object[1])] = nil
    }
    for object in change.new where object.count == 4 {
      add(object[0], object[1], of: object[2], object[3])
    }
    counters = Dictionary(change.counters.map { (TableKey($0.key), $0.value) }) { first, _ in
      first
    }
  }

  private mutating func add(_ kind: String, _ name: String, of table: String, _ sql: String) {
    objects[Name(kind: kind, name: name)] = Object(table: table, sql: sql, place: count)
    count += 1
  }

  /// Tables as reflection sees them.
  ///
  /// - Parameter names: Their names.
  /// - Returns: Those of them that are there.
  /// - Throws: `SQLiteError`, `SchemaError` if one of them cannot be made again in memory.
  func reflected(_ names: [String]) throws -> [TableKey: ReflectedTable] {
    let wanted = Set(names.map(TableKey.init))
    let connection = try Connection.inMemory()
    let ordered = objects.sorted { $0.value.place < $1.value.place }
    for (name, object) in ordered
    where name.kind == "table" && !name.name.hasPrefix("sqlite_") {
      do {
        try connection.execute(object.sql)
      } catch {
        // The others are there for what refers to them.
        guard wanted.contains(TableKey(name.name)) else { continue }
        throw error
      }
    }
    for kind in ["index", "trigger"] {
      for (name, object) in ordered
      where name.kind == kind && wanted.contains(TableKey(object.table)) {
        try connection.execute(object.sql)
      }
    }
    let reflection = TableReflection(connection: connection)
    var tables: [TableKey: ReflectedTable] = [:]
    for name in names {
      do {
        var table = try reflection.table(name)
        if let counter = counters[TableKey(name)], counter.count == 2, table.hasAutoincrement {
          (table.sequence, table.lastKey) = (counter[0], counter[1])
        }
        tables[TableKey(name)] = table
      } catch let error as SchemaError where error.code == .noSuchTable {
        continue
      }
    }
    try connection.close()
    return tables
  }

  /// What the rebuilds of a revision have lost.
  ///
  /// - Parameters:
  ///   - trace: The rebuilds.
  ///   - after: The schema after the revision; this one is from before it.
  ///   - losesNamedChecks: Whether this alembic loses CHECK constraints that have a name.
  /// - Returns: The losses, each with its table's present name.
  /// - Throws: `SQLiteError`, `SchemaError` if that cannot be told.
  func losses(
    of trace: RebuildTrace,
    _ after: SchemaImage,
    losesNamedChecks: Bool
  ) throws -> [(table: String, loss: RebuildLoss)] {
    let rebuilt = trace.tables.sorted { $0.key < $1.key }.map(\.value)
    guard !rebuilt.isEmpty else { return [] }
    let old = try reflected(rebuilt.map(\.original))
    let new = try after.reflected(rebuilt.map(\.present))
    return try rebuilt.flatMap { table -> [(table: String, loss: RebuildLoss)] in
      guard let before = old[TableKey(table.original)], let now = new[TableKey(table.present)]
      else { return [] }
      var observed = RebuildLoss.Observed(before: before, after: now)
      observed.columns = table.columns
      observed.dropped = trace.dropped
      observed.losesNamedChecks = losesNamedChecks
      return try RebuildLoss.seen(in: observed).map { (table.present, $0) }
    }
  }
}
