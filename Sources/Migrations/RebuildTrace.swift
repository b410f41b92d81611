internal import Schema

/// The rebuilds of tables among the statements of a revision, by alembic's way of making them.
struct RebuildTrace {
  /// One table that was rebuilt.
  struct Table {
    /// Its name before the revision.
    var original: String
    /// Its name now.
    var present: String
    /// The new names of its columns, by their old ones; nil if that could not be seen.
    var columns: [String: String]?
  }

  /// The tables that were rebuilt, by their present names.
  private(set) var tables: [TableKey: Table] = [:]
  /// The indexes and triggers that statements have dropped by name, in lower case.
  private(set) var dropped: Set<String> = []
  private var originals: [TableKey: String] = [:]
  private var copies: [TableKey: [String: String]] = [:]

  /// Takes the statements in their order.
  init(_ statements: [String]) {
    for sql in statements { take(StatementText(sql)) }
  }

  private mutating func take(_ text: StatementText) {
    if let name = text.droppedObject { dropped.insert(name.lowercased()) }
    if let copy = text.copiedColumns, Self.isTemporary(copy.table) {
      copies[TableKey(copy.table)] = copy.columns
    }
    guard let (action, table) = text.action, case .rename(let name) = action else { return }
    let (old, new) = (TableKey(table), TableKey(name))
    guard Self.isTemporary(table) else {
      let original = originals.removeValue(forKey: old) ?? table
      originals[new] = original
      if var rebuilt = tables.removeValue(forKey: old) {
        rebuilt.present = name
        tables[new] = rebuilt
      }
      return
    }
    let columns = copies.removeValue(forKey: old)
    let earlier = tables[new]
    tables[new] = Table(
      original: originals[new] ?? name,
      present: name,
      // A second rebuild goes on from the names that the first has given.
      columns: earlier.map { Self.chain($0.columns, columns) } ?? columns
    )
  }

  private static func chain(
    _ first: [String: String]?,
    _ second: [String: String]?
  ) -> [String: String]? {
    guard let first, let second else { return nil }
    return first.compactMapValues { second[$0] }
  }

  private static func isTemporary(_ name: String) -> Bool { name.hasPrefix("_alembic_tmp_") }
}
