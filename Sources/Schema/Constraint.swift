/// A table-level constraint, with the options that every kind may carry.
package struct Constraint: Hashable, Sendable {
  /// What is demanded of the rows.
  package enum Kind: Hashable, Sendable {
    /// PRIMARY KEY over these columns.
    case primaryKey([String])
    /// UNIQUE over these columns.
    case unique([String])
    /// CHECK of this condition; `isText` if it came through `text()` and may hold bind parameters.
    case check(String, isText: Bool = true)
    /// FOREIGN KEY from these columns.
    case foreignKey(columns: [String], ForeignKey)
  }

  /// The name after CONSTRAINT, if there is one.
  package var name: String?
  /// True if the name came from `op.f(...)`, so that a naming convention leaves it as it is.
  package var isNameFinal = false
  /// What is demanded.
  package var kind: Kind
  /// `DEFERRABLE` (true), `NOT DEFERRABLE` (false) or neither.
  package var deferrable: Bool?
  /// `INITIALLY` and this word.
  package var initially: String?
  /// `ON CONFLICT` and this word, `sqlite_on_conflict=`.
  package var onConflict: String?

  /// Creates a constraint.
  package init(
    _ kind: Kind,
    name: String? = nil,
    deferrable: Bool? = nil,
    initially: String? = nil
  ) {
    self.name = name
    self.kind = kind
    self.deferrable = deferrable
    self.initially = initially
  }

  /// The columns of the table itself that the constraint names; none for CHECK, whose text
  /// SQLAlchemy does not read.
  package var columns: [String] {
    switch kind {
    case .primaryKey(let columns), .unique(let columns), .foreignKey(let columns, _): columns
    case .check: []
    }
  }

  /// True for PRIMARY KEY.
  package var isPrimaryKey: Bool {
    if case .primaryKey = kind { return true }
    return false
  }

  /// True for CHECK.
  package var isCheck: Bool {
    if case .check = kind { return true }
    return false
  }
}
