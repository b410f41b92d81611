internal import FoundationEssentials

/// What the helper tells, one JSON object a line.
package enum HelperEvent: Hashable, Sendable {
  /// It runs, with these versions.
  case hello(python: String, alembic: String, sqlalchemy: String)
  /// The Python has no such module, or is too old.
  case missing(module: String, error: String)
  /// The project has opened the guarded database for the first time.
  case redirected(path: String)
  /// env.py has connected and configured alembic; the helper waits for an answer.
  case context(Context)
  /// alembic is about to run these revisions; the helper waits for an answer.
  case plan([String])
  /// All revisions ran, nothing is committed yet, and the version table says this; the helper waits for an answer.
  case ready([String])
  /// A statement with these words is about to run; the helper waits for an answer.
  case touching([String])
  /// A revision has begun.
  case started(String)
  /// A revision is wholly done, its version row included.
  case done(RevisionFacts)
  /// Something worth knowing that is no failure.
  case note(kind: String, detail: String)
  /// The last word: all went well.
  case finished(EndFacts)
  /// The last word: it failed.
  case failed(Failure)

  /// What alembic is connected to.
  package struct Context: Hashable, Sendable {
    /// SQLAlchemy's name of the dialect.
    package var dialect: String
    /// Its name of the driver.
    package var driver: String?
    /// The version table.
    package var versionTable: String?
    /// Its schema.
    package var versionTableSchema: String?
    /// What alembic assumes.
    package var hasTransactionalDDL: Bool
  }

  /// What a revision did.
  package struct RevisionFacts: Hashable, Sendable {
    /// The revision.
    package var revision: String
    /// How long it took.
    package var duration: Duration
    /// The SQL that was executed, as far as it is kept.
    package var statements: [String]
    /// How many statements are not kept.
    package var leftOut: Int
    /// All statements that change the schema, and of those that change rows one of each shape, without literals.
    package var shapes: [String]
    /// The tables that may have been changed so far.
    package var touched: [String]
    /// The rows of those of them that exist, as the migration's own connection sees them; nil if they could not be counted.
    package var rows: [String: Int64]?
    /// The rows that triggers and foreign keys have deleted, by table; nil if that could not be counted.
    package var lost: [String: Int64]?
    /// What of the schema is another now; nil if it could not be read.
    package var schema: SchemaChange?
  }

  /// What of a database's schema is another than after the revision before.
  package struct SchemaChange: Hashable, Sendable {
    /// What is gone: kind and name.
    package var gone: [[String]]
    /// What has come or was changed: kind, name, table, SQL.
    package var new: [[String]]
    /// For every table that AUTOINCREMENT counts for: the last key that it gave, and the greatest of a row.
    package var counters: [String: [Int64]]
  }

  /// What is known at the end.
  package struct EndFacts: Hashable, Sendable {
    /// The revisions that were done.
    package var revisions: [String]
    /// The columns that statements have set, each with its table.
    package var updated: [[String]]
    /// Whether the project has opened the guarded database at all.
    package var hasRedirected: Bool
  }

  /// Why it failed.
  package struct Failure: Error, Hashable, Sendable {
    /// The revision that was under way; nil if none was.
    package var revision: String?
    /// The SQL of it that was executed, as far as it is kept.
    package var statements: [String]
    /// The error.
    package var error: String
    /// The script, and the line in it.
    package var path: String?
    /// The line, from 1.
    package var line: Int?
    /// The hazard, if the guard has refused something.
    package var code: String?
    /// Python's own report.
    package var traceback: String?
  }
}

/// A line of the helper as JSON.
struct HelperLine: Decodable {
  var event: String
  var python: String?
  var alembic: String?
  var sqlalchemy: String?
  var module: String?
  var error: String?
  var path: String?
  var dialect: String?
  var driver: String?
  var versionTable: String?
  var versionTableSchema: String?
  var transactionalDDL: Bool?
  var revision: String?
  var revisions: [String]?
  var seconds: Double?
  var statements: [String]?
  var leftOut: Int?
  var shapes: [String]?
  var touched: [String]?
  var rows: [String: Int64]?
  var lost: [String: Int64]?
  var schema: Schema?
  var updated: [[String]]?
  var redirected: Bool?
  var line: Int?
  var code: String?
  var traceback: String?
  var kind: String?
  var program: String?
  var heads: [String]?
  var words: [String]?

  struct Schema: Decodable {
    var gone: [[String]]
    var new: [[String]]
    var counters: [String: [Int64]]
  }

  enum CodingKeys: String, CodingKey {
    case event, python, alembic, sqlalchemy, module, error, path, dialect, driver, revision
    case revisions, seconds, statements, shapes, touched, rows, lost, updated, redirected, line,
      code
    case traceback, kind, program, heads, schema, words
    case versionTable = "version_table"
    case versionTableSchema = "version_table_schema"
    case transactionalDDL = "transactional_ddl"
    case leftOut = "left_out"
  }

  /// The event; nil if it is none that this version knows.
  var meaning: HelperEvent? {
    switch event {
    case "hello":
      .hello(python: python ?? "?", alembic: alembic ?? "?", sqlalchemy: sqlalchemy ?? "?")
    case "missing": .missing(module: module ?? "alembic", error: error ?? "")
    case "redirected": .redirected(path: path ?? "")
    case "context":
      dialect.map {
        .context(
          HelperEvent.Context(
            dialect: $0,
            driver: driver,
            versionTable: versionTable,
            versionTableSchema: versionTableSchema,
            hasTransactionalDDL: transactionalDDL ?? false
          )
        )
      }
    case "plan": revisions.map { .plan($0) }
    case "ready": heads.map { .ready($0) }
    case "touching": words.map { .touching($0) }
    case "revision_started": revision.map { .started($0) }
    case "revision_done":
      revision.map {
        .done(
          HelperEvent.RevisionFacts(
            revision: $0,
            duration: .milliseconds(Int64((seconds ?? 0) * 1000)),
            statements: statements ?? [],
            leftOut: leftOut ?? 0,
            shapes: shapes ?? [],
            touched: touched ?? [],
            rows: rows,
            lost: lost,
            schema: schema.map {
              HelperEvent.SchemaChange(gone: $0.gone, new: $0.new, counters: $0.counters)
            }
          )
        )
      }
    case "note": .note(kind: kind ?? "", detail: path ?? program ?? "")
    case "finished":
      .finished(
        HelperEvent.EndFacts(
          revisions: revisions ?? [],
          updated: updated ?? [],
          hasRedirected: redirected ?? false
        )
      )
    case "failed":
      .failed(
        HelperEvent.Failure(
          revision: revision,
          statements: statements ?? [],
          error: error ?? "",
          path: path,
          line: line,
          code: code,
          traceback: traceback
        )
      )
    default: nil
    }
  }

  /// Reads a line.
  ///
  /// - Parameter bytes: The line, without its end.
  /// - Returns: The event; nil if it is none.
  static func event(_ bytes: some Sequence<UInt8>) -> HelperEvent? {
    do {
      return try JSONDecoder().decode(Self.self, from: Data(Array(bytes))).meaning
    } catch {
      // Whatever is wrong with it, the caller says that it is not the helper's.
      return nil
    }
  }
}
