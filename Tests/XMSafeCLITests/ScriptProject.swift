import Foundation
import TestKit
import Testing

/// An alembic project of one test: made by `xm-safe init`, filled with scripts, and read by the real alembic too.
struct ScriptProject {
  let scratch: Scratch
  /// The database that its alembic.ini names.
  var database: String { scratch.file("a.sqlite3") }

  /// Makes a project without scripts.
  init() throws {
    scratch = try Scratch(named: "xm-safe test #1")
    // alembic itself cannot work where a path has a percent sign.
    let outcome = try Workshop.xmSafe(["init", "migrations"], in: scratch.path)
    try #require(outcome.status == 0, "\(outcome)")
    try edit("alembic.ini") {
      $0.replacingOccurrences(of: "%(here)s/database.sqlite3", with: "%(here)s/a.sqlite3")
    }
  }

  /// Makes a project with branches, merges, labels and dependencies.
  static func branched() throws -> ScriptProject {
    let project = try ScriptProject()
    try project.add("a1a1", doc: "base a\n\nThe first\n  of all.\n")
    try project.add("b1b1", after: ["a1a1"], doc: "b")
    try project.add("c1c1", after: ["b1b1"], labels: ["left"], doc: "c left")
    try project.add("d1d1", after: ["b1b1"], labels: ["right"], doc: "d right")
    try project.add("e1e1", after: ["d1d1"], doc: "e")
    try project.add("n1n1", labels: ["net"], doc: "net one")
    try project.add("n2n2", after: ["n1n1"], depends: ["c1c1"], doc: "net two dep c")
    return project
  }

  /// Makes a project of one line of revisions that create and change tables.
  static func line() throws -> ScriptProject {
    let project = try ScriptProject()
    try project.add(
      "aaaa1111",
      doc: "create account table",
      up: [
        "op.create_table('account', sa.Column('id', sa.Integer, primary_key=True), "
          + "sa.Column('name', sa.String(50), nullable=False, server_default='x'))",
        "op.create_index('ix_name', 'account', ['name'])",
      ],
      down: ["op.drop_index('ix_name', 'account')", "op.drop_table('account')"]
    )
    try project.add(
      "bbbb2222",
      after: ["aaaa1111"],
      doc: "add a column",
      up: [
        "op.add_column('account', sa.Column('age', sa.Integer))",
        "op.execute(\"INSERT INTO account (id, name) VALUES (1, 'it''s')\")",
      ],
      down: ["op.drop_column('account', 'age')"]
    )
    try project.add(
      "cccc3333",
      after: ["bbbb2222"],
      doc: "rename",
      up: ["op.rename_table('account', 'person')"],
      down: ["op.rename_table('person', 'account')"]
    )
    return project
  }

  /// Adds a script.
  func add(
    _ id: String,
    after parents: [String] = [],
    depends: [String] = [],
    labels: [String] = [],
    doc: String = "",
    up: [String] = [],
    down: [String] = [],
    to directory: String = "migrations/versions"
  ) throws {
    func tuple(_ names: [String]) -> String {
      names.isEmpty ? "None" : "(" + names.map { "'\($0)', " }.joined() + ")"
    }
    let lines = [
      "\"\"\"\(doc)\"\"\"", "from alembic import op", "import sqlalchemy as sa",
      "revision = '\(id)'", "down_revision = \(tuple(parents))", "branch_labels = \(tuple(labels))",
      "depends_on = \(tuple(depends))", "", "def upgrade():",
    ]
    let bodies =
      (up.isEmpty ? ["pass"] : up).map { "    " + $0 } + ["", "def downgrade():"]
      + (down.isEmpty ? ["pass"] : down).map { "    " + $0 }
    try scratch.write(
      (lines + bodies).joined(separator: "\n") + "\n",
      to: "\(directory)/\(id)_x.py"
    )
  }

  /// Changes a file.
  func edit(_ name: String, _ change: (String) -> String) throws {
    let text = try String(contentsOfFile: scratch.file(name), encoding: .utf8)
    try scratch.write(change(text), to: name)
  }

  /// Adds lines to the section [alembic].
  func configure(_ lines: String) throws {
    try edit("alembic.ini") {
      $0.replacingOccurrences(of: "[alembic]\n", with: "[alembic]\n\(lines)\n")
    }
  }

  /// Runs xm-safe, and expects how it ends.
  @discardableResult
  func run(
    _ arguments: [String],
    status: Int32 = 0,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Command.Outcome {
    let outcome = try Workshop.xmSafe(arguments, in: scratch.path)
    #expect(outcome.status == status, "\(arguments): \(outcome)", sourceLocation: sourceLocation)
    return outcome
  }

  /// Runs the real alembic, and expects whether it succeeds.
  @discardableResult
  func alembic(
    _ arguments: [String],
    succeeds: Bool = true,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Command.Outcome {
    let outcome = try Workshop.alembic(arguments, in: scratch.path)
    #expect(
      (outcome.status == 0) == succeeds,
      "\(arguments): \(outcome)",
      sourceLocation: sourceLocation
    )
    return outcome
  }

  /// The rows of the version table.
  func rows() throws -> [String] {
    let outcome = try run(["current", "--json"])
    let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return try #require((json as? [String: Any])?["revisions"] as? [String])
  }
}
