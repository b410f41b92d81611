/// One row of `PRAGMA table_xinfo`.
package struct PragmaColumn: Hashable, Sendable {
  /// The column `name`.
  package var name: String
  /// The column `type`: the declared type, empty if there is none.
  package var type: String
  /// The column `notnull`.
  package var isNotNull: Bool
  /// The column `dflt_value`: the default as SQL text.
  package var defaultValue: String?
  /// The column `pk`: the place in the primary key, from 1, or 0.
  package var primaryKeyPosition: Int
  /// The column `hidden`: 0 for plain columns, 1 for hidden ones of virtual tables, 2 and 3 for
  /// generated ones.
  package var hidden: Int

  /// Creates a row.
  package init(
    name: String,
    type: String,
    isNotNull: Bool = false,
    defaultValue: String? = nil,
    primaryKeyPosition: Int = 0,
    hidden: Int = 0
  ) {
    self.name = name
    self.type = type
    self.isNotNull = isNotNull
    self.defaultValue = defaultValue
    self.primaryKeyPosition = primaryKeyPosition
    self.hidden = hidden
  }

  /// The names of the columns of a primary key in order.
  static func primaryKey(of columns: [PragmaColumn]) -> [String] {
    columns.filter { $0.primaryKeyPosition > 0 }
      .sorted { $0.primaryKeyPosition < $1.primaryKeyPosition }
      .map(\.name)
  }
}
