import Foundation
import TestKit
import Testing

/// `--sql`, beside the real alembic.
@Suite struct OfflineCommandTests {
  static let cases: [(arguments: [String], isBranched: Bool)] = [
    (["upgrade", "head"], false), (["upgrade", "bbbb2222"], false),
    (["upgrade", "aaaa1111:head"], false), (["upgrade", "aaaa:bbbb"], false),
    (["upgrade", "base:+2"], false), (["upgrade", "cccc3333:head"], false),
    (["downgrade", "head:base"], false), (["downgrade", "cccc3333:aaaa1111"], false),
    (["downgrade", "bbbb2222:-1"], false), (["upgrade", "e1e1"], true),
    (["upgrade", "left"], true),
    (["upgrade", "b1b1:e1e1"], true), (["downgrade", "e1e1:base"], true),
    (["stamp", "head"], false), (["stamp", "aaaa1111:head"], false),
    (["stamp", "cccc:base"], false), (["stamp", "head:aaaa1111"], false),
    (["stamp", "base"], false), (["stamp", "bbbb:bbbb"], false),
    (["stamp", "heads"], true), (["stamp", "e1e1"], true), (["stamp", "left", "e1e1"], true),
    (["stamp", "a1a1:c1c1", "a1a1:d1d1"], true), (["stamp", "b1b1:left", "n1n1"], true),
    (["ensure_version"], false),
  ]

  @Test func `the SQL is alembic's, line for line`() throws {
    let line = try ScriptProject.line()
    let branched = try ScriptProject.branched()
    for test in Self.cases {
      let project = test.isBranched ? branched : line
      let own = try project.run(test.arguments + ["--sql"])
      let alembics = try project.alembic(test.arguments + ["--sql"])
      // The last line break of a result is ours alone.
      #expect(own.output == alembics.output, "\(test.arguments)")
      func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n").filter { $0.contains("[alembic.runtime.migration]") }
      }
      #expect(lines(own.errors) == lines(alembics.errors), "\(test.arguments)")
    }
    #expect(try !line.scratch.names().contains("a.sqlite3"))
    #expect(try !line.scratch.names().contains("Backups"))
  }

  @Test(arguments: ["op.get_context().as_sql", "context.is_offline_mode()"])
  func `a script that asks whether there is a database is not read without one`(
    _ question: String
  ) throws {
    let project = try ScriptProject.line()
    try project.add(
      "dddd4444",
      after: ["cccc3333"],
      up: [
        "from alembic import context", "if \(question):", "    op.execute('SELECT 1')", "else:",
        "    op.execute('SELECT 2')",
      ]
    )
    let outcome = try project.run(["upgrade", "head", "--sql"], status: 24)
    #expect(outcome.errors.contains("dddd4444_x.py:11:"), "\(outcome)")
    #expect(outcome.output == "")
  }

  @Test func `what needs a database has no SQL without one`() throws {
    let project = try ScriptProject.line()
    try project.add(
      "dddd4444",
      after: ["cccc3333"],
      up: ["with op.batch_alter_table('person') as b:", "    b.drop_column('age')"]
    )
    let outcome = try project.run(["upgrade", "head", "--sql"], status: 24)
    #expect(outcome.errors.contains("dddd4444_x.py:10:10"), "\(outcome)")
    #expect(outcome.errors.contains("the batch rebuilds table 'person'"), "\(outcome)")
    #expect(outcome.output.isEmpty)
    try project.alembic(["upgrade", "head", "--sql"], succeeds: false)
    try project.run(["downgrade", "base", "--sql"], status: 64)
    try project.run(["upgrade", "a:b:c", "--sql"], status: 64)
    try project.run(["upgrade", "aaaa1111:head"], status: 24)
  }

  @Test func `what makes no sense without a database is refused in words`() throws {
    let project = try ScriptProject.branched()
    for (arguments, status, words) in [
      (["stamp", "--sql", "--purge", "e1e1"], Int32(64), "--sql touches none"),
      (["stamp", "--sql", "a1a1:c1c1", "b1b1:d1d1"], 64, "--sql begins at one revision"),
      (["stamp", "--sql", "a:b:c"], 64, "more than one colon"),
      (["stamp", "--sql", "nosuch"], 24, "can't locate revision"),
      (["stamp", "--sql", "heads:a1a1"], 24, "names several revisions"),
    ] {
      let outcome = try project.run(arguments, status: status)
      #expect(outcome.errors.contains(words), "\(outcome)")
      #expect(outcome.output.isEmpty)
    }
    for command in [["upgrade", "e1e1"], ["stamp", "e1e1"], ["ensure_version"]] {
      let outcome = try project.run(
        command + ["--sql", "--db", "postgresql://u:secret@nowhere/db"],
        status: 24
      )
      #expect(outcome.errors.contains("is for SQLite, and the database is"), "\(outcome)")
      #expect(!outcome.errors.contains("secret"), "\(outcome)")
    }
  }

  @Test func `a batch with copy_from has alembic's SQL, and a wrong one is refused`() throws {
    let project = try ScriptProject.line()
    let columns =
      "sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.String(50), nullable=False, server_default='x'), sa.Column('age', sa.Integer)"
    let constraints = "sa.CheckConstraint('age > 0'), sa.UniqueConstraint('name', name='uq')"
    let table = "table = sa.Table('person', sa.MetaData(), \(columns), \(constraints))"
    func batch(_ lines: [String], _ options: String = "") -> [String] {
      [table, "with op.batch_alter_table('person', copy_from=table\(options)) as b:"]
        + lines.map { "    " + $0 }
    }
    var last = "cccc3333"
    for (index, body) in [
      batch(["b.drop_column('age')"]),
      batch(["b.alter_column('age', type_=sa.String(9), nullable=False)"]),
      batch(["b.add_column(sa.Column('more', sa.Text))"], ", recreate='always'"),
      batch(["b.add_column(sa.Column('more', sa.Text))"]),
      batch(["b.alter_column('name', new_column_name='title')", "b.drop_constraint('uq')"]),
      batch(["b.create_index('ix_p', ['age'])", "b.create_check_constraint('ck', 'age < 9')"]),
      batch(["b.create_foreign_key('fk', 'other', ['age'], ['id'], ondelete='CASCADE')"]),
    ].enumerated() {
      let id = "dddd000\(index)"
      try project.add(id, after: [last], up: body)
      last = id
    }
    let own = try project.run(["upgrade", "head", "--sql"])
    let alembics = try project.alembic(["upgrade", "head", "--sql"])
    #expect(own.output == alembics.output)
    try project.add("eeee0000", after: [last], up: batch(["b.drop_column('nothing')"]))
    let refused = try project.run(["upgrade", "dddd0006:head", "--sql"], status: 24)
    #expect(refused.errors.contains("eeee0000_x.py"), "\(refused)")
    try project.alembic(["upgrade", "dddd0006:head", "--sql"], succeeds: false)
  }
}
