import Schema
import Testing

/// What a rebuild loses without a word from alembic.
@Suite struct RebuildLossTests {
  @Test func `a rebuild names everything that it loses`() throws {
    let batch = BatchAlteration("t", recreate: .always, changes: [])
    let rebuild = try TableRebuild(of: .wide(), applying: batch)
    #expect(
      rebuild.losses == [
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
      rebuild.losses == [
        "ON DELETE CASCADE of the foreign key from pid is gone",
        "the index ix_e is gone, as it is on an expression",
        "the trigger tr is gone",
      ]
    )
  }

  @Test func `a constraint left out and an index on a dropped column are named`() throws {
    let unique = Constraint(.unique(["nope"]), name: "uq_x")
    let batch = BatchAlteration("t", changes: [.createConstraint(unique), .dropColumn("name")])
    let rebuild = try TableRebuild(of: .small(), applying: batch)
    #expect(
      rebuild.losses == [
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
      rebuild.losses == ["the constraint ck_qty gives way to a new one of the same name"]
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
      rebuild.losses == [
        "the column a is declared INTEGER instead of INT",
        "one of the two constraints named c is gone",
      ]
    )
  }
}
