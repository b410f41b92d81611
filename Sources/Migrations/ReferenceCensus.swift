internal import SQLite

/// One column whose foreign key says ON DELETE SET NULL or SET DEFAULT: what a rebuild of the table that it refers to would
/// change in it while foreign keys are on.
struct ReferenceCensus {
  /// The column.
  var name: String
  /// Its declared type, in upper case.
  var type: String
  /// The table that it refers to.
  var parent: String
  /// How many rows have a value.
  var filled: Int64
  /// A sum over all values, for SET DEFAULT; compared within one run of the program only.
  var digest: UInt64?

  /// Counts all such columns of a table.
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - connection: The database.
  /// - Returns: The columns by name.
  /// - Throws: `SQLiteError`.
  static func all(
    of table: String,
    _ connection: Connection
  ) throws(SQLiteError) -> [TableKey: ReferenceCensus] {
    let quoted = Connection.quoted(table)
    // Columns: id, seq, table, from, to, on_update, on_delete, match.
    let keys = try connection.query("PRAGMA main.foreign_key_list(\(quoted))").filter {
      ["SET NULL", "SET DEFAULT"].contains($0[6].textValue ?? "")
    }
    guard !keys.isEmpty else { return [:] }
    var types: [TableKey: String] = [:]
    for column in try connection.query("PRAGMA main.table_xinfo(\(quoted))") {
      types[TableKey(column[1].textValue ?? "")] = column[2].textValue?.uppercased()
    }
    var found: [TableKey: ReferenceCensus] = [:]
    for key in keys {
      guard let parent = key[2].textValue, let name = key[3].textValue else { continue }
      let source = "\(Connection.quoted(name))) FROM main.\(quoted)"
      let count = try connection.value("SELECT count(\(source)")
      found[TableKey(name)] = ReferenceCensus(
        name: name,
        type: types[TableKey(name)] ?? "",
        parent: parent,
        filled: count?.integerValue ?? 0,
        digest: key[6].textValue == "SET DEFAULT"
          ? try sum(connection.prepare("SELECT (\(source)")) : nil
      )
    }
    return found
  }

  private static func sum(_ statement: Statement) throws(SQLiteError) -> UInt64 {
    var sum: UInt64 = 0
    while try statement.step() {
      var hasher = Hasher()
      statement.hash(column: 0, into: &hasher)
      sum &+= UInt64(bitPattern: Int64(hasher.finalize()))
    }
    return sum
  }
}
