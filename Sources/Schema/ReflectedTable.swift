/// A table as it is in the database, seen the way SQLAlchemy's reflection sees it.
///
/// `constraints`, `indexes` and `options` hold what reflection finds and a rebuild therefore keeps;
/// the other facts are there to say what a rebuild loses.
package struct ReflectedTable: Hashable, Sendable {
  /// A column as it is.
  package struct Column: Hashable, Sendable {
    /// The name.
    package var name: String
    /// The declared type, word for word.
    package var declaredType: String
    /// The declared type of the column that a foreign key of this one points at; SQLAlchemy gives
    /// it to a column that has no type of its own.
    package var referencedType: String?
    /// True for NOT NULL.
    package var isNotNull: Bool
    /// The default as SQL text.
    package var defaultText: String?
    /// The place in the primary key, from 1, or 0.
    package var primaryKeyPosition: Int
    /// True for a generated column.
    package var isGenerated: Bool
    /// The collation after the word COLLATE.
    package var collation: String?

    /// Creates a column.
    package init(
      name: String,
      declaredType: String,
      referencedType: String? = nil,
      isNotNull: Bool = false,
      defaultText: String? = nil,
      primaryKeyPosition: Int = 0,
      isGenerated: Bool = false,
      collation: String? = nil
    ) {
      self.name = name
      self.declaredType = declaredType
      self.referencedType = referencedType
      self.isNotNull = isNotNull
      self.defaultText = defaultText
      self.primaryKeyPosition = primaryKeyPosition
      self.isGenerated = isGenerated
      self.collation = collation
    }
  }

  /// An index made by CREATE INDEX.
  package struct Index: Hashable, Sendable {
    /// The name.
    package var name: String
    /// The columns in order.
    package var columns: [String]
    /// True for UNIQUE.
    package var isUnique: Bool
    /// The condition of a partial index, up to its first line break, as SQLAlchemy reads it.
    package var predicate: String?
    /// What the index has that reflection does not see, such as `DESC`.
    package var lost: [String]

    /// Creates an index.
    package init(
      name: String,
      columns: [String],
      isUnique: Bool = false,
      predicate: String? = nil,
      lost: [String] = []
    ) {
      self.name = name
      self.columns = columns
      self.isUnique = isUnique
      self.predicate = predicate
      self.lost = lost
    }
  }

  /// The name, exactly as in sqlite_master.
  package var name: String
  /// The columns in order.
  package var columns: [Column]
  /// The constraints that reflection finds, the primary key first, the others as declared.
  package var constraints: [Constraint]
  /// The indexes that reflection finds, by name.
  package var indexes: [Index]
  /// WITHOUT ROWID and STRICT, which reflection finds.
  package var options: Table.Options
  /// True if the key is AUTOINCREMENT, which reflection does not see.
  package var hasAutoincrement: Bool
  /// The last key that AUTOINCREMENT has given; nil if it has given none, or there is no AUTOINCREMENT.
  package var sequence: Int64?
  /// The greatest key of a row, if `sequence` is known.
  package var lastKey: Int64?
  /// The conditions of CHECK constraints without a name.
  package var unnamedChecks: [String]
  /// The columns of UNIQUE constraints that reflection does not find.
  package var unseenUniques: [[String]]
  /// The names of indexes on expressions.
  package var expressionIndexes: [String]
  /// What foreign keys have that reflection does not see.
  package var unseenReferenceParts: [RebuildLoss]
  /// Foreign keys as they really are, by what reflection makes of them.
  package var fullReferences: [Constraint: Constraint] = [:]
  /// The names of the triggers on the table.
  package var triggers: [String]
  /// The texts of the triggers, and of the indexes made by CREATE INDEX, by name.
  package var definitions: [String: String] = [:]
  /// The referenced tables that do not exist; reflection fails on them.
  package var missingTables: [String]

  /// Creates a table.
  package init(
    name: String,
    columns: [Column],
    constraints: [Constraint] = [],
    indexes: [Index] = [],
    options: Table.Options = Table.Options(),
    hasAutoincrement: Bool = false,
    unnamedChecks: [String] = [],
    unseenUniques: [[String]] = [],
    expressionIndexes: [String] = [],
    unseenReferenceParts: [RebuildLoss] = [],
    triggers: [String] = [],
    missingTables: [String] = []
  ) {
    self.name = name
    self.columns = columns
    self.constraints = constraints
    self.indexes = indexes
    self.options = options
    self.hasAutoincrement = hasAutoincrement
    self.unnamedChecks = unnamedChecks
    self.unseenUniques = unseenUniques
    self.expressionIndexes = expressionIndexes
    self.unseenReferenceParts = unseenReferenceParts
    self.triggers = triggers
    self.missingTables = missingTables
  }

  /// Where AUTOINCREMENT has got to, if no row shows it any more.
  var counter: Int64? {
    sequence.flatMap { $0 > lastKey ?? 0 ? $0 : nil }
  }

  /// The foreign keys as they really are.
  var references: [Constraint] {
    constraints.compactMap { constraint in
      guard case .foreignKey = constraint.kind else { return nil }
      return fullReferences[constraint] ?? constraint
    }
  }

  /// The conditions of all CHECK constraints.
  var checks: [String] {
    unnamedChecks
      + constraints.compactMap { constraint in
        if case .check(let sql, _) = constraint.kind { sql } else { nil }
      }
  }

  /// The columns of all UNIQUE constraints and indexes.
  var uniques: [[String]] {
    unseenUniques
      + constraints.compactMap { constraint in
        if case .unique(let columns) = constraint.kind { columns } else { nil }
      } + indexes.filter { $0.isUnique && $0.predicate == nil && $0.lost.isEmpty }.map(\.columns)
  }
}
