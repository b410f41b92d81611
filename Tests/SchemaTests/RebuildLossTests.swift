import Schema
import Testing

/// What a rebuild loses without a word from alembic.
@Suite struct RebuildLossTests {
  @Test func `a rebuild names everything that it loses`() throws {
    let batch = BatchAlteration("t", recreate: .always, changes: [])
    let rebuild = try TableRebuild(of: .wide(), applying: batch)
    #expect(
      rebuild.losses.map(\.what) == [
        "the primary key is no longer AUTOINCREMENT, so that old keys may be used again",
        "the column name loses COLLATE NOCASE",
        "the column tag is declared NUMERIC instead of uuid",
        "the constraint CHECK (ts > 0) is gone, as it has no name",
        "the constraint CHECK (qty < 5) is gone, as it has no name",
        "the constraint UNIQUE (code) is gone",
        "ON DELETE CASCADE of the foreign key from pid is gone",
        "the index ix_p loses its WHERE after the first line",
        "the index ix_q loses DESC",
        "the index ix_e is gone, as it is on an expression",
        "the trigger tr is gone",
      ]
    )
  }

  @Test func `every loss that can be undone names the statement that does it`() throws {
    var table = try ReflectedTable.wide()
    table.definitions["tr"] = "CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END"
    let batch = BatchAlteration("t", recreate: .always, changes: [])
    let rebuild = try TableRebuild(of: table, applying: batch)
    #expect(
      rebuild.losses.map(\.remedy) == [
        "op.batch_alter_table('t', table_kwargs={'sqlite_autoincrement': True})",
        "batch_op.alter_column('name', type_=sa.VARCHAR(20, collation='NOCASE'))",
        nil,
        "batch_op.create_check_constraint('ck_t_1', 'ts > 0')",
        "batch_op.create_check_constraint('ck_t_2', 'qty < 5')",
        "CREATE UNIQUE INDEX uq_t_code ON t (code)",
        "op.batch_alter_table('t', naming_convention={'fk': 'fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s'}); batch_op.drop_constraint('fk_t_pid_p', type_='foreignkey'); batch_op.create_foreign_key('fk_t_pid_p', 'p', ['pid'], ['id'], ondelete='CASCADE')",
        "DROP INDEX ix_p; CREATE UNIQUE INDEX ix_p ON t (qty) WHERE qty > 1\n AND code <> 'a'",
        "DROP INDEX ix_q; CREATE INDEX ix_q ON t (qty DESC, name)",
        "CREATE INDEX ix_e ON t (lower(name))",
        "CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END",
      ]
    )
  }

  @Test func `what the batch brings back or drops is no loss`() throws {
    let batch = BatchAlteration(
      "t",
      changes: [
        .dropColumn("name"), .dropColumn("code"),
        .alterColumn(ColumnAlteration("tag", type: sa("Text"))),
        .dropIndex("ix_q"), .dropIndex("ix_p"),
      ],
      tableConstraints: [Constraint(.check("qty < 5"))],
      tableOptions: Table.Options(autoincrement: true)
    )
    let rebuild = try TableRebuild(of: .wide(), applying: batch)
    #expect(
      rebuild.losses.map(\.what) == [
        "ON DELETE CASCADE of the foreign key from pid is gone",
        "the index ix_e is gone, as it is on an expression",
        "the trigger tr is gone",
      ]
    )
  }

  /// A column with a collation, and the directive that brings that back.
  @Test(
    arguments: [
      ("TEXT", "sa.TEXT(collation='RTRIM')"), ("varchar(9)", "sa.VARCHAR(9, collation='RTRIM')"),
      ("NCHAR(3)", "sa.NCHAR(3, collation='RTRIM')"), ("INTEGER", nil), ("string", nil),
      ("CLOB", nil),
    ] as [(String, String?)]
  )
  func `a collation is brought back with the type as it was, or not at all`(
    _ type: String,
    _ python: String?
  ) throws {
    let table = try ReflectedTable.parse(
      name: "t",
      sql: "CREATE TABLE t (a \(type) COLLATE RTRIM)",
      columns: [PragmaColumn(name: "a", type: type)]
    )
    let batch = BatchAlteration("t", recreate: .always, changes: [])
    let rebuild = try TableRebuild(of: table, applying: batch)
    let loss = try #require(rebuild.losses.first { $0.what == "the column a loses COLLATE RTRIM" })
    #expect(loss.remedy == python.map { "batch_op.alter_column('a', type_=\($0))" })
  }

  @Test func `a remedy takes no name that is there already`() throws {
    let table = try ReflectedTable.parse(
      name: "t",
      sql: "CREATE TABLE t (a INTEGER, CONSTRAINT ck_t_1 CHECK (a > 1), CHECK (a < ':n'))",
      columns: [PragmaColumn(name: "a", type: "INTEGER")]
    )
    let batch = BatchAlteration("t", recreate: .always, changes: [])
    let rebuild = try TableRebuild(of: table, applying: batch)
    #expect(
      rebuild.losses.map(\.remedy) == [
        "batch_op.create_check_constraint('ck_t_1_2', 'a < \\'\\\\:n\\'')"
      ]
    )
  }

  @Test func `a constraint left out and an index on a dropped column are named`() throws {
    let unique = Constraint(.unique(["nope"]), name: "uq_x")
    let batch = BatchAlteration("t", changes: [.createConstraint(unique), .dropColumn("name")])
    let rebuild = try TableRebuild(of: .small(), applying: batch)
    #expect(
      rebuild.losses.map(\.what) == [
        "the new constraint uq_x is left out, as it names an unknown column",
        "the index ix_name names the dropped column name",
      ]
    )
  }

  @Test func `a constraint that is replaced by its name is named`() throws {
    let unique = Constraint(.unique(["qty"]), name: "ck_qty")
    let batch = BatchAlteration("t", changes: [.createConstraint(unique)])
    let rebuild = try TableRebuild(of: .small(), applying: batch)
    #expect(
      rebuild.losses.map(\.what) == [
        "the constraint ck_qty gives way to a new one of the same name"
      ]
    )
  }

  @Test func `of two constraints with one name the last is kept`() throws {
    let table = try ReflectedTable.parse(
      name: "t",
      sql: "CREATE TABLE t (a INT, CONSTRAINT c CHECK (a > 1), CONSTRAINT c CHECK (a < 9))",
      columns: [PragmaColumn(name: "a", type: "INT")]
    )
    let rebuild = try TableRebuild(
      of: table,
      applying: BatchAlteration("t", recreate: .always, changes: [])
    )
    #expect(
      rebuild.createTable == created("_alembic_tmp_t", ["a INTEGER", "CONSTRAINT c CHECK (a < 9)"])
    )
    #expect(
      rebuild.losses.map(\.what) == [
        "the column a is declared INTEGER instead of INT",
        "one of the two constraints named c is gone",
      ]
    )
  }
}
