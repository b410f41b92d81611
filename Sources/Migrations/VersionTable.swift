package import AlembicScripts
package import Revisions
package import SQLite
internal import Schema

/// alembic's version table: one row per head that is applied.
///
/// The DDL, and the check that every change meets exactly one row, are alembic's (`HeadMaintainer`).
package struct VersionTable: Sendable {
  /// The table's name.
  package var name: String
  /// The schema that statements name; nil for none.
  private let schema: String?
  private let hasPrimaryKey: Bool

  /// Names the table.
  ///
  /// - Parameters:
  ///   - name: The table's name.
  ///   - schema: The schema that statements name; nil for none.
  ///   - hasPrimaryKey: Whether a new table has a primary key.
  package init(name: String = "alembic_version", schema: String? = nil, hasPrimaryKey: Bool = true)
  {
    self.name = name
    self.schema = schema
    self.hasPrimaryKey = hasPrimaryKey
  }

  /// Takes what an env.py says.
  ///
  /// - Parameter options: What it says.
  package init(_ options: VersionTableOptions) {
    self.init(
      name: options.name,
      schema: options.schema,
      hasPrimaryKey: options.hasPrimaryKey
    )
  }

  /// A change of the version table that did not meet exactly one row: somebody else has changed it.
  package struct Mismatch: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was to be changed.
    package var change: VersionChange
    /// The table.
    package var table: String
    /// How many rows it met.
    package var found: Int

    /// alembic's words.
    package var description: String {
      switch change {
      case .insert(let id): "inserting '\(id)' into '\(table)' changed \(found) rows"
      case .update(let old, let new):
        "Online migration expected to match one row when updating '\(old)' to '\(new)' in '\(table)'; \(found) found"
      case .delete(let id):
        "Online migration expected to match one row when deleting '\(id)' in '\(table)'; \(found) found"
      }
    }
  }

  /// What a database has of the table.
  package struct Content: Hashable, Sendable {
    /// The rows, sorted.
    package var rows: [String] = []
    /// Whether the table is there.
    package var isThere = false

    /// Of a database that does not exist.
    package init() {}
  }

  /// Whether the table is there, and its rows.
  ///
  /// - Parameter connection: The database.
  /// - Returns: Both.
  /// - Throws: `SQLiteError`; `RevisionError` for a row that is not text.
  package func content(in connection: Connection) throws -> Content {
    var content = Content()
    content.isThere = try exists(in: connection)
    content.rows = try rows(in: connection)
    return content
  }

  /// The rows.
  ///
  /// - Parameter connection: The database.
  /// - Returns: The revisions, sorted; none if the table is not there.
  /// - Throws: `SQLiteError`; `RevisionError` for a row that is not text.
  package func rows(in connection: Connection) throws -> [String] {
    guard try exists(in: connection) else { return [] }
    // Reading a view would run whatever SQL it is made of, for as long as that takes.
    guard
      try connection.value(
        "SELECT 1 FROM main.sqlite_schema WHERE type = 'view' AND name = ? COLLATE NOCASE",
        [.text(name)]
      ) == nil
    else {
      throw RevisionError(
        .unknownRevision,
        "the version table '\(name)' is a view",
        hint: "make it a table: alembic cannot write to it either"
      )
    }
    return try connection.query("SELECT version_num FROM \(quoted)").map {
      row throws(RevisionError) in
      // A row that is passed over would let everything run again.
      guard let revision = row.first?.textValue else {
        throw RevisionError(
          .unknownRevision,
          "the table '\(name)' holds a revision that is not text",
          hint: "correct the row: alembic cannot read it either"
        )
      }
      return revision
    }.sorted()
  }

  /// Whether the table is there.
  ///
  /// - Parameter connection: The database.
  /// - Returns: Whether it is.
  /// - Throws: `SQLiteError`.
  package func exists(in connection: Connection) throws -> Bool {
    try !connection.query("PRAGMA main.table_info(\(quoted))").isEmpty
  }

  /// Creates the table if it is not there.
  ///
  /// - Parameter connection: The database.
  /// - Returns: The statement that was executed; nil if the table was there.
  /// - Throws: `SQLiteError`.
  @discardableResult
  package func create(in connection: Connection) throws -> String? {
    guard try !exists(in: connection) else { return nil }
    try connection.execute(creation)
    return creation
  }

  /// Deletes all rows, whatever they are.
  ///
  /// - Parameter connection: The database.
  /// - Returns: The statement that was executed.
  /// - Throws: `SQLiteError`.
  func purge(in connection: Connection) throws -> String {
    let sql = "DELETE FROM \(qualified)"
    try connection.execute(sql)
    return sql
  }

  /// Performs one change.
  ///
  /// - Parameters:
  ///   - change: The change.
  ///   - connection: The database.
  /// - Returns: The statement that was executed.
  /// - Throws: `SQLiteError`; `Mismatch` if it did not meet exactly one row.
  @discardableResult
  package func apply(_ change: VersionChange, in connection: Connection) throws -> String {
    let sql = statement(change)
    let found = try connection.execute(sql)
    guard found == 1 else { throw Mismatch(change: change, table: name, found: found) }
    return sql
  }

  /// alembic's statement that creates the table.
  var creation: String {
    let constraint =
      hasPrimaryKey
      ? ", \n\tCONSTRAINT \(Identifier.quoted(name + "_pkc")) PRIMARY KEY (version_num)" : ""
    return
      "\nCREATE TABLE \(qualified) (\n\tversion_num VARCHAR(32) NOT NULL\(constraint)\n)\n\n"
  }

  /// alembic's statement for a change.
  ///
  /// - Parameter change: The change.
  /// - Returns: The statement.
  func statement(_ change: VersionChange) -> String {
    switch change {
    case .insert(let id): "INSERT INTO \(qualified) (version_num) VALUES (\(SQLText.literal(id)))"
    case .update(let old, let new):
      "UPDATE \(qualified) SET version_num=\(SQLText.literal(new)) WHERE \(qualified).version_num = \(SQLText.literal(old))"
    case .delete(let id):
      "DELETE FROM \(qualified) WHERE \(qualified).version_num = \(SQLText.literal(id))"
    }
  }

  /// alembic's statement for a change as `--sql` prints it: of a row with a key SQLAlchemy asks for the key.
  ///
  /// - Parameter change: The change.
  /// - Returns: The statement.
  func offlineStatement(_ change: VersionChange) -> String {
    guard hasPrimaryKey, case .insert = change else { return statement(change) }
    return statement(change) + " RETURNING version_num"
  }

  /// The name as alembic writes it.
  private var qualified: String {
    (schema.map { Identifier.quoted($0) + "." } ?? "") + Identifier.quoted(name)
  }

  private var quoted: String { Connection.quoted(name) }
}
