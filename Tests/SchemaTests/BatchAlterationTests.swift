import Schema
import Testing

/// When a batch rebuilds its table, and what it sends otherwise.
@Suite struct BatchAlterationTests {
  struct RuleCase: Sendable, CustomTestStringConvertible {
    let name: String
    let change: BatchChange
    let needsRebuild: Bool

    init(_ name: String, _ change: BatchChange, _ needsRebuild: Bool) {
      self.name = name
      self.change = change
      self.needsRebuild = needsRebuild
    }

    var testDescription: String { name }
  }

  static let integer = sa("Integer")
  static let checked = sa("Boolean", [], ["create_constraint": .boolean(true)])
  static let toParent = Column.Reference(ForeignKey(table: "p", columns: ["id"]), name: "fk")

  @Test(arguments: [
    RuleCase("a plain column", .addColumn(Column("c", integer)), false),
    RuleCase(
      "a string default",
      .addColumn(Column("c", integer, serverDefault: .string("1"))),
      false
    ),
    RuleCase("a text default", .addColumn(Column("c", integer, serverDefault: .text("1"))), true),
    RuleCase("a function default", .addColumn(Column("c", integer, serverDefault: .true)), true),
    RuleCase(
      "a stored column",
      .addColumn(Column("c", integer, computed: Column.Computed("1", persisted: true))),
      true
    ),
    RuleCase(
      "a virtual column",
      .addColumn(Column("c", integer, computed: Column.Computed("1", persisted: false))),
      false
    ),
    RuleCase("an indexed column", .addColumn(Column("c", integer, isIndexed: true)), false),
    RuleCase(
      "a unique index",
      .addColumn(Column("c", integer, isUnique: true, isIndexed: true)),
      false
    ),
    RuleCase("a UNIQUE column", .addColumn(Column("c", integer, isUnique: true)), true),
    RuleCase("a foreign key", .addColumn(Column("c", integer, references: [toParent])), true),
    RuleCase("a type with a CHECK", .addColumn(Column("c", checked)), true),
    RuleCase(
      "a CHECK inside",
      .addColumn(Column("c", integer, checks: [Column.Check("c > 0")])),
      false
    ),
    RuleCase("a new index", .createIndex(Index("i", on: "t", columns: ["a"])), false),
    RuleCase("a dropped index", .dropIndex("i"), false),
    RuleCase("a dropped column", .dropColumn("a"), true),
    RuleCase("an altered column", .alterColumn(ColumnAlteration("a")), true),
    RuleCase("a new constraint", .createConstraint(Constraint(.check("1"), name: "c")), true),
    RuleCase("a dropped constraint", .dropConstraint("c"), true),
  ])
  func `a change decides about the rebuild`(_ sample: RuleCase) throws {
    let changes = [sample.change]
    #expect(try BatchAlteration("t", changes: changes).needsRebuild() == sample.needsRebuild)
    #expect(try BatchAlteration("t", recreate: .always, changes: changes).needsRebuild())
    #expect(try !BatchAlteration("t", recreate: .never, changes: changes).needsRebuild())
  }

  @Test func `an empty batch does nothing`() throws {
    let batch = BatchAlteration("t", changes: [])
    #expect(try SQLiteDDL.statements(for: .batch(batch)) == [])
    #expect(try BatchAlteration("t", recreate: .always, changes: []).needsRebuild())
  }

  @Test func `a neighbour needs a rebuild that is already due`() throws {
    let column = BatchChange.addColumn(Column("c", Self.integer), before: "a")
    let late = BatchAlteration("t", changes: [.dropColumn("b"), column])
    #expect(try late.needsRebuild())
    let early = BatchAlteration("t", changes: [column, .dropColumn("b")])
    let message = "insert_before and insert_after need recreate='always' on table t"
    #expect(throws: SchemaError(.command, message)) { try early.needsRebuild() }
  }

  @Test func `a batch without a rebuild sends plain statements`() throws {
    let batch = BatchAlteration(
      "t",
      changes: [
        .addColumn(Column("z", Self.integer, serverDefault: .string("1"), isIndexed: true)),
        .createIndex(Index("nx", on: "t", columns: ["name", "qty"], isUnique: true)),
        .dropIndex("ix_q"),
      ]
    )
    #expect(
      try SQLiteDDL.statements(for: .batch(batch)) == [
        "ALTER TABLE t ADD COLUMN z INTEGER DEFAULT '1'", "CREATE INDEX ix_t_z ON t (z)",
        "CREATE UNIQUE INDEX nx ON t (name, qty)", "\nDROP INDEX ix_q",
      ]
    )
  }

  @Test func `a batch that must not rebuild alters in place or is refused`() throws {
    let change = BatchChange.alterColumn(ColumnAlteration("qty", newName: "q2"))
    let batch = BatchAlteration("t", recreate: .never, changes: [change, .dropColumn("a")])
    #expect(
      try SQLiteDDL.statements(for: .batch(batch)) == [
        "ALTER TABLE t RENAME COLUMN qty TO q2", "ALTER TABLE t DROP COLUMN a",
      ]
    )
    for refused in [BatchChange.dropConstraint("c"), .createConstraint(Constraint(.check("1")))] {
      let batch = BatchAlteration("t", recreate: .never, changes: [refused])
      let error = #expect(throws: SchemaError.self) {
        try SQLiteDDL.statements(for: .batch(batch))
      }
      #expect(error?.code == .notImplemented)
    }
  }
}
