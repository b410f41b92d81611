internal import SQLite

/// A digest of every column of one table, independent of the order of the rows.
///
/// Each value is hashed together with the primary key of its row, so that values that change places are seen; and once more
/// without it, for when the key itself changes. The sums are compared within one run of the program only: Swift's hash
/// (SipHash) has another key in every process.
struct TableDigest: Hashable {
  /// One column.
  struct Column: Hashable {
    var name: String
    /// The declared type, in upper case.
    var type: String
    /// The sum over all rows of the hash of key and value.
    var keyed: UInt64 = 0
    /// The sum over all rows of the hash of the value.
    var plain: UInt64 = 0
  }

  private(set) var columns: [TableKey: Column] = [:]
  /// The columns of the primary key, in its order; none if the table has none.
  private(set) var key: [TableKey] = []

  init(of table: String, _ connection: Connection) throws {
    // Columns: cid, name, type, notnull, dflt_value, pk, hidden; what is hidden is computed.
    let found = try connection.query("PRAGMA main.table_xinfo(\(Connection.quoted(table)))").filter
    {
      $0[6] == .integer(0)
    }
    var list = found.map { row in
      Column(name: row[1].textValue ?? "", type: (row[2].textValue ?? "").uppercased())
    }
    let keyPlaces = found.indices.filter { found[$0][5] != .integer(0) }
      .sorted { (found[$0][5].integerValue ?? 0) < (found[$1][5].integerValue ?? 0) }
    key = keyPlaces.map { TableKey(list[$0].name) }
    let names = list.map { Connection.quoted($0.name) }.joined(separator: ", ")
    let statement = try connection.prepare(
      "SELECT \(names) FROM main.\(Connection.quoted(table)) NOT INDEXED"
    )
    while try statement.step() {
      var rowHasher = Hasher()
      for place in keyPlaces { statement.hash(column: place, into: &rowHasher) }
      for place in list.indices {
        var keyed = rowHasher
        var plain = Hasher()
        statement.hash(column: place, into: &keyed)
        statement.hash(column: place, into: &plain)
        list[place].keyed &+= UInt64(bitPattern: Int64(keyed.finalize()))
        list[place].plain &+= UInt64(bitPattern: Int64(plain.finalize()))
      }
    }
    columns = Dictionary(list.map { (TableKey($0.name), $0) }) { first, _ in first }
  }

  /// The first column, by name, whose values are not what they were.
  ///
  /// - Parameters:
  ///   - later: The table afterwards.
  ///   - excused: The columns that were meant to change, here and there.
  /// - Returns: The column's name; nil if all columns that are in both have their values.
  func changedColumn(in later: TableDigest, excused: (Column, Column) -> Bool) -> String? {
    var pairs: [(old: Column, new: Column)] = []
    var isKeyMeant = key != later.key
    for (name, old) in columns.sorted(by: { $0.key < $1.key }) {
      guard let new = later.columns[name] else { continue }
      if excused(old, new) {
        if key.contains(name) { isKeyMeant = true }
      } else {
        pairs.append((old, new))
      }
    }
    return pairs.first { isKeyMeant ? $0.old.plain != $0.new.plain : $0.old.keyed != $0.new.keyed }?
      .old.name
  }
}
