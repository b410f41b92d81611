/// A column as a script declares it with `sa.Column(...)`.
package struct Column: Hashable, Sendable {
  /// The argument `autoincrement=`; of meaning here only because SQLAlchemy rejects one use of it.
  package enum Autoincrement: Hashable, Sendable {
    /// The default, `"auto"`.
    case automatic
    /// `True`: a compile error on SQLite if the primary key has several columns.
    case enabled
    /// `False`.
    case disabled
  }

  /// A foreign key given inside the column, `sa.ForeignKey("p.id")`.
  package struct Reference: Hashable, Sendable {
    /// The constraint's name, if it has one.
    package var name: String?
    /// The referenced table and column, and the actions.
    package var target: ForeignKey
    /// `DEFERRABLE` (true), `NOT DEFERRABLE` (false) or neither.
    package var deferrable: Bool?
    /// `INITIALLY` and this word.
    package var initially: String?

    /// Creates a reference.
    package init(
      _ target: ForeignKey,
      name: String? = nil,
      deferrable: Bool? = nil,
      initially: String? = nil
    ) {
      self.name = name
      self.target = target
      self.deferrable = deferrable
      self.initially = initially
    }

    /// The table-level constraint that SQLAlchemy makes of the reference.
    package func constraint(on column: String) -> Constraint {
      Constraint(
        .foreignKey(columns: [column], target),
        name: name,
        deferrable: deferrable,
        initially: initially
      )
    }
  }

  /// A CHECK given inside the column; it stays inside the column definition.
  package struct Check: Hashable, Sendable {
    /// The constraint's name, if it has one.
    package var name: String?
    /// The condition, as `text()` takes it.
    package var sql: String

    /// Creates a check from its condition.
    package init(_ sql: String, name: String? = nil) {
      self.name = name
      self.sql = sql
    }
  }

  /// `sa.Computed(...)`: a generated column.
  package struct Computed: Hashable, Sendable {
    /// The expression, as `text()` takes it.
    package var sql: String
    /// `STORED` (true), `VIRTUAL` (false) or neither word.
    package var persisted: Bool?

    /// Creates a generation rule.
    package init(_ sql: String, persisted: Bool? = nil) {
      self.sql = sql
      self.persisted = persisted
    }
  }

  /// What SQLite does where a row breaks a rule of the column, `sqlite_on_conflict_...=`.
  package struct OnConflict: Hashable, Sendable {
    /// After NOT NULL.
    package var notNull: String?
    /// After PRIMARY KEY over this column alone.
    package var primaryKey: String?
    /// After UNIQUE over this column alone.
    package var unique: String?

    /// Creates one of its words.
    package init(notNull: String? = nil, primaryKey: String? = nil, unique: String? = nil) {
      self.notNull = notNull
      self.primaryKey = primaryKey
      self.unique = unique
    }
  }

  /// The column's name.
  package var name: String
  /// The type; `ColumnType.null` where the script gives none, which CREATE TABLE refuses.
  package var type: ColumnType
  /// The argument `nullable=`; without it a column is nullable unless it is a key or an identity.
  package var nullable: Bool?
  /// The argument `primary_key=`.
  package var isPrimaryKey: Bool
  /// The argument `autoincrement=`.
  package var autoincrement: Autoincrement
  /// The argument `server_default=`.
  package var serverDefault: ServerDefault?
  /// The argument `unique=`: a table-level UNIQUE, or with `index=` a unique index.
  package var isUnique: Bool
  /// The argument `index=`: an index `ix_<table>_<column>` after the table.
  package var isIndexed: Bool
  /// The foreign keys inside the column.
  package var references: [Reference]
  /// The CHECK constraints inside the column.
  package var checks: [Check]
  /// The generation rule, if the column is computed.
  package var computed: Computed?
  /// True if the column has `sa.Identity(...)`: no SQL on SQLite, but the column is NOT NULL.
  package var isIdentity: Bool
  /// A collation that stands behind everything else, whatever the type is.
  var keptCollation: String?
  /// `ON CONFLICT` after NOT NULL, PRIMARY KEY and UNIQUE of the column.
  package var onConflict = OnConflict()
  /// True if SQLAlchemy fills the column by itself in an INSERT (`default=`), which leaves no trace in DDL.
  package var hasClientDefault = false
  /// True if SQLAlchemy sets the column by itself in an UPDATE (`onupdate=`).
  package var hasClientUpdate = false

  /// Creates a column; the defaults are those of `sa.Column`.
  package init(
    _ name: String,
    _ type: ColumnType,
    nullable: Bool? = nil,
    isPrimaryKey: Bool = false,
    autoincrement: Autoincrement = .automatic,
    serverDefault: ServerDefault? = nil,
    isUnique: Bool = false,
    isIndexed: Bool = false,
    references: [Reference] = [],
    checks: [Check] = [],
    computed: Computed? = nil,
    isIdentity: Bool = false
  ) {
    self.name = name
    self.type = type
    self.nullable = nullable
    self.isPrimaryKey = isPrimaryKey
    self.autoincrement = autoincrement
    self.serverDefault = serverDefault
    self.isUnique = isUnique
    self.isIndexed = isIndexed
    self.references = references
    self.checks = checks
    self.computed = computed
    self.isIdentity = isIdentity
  }

  /// The table-level constraints that the column brings, in SQLAlchemy's order: UNIQUE, the CHECK
  /// of its type, the foreign keys.
  package var tableConstraints: [Constraint] {
    var constraints: [Constraint] = []
    if isUnique && !isIndexed { constraints.append(Constraint(.unique([name]))) }
    if let condition = type.checkSQL(column: name) {
      constraints.append(Constraint(.check(condition, isText: false), name: type.constraintName))
    }
    return constraints + references.map { $0.constraint(on: name) }
  }
}
