/// What an env.py says of the version table (`version_table`, `version_table_schema`, `version_table_pk`).
package struct VersionTableOptions: Hashable, Sendable {
  /// The table's name.
  package var name: String
  /// The schema that statements name; nil for none.
  package var schema: String?
  /// Whether a new table has a primary key.
  package var hasPrimaryKey: Bool

  /// Makes options of their parts.
  package init(name: String = "alembic_version", schema: String? = nil, hasPrimaryKey: Bool = true)
  {
    self.name = name
    self.schema = schema
    self.hasPrimaryKey = hasPrimaryKey
  }
}
