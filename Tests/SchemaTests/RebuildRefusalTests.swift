import Schema
import Testing

/// What a rebuild refuses, with the exceptions of alembic.
@Suite struct RebuildRefusalTests {
  struct Refusal: Sendable, CustomTestStringConvertible {
    let name: String
    let code: SchemaError.Code
    let message: String
    let changes: [BatchChange]

    init(
      _ name: String,
      _ code: SchemaError.Code,
      _ message: String,
      _ changes: [BatchChange]
    ) {
      self.name = name
      self.code = code
      self.message = message
      self.changes = changes
    }

    var testDescription: String { name }
  }

  static let integer = sa("Integer")

  @Test(arguments: [
    Refusal(
      "altering an unknown column",
      .key,
      "'Title'",
      [.alterColumn(ColumnAlteration("Title", nullable: false))]
    ),
    Refusal(
      "altering a column by its new name",
      .key,
      "'b'",
      [
        .alterColumn(ColumnAlteration("name", newName: "b")),
        .alterColumn(ColumnAlteration("b", nullable: false)),
      ]
    ),
    Refusal("dropping an unknown column", .key, "'nope'", [.dropColumn("nope")]),
    Refusal(
      "dropping an added column",
      .value,
      "the batch adds and drops the column z",
      [.addColumn(Column("z", integer)), .dropColumn("z")]
    ),
    Refusal(
      "an index on an unknown column",
      .key,
      "'nope'",
      [.createIndex(Index("x", on: "t", columns: ["nope"]))]
    ),
    Refusal(
      "an index on an expression",
      .key,
      "'lower(name)'",
      [.createIndex(Index("x", on: "t", [.expression("lower(name)")]))]
    ),
    Refusal("an unknown index", .value, "No such index: 'nope'", [.dropIndex("nope")]),
    Refusal(
      "an unknown constraint",
      .value,
      "No such constraint: 'nope'",
      [.dropConstraint("nope")]
    ),
    Refusal(
      "a constraint without a name",
      .value,
      "Constraint must have a name",
      [.createConstraint(Constraint(.unique(["name"])))]
    ),
    Refusal(
      "an added column with an unnamed UNIQUE",
      .value,
      "Constraint must have a name",
      [.addColumn(Column("z", integer, isUnique: true))]
    ),
    Refusal(
      "an added column with an unnamed foreign key",
      .value,
      "Constraint must have a name",
      [
        .addColumn(
          Column(
            "z",
            integer,
            references: [Column.Reference(ForeignKey(table: "p", columns: ["id"]))]
          )
        )
      ]
    ),
    Refusal(
      "an added column that exists",
      .refused,
      "table t already has a column qty",
      [.addColumn(Column("qty", integer))]
    ),
    Refusal(
      "two columns of one name",
      .duplicateColumn,
      "table _alembic_tmp_t has two columns named name",
      [.alterColumn(ColumnAlteration("qty", newName: "name"))]
    ),
    Refusal(
      "an index on a dropped column whose name another column takes",
      .duplicateColumn,
      "the index ix_name is on the dropped column name, whose name another column takes",
      [.dropColumn("name"), .alterColumn(ColumnAlteration("qty", newName: "name"))]
    ),
    Refusal(
      "a cast of an added column",
      .key,
      "'expr'",
      [
        .addColumn(Column("z", integer)),
        .alterColumn(ColumnAlteration("z", type: sa("Text"))),
      ]
    ),
    Refusal(
      "an unknown neighbour",
      .key,
      "'nope'",
      [.addColumn(Column("z", integer), before: "nope")]
    ),
    Refusal(
      "no column left",
      .refused,
      "no column of table t would survive",
      [
        .dropColumn("id"), .dropColumn("name"), .dropColumn("qty"),
        .addColumn(Column("z", integer)),
      ]
    ),
    Refusal(
      "a type without SQL",
      .compile,
      "column qty of table t: SQLite has no type for ARRAY",
      [.alterColumn(ColumnAlteration("qty", type: sa("ARRAY", [.type(integer)])))]
    ),
  ])
  func `a rebuild is refused`(_ sample: Refusal) throws {
    let table = try ReflectedTable.small()
    let batch = BatchAlteration("t", recreate: .always, changes: sample.changes)
    #expect(throws: SchemaError(sample.code, sample.message)) {
      try TableRebuild(of: table, applying: batch)
    }
  }

  @Test func `columns that wait for each other are refused`() throws {
    let batch = BatchAlteration(
      "t",
      recreate: .always,
      changes: [],
      partialReordering: [["id", "qty"], ["qty", "id"]]
    )
    let error = #expect(throws: SchemaError.self) {
      try TableRebuild(of: .small(), applying: batch)
    }
    #expect(error?.code == .circularDependency)
  }

  struct TableRefusal: Sendable, CustomTestStringConvertible {
    let name: String
    let code: SchemaError.Code
    let column: ReflectedTable.Column
    var testDescription: String { name }
  }

  @Test(arguments: [
    TableRefusal(
      name: "a column without a type",
      code: .compile,
      column: ReflectedTable.Column(name: "x", declaredType: "")
    ),
    TableRefusal(
      name: "a type that reflection does not know",
      code: .compile,
      column: ReflectedTable.Column(name: "x", declaredType: "LONGBLOB")
    ),
    TableRefusal(
      name: "a generated column",
      code: .refused,
      column: ReflectedTable.Column(name: "x", declaredType: "INTEGER", isGenerated: true)
    ),
    TableRefusal(
      name: "a default that looks like a bind parameter",
      code: .refused,
      column: ReflectedTable.Column(name: "x", declaredType: "TEXT", defaultText: "':x'")
    ),
  ])
  func `a table that cannot be rebuilt is refused`(_ sample: TableRefusal) {
    let table = ReflectedTable(
      name: "t",
      columns: [ReflectedTable.Column(name: "id", declaredType: "INTEGER"), sample.column]
    )
    let batch = BatchAlteration("t", recreate: .always, changes: [])
    let error = #expect(throws: SchemaError.self) {
      try TableRebuild(of: table, applying: batch)
    }
    #expect(error?.code == sample.code)
  }

  @Test func `a foreign key to a missing table is refused`() throws {
    let table = try ReflectedTable.parse(
      name: "t",
      sql: "CREATE TABLE t (x INTEGER REFERENCES p (id))",
      columns: [PragmaColumn(name: "x", type: "INTEGER")],
      foreignKeys: [PragmaForeignKey(id: 0, table: "p", column: "x", referencedColumn: "id")]
    )
    #expect(table.missingTables == ["p"])
    #expect(throws: SchemaError(.noSuchTable, "p")) {
      try TableRebuild(of: table, applying: BatchAlteration("t", recreate: .always, changes: []))
    }
  }
}
