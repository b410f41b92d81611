/// An index as a script asks for it, inside or outside a table.
package struct Index: Hashable, Sendable {
  /// One thing that is indexed.
  package enum Element: Hashable, Sendable {
    /// A column, quoted where needed.
    case column(String)
    /// `sa.text(...)`: the text as it is, such as `lower(name)` or `name DESC`.
    case expression(String)
  }

  /// The name; nil stands for `ix_<table>_<first column>`, SQLAlchemy's default naming convention.
  package var name: String?
  /// The table.
  package var table: String
  /// What is indexed, in order.
  package var elements: [Element]
  /// True for UNIQUE.
  package var isUnique: Bool
  /// The condition of a partial index, `sqlite_where=`, as `text()` takes it.
  package var predicate: String?

  /// Creates an index.
  package init(
    _ name: String?,
    on table: String,
    _ elements: [Element],
    isUnique: Bool = false,
    predicate: String? = nil
  ) {
    self.name = name
    self.table = table
    self.elements = elements
    self.isUnique = isUnique
    self.predicate = predicate
  }

  /// Creates an index over plain columns.
  package init(
    _ name: String?,
    on table: String,
    columns: [String],
    isUnique: Bool = false,
    predicate: String? = nil
  ) {
    self.init(
      name,
      on: table,
      columns.map(Element.column),
      isUnique: isUnique,
      predicate: predicate
    )
  }

  /// The index that `index=True` of a column brings.
  package init(of column: Column, in table: String) {
    self.init(nil, on: table, columns: [column.name], isUnique: column.isUnique)
  }

  /// The name that is sent, the default one included.
  package func finalName() throws(SchemaError) -> String {
    if let name { return name }
    guard case .column(let first)? = elements.first else {
      throw SchemaError(
        .compile,
        "an index on table \(table) has no name and does not begin with a column to name it after"
      )
    }
    return "ix_\(table)_\(first)"
  }
}
