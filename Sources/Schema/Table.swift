/// A table as a script declares it with `op.create_table(...)`.
package struct Table: Hashable, Sendable {
  /// The words around a table that only SQLite knows; nil means that nothing was said.
  package struct Options: Hashable, Sendable {
    /// `sqlite_autoincrement=`: AUTOINCREMENT for a single INTEGER primary key without foreign key.
    package var autoincrement: Bool?
    /// The opposite of `sqlite_with_rowid=`: WITHOUT ROWID.
    package var withoutRowid: Bool?
    /// `sqlite_strict=`: STRICT.
    package var strict: Bool?

    /// Creates options.
    package init(autoincrement: Bool? = nil, withoutRowid: Bool? = nil, strict: Bool? = nil) {
      self.autoincrement = autoincrement
      self.withoutRowid = withoutRowid
      self.strict = strict
    }

    /// These options, and where they say nothing, those of `other`.
    package func filled(from other: Options) -> Options {
      Options(
        autoincrement: autoincrement ?? other.autoincrement,
        withoutRowid: withoutRowid ?? other.withoutRowid,
        strict: strict ?? other.strict
      )
    }
  }

  /// The table's name; no schema: on SQLite a migration changes the database it is run on.
  package var name: String
  /// The columns in order.
  package var columns: [Column]
  /// The constraints given beside the columns, in order.
  package var constraints: [Constraint]
  /// The indexes given beside the columns, in order.
  package var indexes: [Index]
  /// SQLite's own words.
  package var options: Options
  /// The words between CREATE and TABLE, `prefixes=`.
  package var prefixes: [String]
  /// True for IF NOT EXISTS.
  package var ifNotExists: Bool

  /// Creates a table.
  package init(
    _ name: String,
    columns: [Column],
    constraints: [Constraint] = [],
    indexes: [Index] = [],
    options: Options = Options(),
    prefixes: [String] = [],
    ifNotExists: Bool = false
  ) {
    self.name = name
    self.columns = columns
    self.constraints = constraints
    self.indexes = indexes
    self.options = options
    self.prefixes = prefixes
    self.ifNotExists = ifNotExists
  }

  /// The columns of the primary key in order, with the name of the constraint.
  ///
  /// As in SQLAlchemy the last `PrimaryKeyConstraint` with columns beats the flags of the columns.
  package var primaryKey: Constraint {
    let declared = constraints.last { $0.isPrimaryKey }
    if let declared, !declared.columns.isEmpty { return declared }
    let flagged = columns.filter(\.isPrimaryKey).map(\.name)
    return Constraint(.primaryKey(flagged), name: declared?.name)
  }

  /// Every table-level constraint but the primary key, in SQLAlchemy's order of creation: those
  /// given beside the columns first, since Python evaluates them before the table takes its columns
  /// in.
  package var otherConstraints: [Constraint] {
    constraints.filter { !$0.isPrimaryKey } + columns.flatMap(\.tableConstraints)
  }

  /// The indexes that follow the table: those of the columns, then those given beside them
  /// (alembic's own order is random).
  package var followingIndexes: [Index] {
    columns.filter(\.isIndexed).map { Index(of: $0, in: name) } + indexes
  }
}
