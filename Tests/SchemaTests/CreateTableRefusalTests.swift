import Schema
import Testing

/// What CREATE TABLE refuses, and the targets of foreign keys.
@Suite struct CreateTableRefusalTests {
  struct RefusalCase: Sendable, CustomTestStringConvertible {
    let name: String
    let code: SchemaError.Code
    let table: Table

    init(_ name: String, _ code: SchemaError.Code, _ table: Table) {
      self.name = name
      self.code = code
      self.table = table
    }

    var testDescription: String { name }
  }

  static let integer = sa("Integer")

  @Test(arguments: [
    RefusalCase("no type", .compile, Table("t", columns: [Column("a", .null)])),
    RefusalCase(
      "ARRAY",
      .compile,
      Table("t", columns: [Column("a", sa("ARRAY", [.type(integer)]))])
    ),
    RefusalCase(
      "two columns of one name",
      .duplicateColumn,
      Table("t", columns: [Column("a", integer), Column("a", integer)])
    ),
    RefusalCase(
      "UNIQUE of an unknown column",
      .constraintColumn,
      Table("t", columns: [Column("a", integer)], constraints: [Constraint(.unique(["z"]))])
    ),
    RefusalCase(
      "a key over an unknown column",
      .constraintColumn,
      Table("t", columns: [Column("a", integer)], constraints: [Constraint(.primaryKey(["z"]))])
    ),
    RefusalCase(
      "autoincrement in a key of two columns",
      .compile,
      Table(
        "t",
        columns: [
          Column("a", integer, isPrimaryKey: true, autoincrement: .enabled),
          Column("b", integer, isPrimaryKey: true),
        ]
      )
    ),
    RefusalCase(
      "an action that is no SQL phrase",
      .compile,
      Table(
        "t",
        columns: [
          Column(
            "a",
            integer,
            references: [
              Column.Reference(ForeignKey(table: "p", columns: ["id"], onDelete: "foo; drop"))
            ]
          )
        ]
      )
    ),
    RefusalCase(
      "a foreign key of unequal sides",
      .argument,
      Table(
        "t",
        columns: [Column("a", integer)],
        constraints: [
          Constraint(.foreignKey(columns: ["a"], ForeignKey(table: "p", columns: ["x", "y"])))
        ]
      )
    ),
    RefusalCase(
      "a bind parameter in a CHECK",
      .refused,
      Table("t", columns: [Column("a", integer, checks: [Column.Check("a != ':x'")])])
    ),
    RefusalCase(
      "an index on an expression without a name",
      .compile,
      Table(
        "t",
        columns: [Column("a", integer)],
        indexes: [Index(nil, on: "t", [.expression("lower(a)")])]
      )
    ),
  ])
  func `a table that cannot be made is refused`(_ sample: RefusalCase) {
    let error = #expect(throws: SchemaError.self) {
      try SQLiteDDL.statements(for: .createTable(sample.table))
    }
    #expect(error?.code == sample.code)
  }

  @Test func `a refusal names the column and the table`() {
    let table = Table("t", columns: [Column("a", .null)])
    let message = "column a of table t: no type is given, and DDL cannot be made without one"
    #expect(throws: SchemaError(.compile, message)) {
      try SQLiteDDL.statements(for: .createTable(table))
    }
  }

  @Test func `the text of a foreign key names a table and a column`() throws {
    let target = try ForeignKey.target("p.id", for: "a")
    #expect(target == ForeignKey(table: "p", columns: ["id"]))
    #expect(try ForeignKey.target("p", for: "a") == ForeignKey(table: "p", columns: ["a"]))
    let error = #expect(throws: SchemaError.self) { try ForeignKey.target("main.p.id", for: "a") }
    #expect(error?.code == .refused)
  }

  struct DefaultCase: Sendable, CustomTestStringConvertible {
    let value: ServerDefault
    let sql: String

    init(_ value: ServerDefault, _ sql: String) {
      self.value = value
      self.sql = sql
    }

    var testDescription: String { sql }
  }

  @Test(arguments: [
    DefaultCase(.string("0"), "'0'"), DefaultCase(.string("it's"), "'it''s'"),
    DefaultCase(.string(""), "''"), DefaultCase(.text("0"), "0"), DefaultCase(.text("'x'"), "'x'"),
    DefaultCase(.text("CURRENT_TIMESTAMP"), "CURRENT_TIMESTAMP"),
    DefaultCase(.text("(1)"), "(1)"), DefaultCase(.text(" (1)"), " (1)"),
    DefaultCase(.text("1 + 1"), "(1 + 1)"), DefaultCase(.text("-1"), "(-1)"),
    DefaultCase(.text("1.5"), "(1.5)"), DefaultCase(.text("\"x\""), "\"x\""),
    DefaultCase(.text("datetime('now')"), "(datetime('now'))"), DefaultCase(.text(""), ""),
    DefaultCase(.text("é"), "é"), DefaultCase(.text("a\nb"), "(a\nb)"),
    DefaultCase(.text("'\\:x'"), "':x'"),
    DefaultCase(.currentTimestamp, "CURRENT_TIMESTAMP"), DefaultCase(.currentDate, "CURRENT_DATE"),
    DefaultCase(.currentTime, "CURRENT_TIME"), DefaultCase(.true, "1"), DefaultCase(.false, "0"),
    DefaultCase(.null, "NULL"), DefaultCase(.expression("5"), "5"),
    DefaultCase(.expression("-3"), "(-3)"), DefaultCase(.expression("lower('X')"), "(lower('X'))"),
  ])
  func `a default is put in parentheses by SQLAlchemy's rule`(_ sample: DefaultCase) throws {
    let table = Table("t", columns: [Column("a", Self.integer, serverDefault: sample.value)])
    let statements = try SQLiteDDL.statements(for: .createTable(table))
    #expect(statements == [created("t", ["a INTEGER DEFAULT \(sample.sql)"])])
  }

  @Test func `a UNIQUE of no columns is left out`()
    throws
  {
    let table = Table(
      "t",
      columns: [Column("a", Self.integer)],
      constraints: [Constraint(.unique([]), name: "x")]
    )
    #expect(
      try SQLiteDDL.statements(for: .createTable(table)) == [created("t", ["a INTEGER"])]
    )
  }
}
