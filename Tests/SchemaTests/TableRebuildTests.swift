import Schema
import Testing

/// The rebuild of a table, statement by statement.
@Suite struct TableRebuildTests {
  @Test(arguments: RebuildCase.all)
  func `a rebuild sends alembic's statements`(_ sample: RebuildCase) throws {
    #expect(try sample.batch.needsRebuild())
    let rebuild = try TableRebuild(of: sample.table(), applying: sample.batch)
    #expect(rebuild.statements == sample.statements)
  }

  @Test func `the parts of a rebuild are told apart`() throws {
    let column = Column("z", sa("Integer"), isIndexed: true)
    let batch = BatchAlteration("t", recreate: .always, changes: [.addColumn(column)])
    let rebuild = try TableRebuild(of: .small(), applying: batch)
    #expect(rebuild.temporaryName == "_alembic_tmp_t")
    #expect(rebuild.temporaryIndexes == ["CREATE INDEX ix__alembic_tmp_t_z ON _alembic_tmp_t (z)"])
    #expect(rebuild.dropTable == "\nDROP TABLE t")
    #expect(rebuild.rename == "ALTER TABLE _alembic_tmp_t RENAME TO t")
    #expect(rebuild.cleanup == "\nDROP TABLE _alembic_tmp_t")
    #expect(
      rebuild.indexes == ["CREATE INDEX ix_name ON t (name, qty)", "CREATE INDEX ix_t_z ON t (z)"]
    )
  }

  @Test func `the temporary name is cut to fifty characters`() throws {
    let name = "é" + String(repeating: "x", count: 60)
    #expect(TableRebuild.temporaryName(for: name).unicodeScalars.count == 50)
    #expect(TableRebuild.temporaryName(for: "Job") == "_alembic_tmp_Job")
    let table = ReflectedTable(
      name: name,
      columns: [ReflectedTable.Column(name: "a", declaredType: "INTEGER")]
    )
    let rebuild = try TableRebuild(
      of: table,
      applying: BatchAlteration(name, recreate: .always, changes: [])
    )
    let cut = "_alembic_tmp_é" + String(repeating: "x", count: 36)
    #expect(rebuild.rename == "ALTER TABLE \"\(cut)\" RENAME TO \"\(name)\"")
  }

  struct DefaultCase: Sendable, CustomTestStringConvertible {
    let text: String
    let sql: String
    var testDescription: String { text }
  }

  @Test(arguments: [
    DefaultCase(text: "0", sql: "0"),
    DefaultCase(text: "10", sql: "(10)"),
    DefaultCase(text: "-1", sql: "(-1)"),
    DefaultCase(text: ".", sql: "(.)"),
    DefaultCase(text: "''", sql: "('')"),
    DefaultCase(text: "'x'", sql: "'x'"),
    DefaultCase(text: "'it''s'", sql: "'it''s'"),
    DefaultCase(text: "'a\nb'", sql: "('a\nb')"),
    DefaultCase(text: "CURRENT_TIMESTAMP", sql: "(CURRENT_TIMESTAMP)"),
    DefaultCase(text: "null", sql: "(null)"),
    DefaultCase(text: "1 + 1", sql: "(1 + 1)"),
    DefaultCase(text: "(1 + 1)", sql: "(1 + 1)"),
    DefaultCase(text: "x'00'", sql: "(x'00')"),
    DefaultCase(text: "\"dq\"", sql: "(\"dq\")"),
  ])
  func `a default is carried over as text`(_ sample: DefaultCase) throws {
    let column = ReflectedTable.Column(
      name: "a",
      declaredType: "TEXT",
      defaultText: sample.text
    )
    let rebuild = try TableRebuild(
      of: ReflectedTable(name: "t", columns: [column]),
      applying: BatchAlteration("t", recreate: .always, changes: [])
    )
    #expect(rebuild.createTable == created("_alembic_tmp_t", ["a TEXT DEFAULT \(sample.sql)"]))
  }
}
