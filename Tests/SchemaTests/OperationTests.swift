import Schema
import Testing

/// Operations outside a batch.
@Suite struct OperationTests {
  struct OperationCase: Sendable, CustomTestStringConvertible {
    let operation: Schema.Operation
    let statements: [String]

    init(_ operation: Schema.Operation, _ statements: String...) {
      self.operation = operation
      self.statements = statements
    }

    var testDescription: String { statements.joined(separator: "; ") }
  }

  static let integer = sa("Integer")
  static let toParent = Column.Reference(
    ForeignKey(table: "p", columns: ["id"], onDelete: "CASCADE"),
    deferrable: true
  )

  @Test(arguments: [
    OperationCase(.dropTable("t"), "\nDROP TABLE t"),
    OperationCase(.dropTable("T", ifExists: true), "\nDROP TABLE IF EXISTS \"T\""),
    OperationCase(.renameTable(from: "t", to: "T2"), "ALTER TABLE t RENAME TO \"T2\""),
    OperationCase(
      .addColumn(
        table: "t",
        Column(
          "c",
          integer,
          nullable: false,
          serverDefault: .string("0"),
          isIndexed: true,
          checks: [Column.Check("c > 0")]
        )
      ),
      "ALTER TABLE t ADD COLUMN c INTEGER DEFAULT '0' NOT NULL CHECK (c > 0)",
      "CREATE INDEX ix_t_c ON t (c)"
    ),
    OperationCase(
      .addColumn(table: "t", Column("c", integer, isUnique: true, isIndexed: true)),
      "ALTER TABLE t ADD COLUMN c INTEGER",
      "CREATE UNIQUE INDEX ix_t_c ON t (c)"
    ),
    OperationCase(
      .addColumn(
        table: "t",
        Column(
          "p_id",
          integer,
          references: [toParent],
          checks: [Column.Check("p_id > 0", name: "ck")]
        ),
        AddColumnOptions(inlineReferences: true)
      ),
      "ALTER TABLE t ADD COLUMN p_id INTEGER REFERENCES p (id) ON DELETE CASCADE DEFERRABLE "
        + "CONSTRAINT ck CHECK (p_id > 0)"
    ),
    OperationCase(
      .addColumn(table: "t", Column("c", integer, nullable: true, isPrimaryKey: true)),
      "ALTER TABLE t ADD COLUMN c INTEGER"
    ),
    OperationCase(
      .addColumn(
        table: "t",
        Column("c", sa("Boolean", [], ["create_constraint": .boolean(true)]))
      ),
      "ALTER TABLE t ADD COLUMN c BOOLEAN"
    ),
    OperationCase(
      .addColumn(
        table: "t",
        Column("c", integer, computed: Column.Computed("qty * 2", persisted: false))
      ),
      "ALTER TABLE t ADD COLUMN c INTEGER GENERATED ALWAYS AS (qty * 2) VIRTUAL"
    ),
    OperationCase(.dropColumn(table: "t", column: "Name"), "ALTER TABLE t DROP COLUMN \"Name\""),
    OperationCase(
      .alterColumn(table: "t", ColumnAlteration("name", newName: "Nm")),
      "ALTER TABLE t RENAME COLUMN name TO \"Nm\""
    ),
    OperationCase(
      .alterColumn(table: "t", ColumnAlteration("name", nullable: true, serverDefault: .drop)),
      "ALTER TABLE t ALTER COLUMN name DROP NOT NULL",
      "ALTER TABLE t ALTER COLUMN name DROP DEFAULT"
    ),
    OperationCase(
      .alterColumn(
        table: "t",
        ColumnAlteration(
          "name",
          newName: "n",
          type: sa("String", [.integer(5)]),
          nullable: false,
          serverDefault: .set(.text("1 + 1"))
        )
      ),
      "ALTER TABLE t ALTER COLUMN name SET NOT NULL",
      "ALTER TABLE t ALTER COLUMN name SET DEFAULT 1 + 1",
      "ALTER TABLE t ALTER COLUMN name TYPE VARCHAR(5)",
      "ALTER TABLE t RENAME COLUMN name TO n"
    ),
    OperationCase(
      .createIndex(
        Index("ix1", on: "t", columns: ["name", "id"], isUnique: true),
        ifNotExists: true
      ),
      "CREATE UNIQUE INDEX IF NOT EXISTS ix1 ON t (name, id)"
    ),
    OperationCase(
      .createIndex(
        Index(
          "ix1",
          on: "t",
          [.expression("lower(name)"), .expression("name DESC"), .column("id")],
          predicate: "name != 'x'"
        )
      ),
      "CREATE INDEX ix1 ON t (lower(name), name DESC, id) WHERE name != 'x'"
    ),
    OperationCase(
      .createIndex(Index(nil, on: "t", columns: ["name", "id"])),
      "CREATE INDEX ix_t_name ON t (name, id)"
    ),
    OperationCase(.dropIndex("ix1"), "\nDROP INDEX ix1"),
    OperationCase(.dropIndex("Ix1", ifExists: true), "\nDROP INDEX IF EXISTS \"Ix1\""),
    OperationCase(.execute("UPDATE t SET name = 'a\\:b'"), "UPDATE t SET name = 'a:b'"),
    OperationCase(.execute("")),
  ])
  func `an operation is sent as alembic does it`(_ sample: OperationCase) throws {
    #expect(try SQLiteDDL.statements(for: sample.operation) == sample.statements)
  }

  struct RefusalCase: Sendable, CustomTestStringConvertible {
    let name: String
    let operation: Schema.Operation
    let code: SchemaError.Code
    var testDescription: String { name }
  }

  @Test(arguments: [
    RefusalCase(
      name: "a column with a foreign key",
      operation: .addColumn(table: "t", Column("c", integer, references: [toParent])),
      code: .notImplemented
    ),
    RefusalCase(
      name: "a column with UNIQUE",
      operation: .addColumn(table: "t", Column("c", integer, isUnique: true)),
      code: .notImplemented
    ),
    RefusalCase(
      name: "a column with two foreign keys inside",
      operation: .addColumn(
        table: "t",
        Column("c", integer, references: [toParent, toParent]),
        AddColumnOptions(inlineReferences: true)
      ),
      code: .notImplemented
    ),
    RefusalCase(
      name: "a new constraint",
      operation: .createConstraint(table: "t", Constraint(.unique(["a"]), name: "uq")),
      code: .notImplemented
    ),
    RefusalCase(
      name: "a dropped constraint",
      operation: .dropConstraint(table: "t", name: "uq"),
      code: .notImplemented
    ),
    RefusalCase(
      name: "a column without a type",
      operation: .addColumn(table: "t", Column("c", .null)),
      code: .compile
    ),
    RefusalCase(
      name: "a bind parameter",
      operation: .execute("UPDATE t SET name = ':b'"),
      code: .refused
    ),
    RefusalCase(
      name: "a batch that needs a rebuild",
      operation: .batch(BatchAlteration("t", changes: [.dropColumn("a")])),
      code: .command
    ),
  ])
  func `an operation is refused before anything is sent`(_ sample: RefusalCase) {
    let error = #expect(throws: SchemaError.self) {
      try SQLiteDDL.statements(for: sample.operation)
    }
    #expect(error?.code == sample.code)
  }
}
