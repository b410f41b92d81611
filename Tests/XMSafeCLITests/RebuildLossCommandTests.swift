import Foundation
import SQLite
import TestKit
import Testing

/// What a rebuild loses: both engines say it in the same words, and every remedy is tried with the real alembic and SQLite.
@Suite struct RebuildLossCommandTests {
  /// One warning of a plan.
  struct Loss: Hashable, CustomStringConvertible {
    var message: String
    var remedy: String?
    var description: String { "\(message) [\(remedy ?? "-")]" }

    /// Whether the remedy is to be executed as SQL; the others are alembic's directives.
    var isSQL: Bool {
      remedy.map { !$0.hasPrefix("op.") && !$0.hasPrefix("batch_op.") } ?? false
    }
  }

  static let schema = [
    "CREATE TABLE q (id INTEGER PRIMARY KEY)",
    """
    CREATE TABLE p (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     name VARCHAR(30) COLLATE NOCASE NOT NULL UNIQUE,
     note VARCHAR(30),
     age INTEGER CHECK (age > 0),
     qid INTEGER REFERENCES q(id) ON DELETE CASCADE,
     "odd name" TEXT DEFAULT 'it''s' COLLATE RTRIM,
     w INTEGER DEFAULT (1+1),
     CHECK (length(name) < 20 AND name <> ':x'),
     UNIQUE (name, age)
    )
    """,
    "CREATE INDEX ix_part ON p(name) WHERE age > 5",
    "CREATE UNIQUE INDEX ux_part ON p(note) WHERE age IS NOT NULL",
    "CREATE INDEX ix_desc ON p(age DESC, name COLLATE BINARY)",
    "CREATE INDEX ix_expr ON p(lower(name))",
    "CREATE TRIGGER tr AFTER INSERT ON p BEGIN UPDATE p SET w = 7 WHERE id = new.id; END",
    "CREATE TRIGGER tr2 BEFORE DELETE ON p WHEN old.age > 90 BEGIN SELECT RAISE(ABORT, 'no; never'); END",
    "INSERT INTO q VALUES (1)", "INSERT INTO p (name, note, age, qid) VALUES ('a', 'x', 3, 1)",
    "INSERT INTO p (id, name, note, age) VALUES (100, 'z', 'zz', 4)",
    "DELETE FROM p WHERE id = 100",
  ]

  static let messages: Set<String> = [
    "the primary key is no longer AUTOINCREMENT, so that old keys may be used again",
    "AUTOINCREMENT no longer counts on from 100, as no row has that key",
    "the column name loses COLLATE NOCASE", "the column odd name loses COLLATE RTRIM",
    "the constraint CHECK (age > 0) is gone, as it has no name",
    "the constraint CHECK (length(name) < 20 AND name <> ':x') is gone, as it has no name",
    "the constraint UNIQUE (name) is gone",
    "ON DELETE CASCADE of the foreign key from qid is gone", "the index ix_desc loses DESC",
    "the index ix_desc loses COLLATE BINARY",
    "the index ix_expr is gone, as it is on an expression", "the trigger tr is gone",
    "the trigger tr2 is gone",
  ]

  /// A batch that asks for nothing.
  static let batch = ["with op.batch_alter_table('p', recreate='always') as batch_op:", "    pass"]

  private func project(_ scripts: [[String]] = [batch]) throws -> ScriptProject {
    let project = try ScriptProject()
    for (index, script) in scripts.enumerated() {
      try project.add("r\(index)", after: index == 0 ? [] : ["r\(index - 1)"], up: script)
    }
    try SampleDatabases.create(project.database, Self.schema)
    return project
  }

  private func engine(_ name: String, _ python: String = Workshop.python) -> [String] {
    ["--engine", name, "--python", python]
  }

  /// What a plan warns of.
  private func losses(_ project: ScriptProject, _ options: [String]) throws -> [Loss] {
    let outcome = try project.run(["plan", "--json"] + options)
    let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let steps = try #require((json as? [String: Any])?["revisions"] as? [[String: Any]])
    return try steps.flatMap { try #require($0["warnings"] as? [[String: Any]]) }.map {
      Loss(message: $0["message"] as? String ?? "", remedy: $0["remedy"] as? String)
    }
  }

  @Test func `both engines name the same losses and remedies, in the plan and the log`() throws {
    let project = try project()
    let native = try losses(project, engine("native"))
    let alembic = try losses(project, engine("alembic"))
    #expect(Set(native.map(\.message)) == Self.messages)
    #expect(native == alembic)
    #expect(native.allSatisfy { $0.remedy != nil })
    for name in ["native", "alembic"] {
      try FileManager.default.removeItem(atPath: project.database)
      try SampleDatabases.create(project.database, Self.schema)
      let log = try project.run(["upgrade"] + engine(name)).errors
      for loss in native {
        let line =
          "[xm_safe.migrate] Table 'p': \(loss.message); what brings it back: \(loss.remedy ?? "")"
        #expect(log.components(separatedBy: line).count == 2, "\(name): \(line)")
      }
    }
  }

  @Test func `the oldest stack loses more, and that is named`() throws {
    let project = try project()
    let losses = Set(
      try losses(project, engine("alembic", Workshop.oldestPython)).map(\.message)
    )
    #expect(losses.isSuperset(of: Self.messages), "\(Self.messages.subtracting(losses))")
    // Its own result is the oracle for the rest.
    try project.run(["upgrade"] + engine("alembic", Workshop.oldestPython))
    let connection = try Connection(opening: project.database, mode: .readOnly)
    for index in ["ix_part", "ux_part"] {
      let sql = try connection.value("SELECT sql FROM sqlite_schema WHERE name = '\(index)'")
      let hasCondition = sql?.textValue?.contains("WHERE") ?? true
      #expect(losses.contains("the index \(index) loses its WHERE") != hasCondition)
    }
  }

  @Test(arguments: ["native", "alembic"])
  func `what a script drops, renames or brings back itself is no loss`(_ name: String) throws {
    let project = try project([
      [
        "op.execute('DROP TRIGGER tr')", "op.drop_index('ix_expr', 'p')",
        "with op.batch_alter_table('p', recreate='always') as batch_op:",
        "    batch_op.drop_column('w')",
        "    batch_op.alter_column('note', new_column_name='text')",
        "    batch_op.drop_index('ux_part')", "    batch_op.drop_index('ix_desc')",
        "op.execute(\"CREATE TRIGGER tr2 BEFORE DELETE ON p WHEN old.age > 90 BEGIN SELECT 1; END\")",
      ]
    ])
    let gone = [
      "the trigger tr is gone", "the trigger tr2 is gone", "the index ix_desc loses DESC",
      "the index ix_desc loses COLLATE BINARY",
      "the index ix_expr is gone, as it is on an expression",
    ]
    #expect(
      Set(try losses(project, engine(name)).map(\.message)) == Self.messages.subtracting(gone)
    )
  }

  @Test func `columns that are renamed or dropped are followed by both engines`() throws {
    let project = try ScriptProject()
    try project.add(
      "r0",
      up: [
        "with op.batch_alter_table('s') as batch_op:",
        "    batch_op.alter_column('a', new_column_name='c')", "    batch_op.drop_column('b')",
        "    batch_op.alter_column('n', type_=sa.String())",
      ]
    )
    try SampleDatabases.create(
      project.database,
      [
        "CREATE TABLE s (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE, b TEXT COLLATE RTRIM, n INTEGER, CHECK (b <> ''), CHECK (a <> ''))",
        "CREATE TRIGGER st AFTER INSERT ON s BEGIN SELECT new.a; END",
        "INSERT INTO s VALUES (1, 'x', 'y', 2)",
      ]
    )
    let native = try losses(project, engine("native"))
    #expect(
      native.map(\.message) == [
        "the column a loses COLLATE NOCASE",
        "the constraint CHECK (a <> '') is gone, as it has no name", "the trigger st is gone",
      ]
    )
    // Their texts name what has another name now.
    #expect(native.map { $0.remedy == nil } == [false, true, true])
    #expect(try losses(project, engine("alembic")) == native)
  }

  /// Where the directives are put, and what runs them.
  struct Way: CustomTestStringConvertible {
    var name: String
    var isInTheBatch: Bool
    var engine: String?
    var testDescription: String { name }

    static let all = [
      Way(name: "in the batch, by alembic", isInTheBatch: true, engine: nil),
      Way(name: "in a later revision, by alembic", isInTheBatch: false, engine: nil),
      Way(name: "in the batch, by the native engine", isInTheBatch: true, engine: "native"),
      Way(name: "in a later revision, by the native engine", isInTheBatch: false, engine: "native"),
      Way(name: "in the batch, by the alembic engine", isInTheBatch: true, engine: "alembic"),
    ]
  }

  @Test(arguments: Way.all) func `every remedy brings back what it says`(_ way: Way) throws {
    let lost = try losses(try project(), engine("native"))
    let directives = Self.directives(lost.filter { !$0.isSQL }.compactMap(\.remedy))
    let project = try project(way.isInTheBatch ? [directives] : [Self.batch, directives])
    let before = try Self.facts(project.database)
    if let name = way.engine {
      if way.isInTheBatch {
        // What the script brings back itself is no loss any more.
        #expect(
          Set(try losses(project, engine(name)).map(\.message))
            == Set(lost.filter(\.isSQL).map(\.message))
        )
      }
      try project.run(["upgrade"] + engine(name))
    } else {
      try project.alembic(["upgrade", "head"])
    }
    #expect(try Self.facts(project.database) != before)
    let sql = lost.filter(\.isSQL).compactMap(\.remedy).map { $0 + ";\n" }.joined()
    let script = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])"
    let outcome = try Command.run([Workshop.python, "-c", script, project.database, sql])
    #expect(outcome.status == 0, "\(outcome)")
    let after = try Self.facts(project.database)
    for (fact, value) in before { #expect(after[fact] == value, "\(fact)") }
  }

  /// One batch of all directives, with all arguments.
  private static func directives(_ remedies: [String]) -> [String] {
    var arguments = ["'p'", "recreate='always'"]
    var lines: [String] = []
    for part in remedies.flatMap({ $0.components(separatedBy: "; ") }) {
      let call = "op.batch_alter_table('p', "
      if part.hasPrefix(call) {
        arguments.append(String(part.dropFirst(call.count).dropLast()))
      } else {
        lines.append("    " + part)
      }
    }
    return ["with op.batch_alter_table(\(arguments.joined(separator: ", "))) as batch_op:"] + lines
  }

  /// What the database demands and does, by what it is.
  private static func facts(_ path: String) throws -> [String: String] {
    let copy = path + ".probe"
    try Data(contentsOf: URL(fileURLWithPath: path)).write(to: URL(fileURLWithPath: copy))
    defer { try? FileManager.default.removeItem(atPath: copy) }
    let connection = try Connection(opening: copy, mode: .readWrite)
    defer { try? connection.close() }
    try connection.execute("PRAGMA foreign_keys=ON")
    let probes = [
      (
        "columns",
        "SELECT name, type, \"notnull\" AND NOT pk, dflt_value, pk FROM pragma_table_xinfo('p')"
      ),
      ("NOCASE", "SELECT id FROM p WHERE name = 'A'"),
      ("RTRIM", "SELECT id FROM p WHERE \"odd name\" = 'it''s  '"),
      (
        "foreign keys",
        "SELECT \"table\", \"from\", \"to\", on_update, on_delete, \"match\" FROM pragma_foreign_key_list('p')"
      ),
      ("triggers", "SELECT sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name"),
      (
        // A UNIQUE constraint comes back as an index.
        "indexes",
        "SELECT CASE WHEN l.\"unique\" AND NOT l.partial THEN '' ELSE l.name END AS n, l.\"unique\", l.partial, group_concat(i.name || i.desc || i.coll) AS c FROM pragma_index_list('p') l, pragma_index_xinfo(l.name) i WHERE i.key GROUP BY l.name ORDER BY n, c"
      ),
      (
        "conditions and expressions",
        "SELECT replace(replace(sql, '\"', ''), 'p(', 'p (') FROM sqlite_schema WHERE type = 'index' AND name LIKE '%x\\_%' ESCAPE '\\' AND (sql LIKE '%WHERE%' OR sql LIKE '%lower%') ORDER BY name"
      ),
      ("the counter", "SELECT seq FROM sqlite_sequence WHERE name = 'p'"),
      ("CHECK of a column", "INSERT INTO p (name, age) VALUES ('c', -1)"),
      ("CHECK of the table", "INSERT INTO p (name) VALUES ('0123456789012345678901234567890')"),
      ("CHECK with a colon", "INSERT INTO p (name) VALUES (':x')"),
      ("UNIQUE", "INSERT INTO p (name) VALUES ('A')"),
      ("the next key", "INSERT INTO p (name) VALUES ('new') RETURNING id"),
      ("the trigger", "SELECT w FROM p WHERE name = 'new'"),
      ("ON DELETE", "DELETE FROM q"), ("what is left", "SELECT name FROM p"),
    ]
    var facts: [String: String] = [:]
    for (name, sql) in probes {
      do {
        facts[name] = "\(try connection.query(sql))"
      } catch {
        // The names of constraints are new ones.
        facts[name] = "\(error.code)"
      }
    }
    return facts
  }
}
