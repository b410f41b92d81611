import Schema
import Testing

/// CREATE TABLE and CREATE INDEX as `op.create_table` sends them.
@Suite struct CreateTableTests {
  struct TableCase: Sendable, CustomTestStringConvertible {
    let name: String
    let table: Table
    let statements: [String]

    init(_ name: String, _ table: Table, _ statements: [String]) {
      self.name = name
      self.table = table
      self.statements = statements
    }

    var testDescription: String { name }
  }

  static let integer = sa("Integer")
  static let key = Column("id", integer, isPrimaryKey: true)

  @Test(arguments: [
    TableCase(
      "the version table",
      Table(
        "alembic_version",
        columns: [Column("version_num", sa("String", [.integer(32)]), nullable: false)],
        constraints: [Constraint(.primaryKey(["version_num"]), name: "alembic_version_pkc")]
      ),
      [
        "\nCREATE TABLE alembic_version (\n\tversion_num VARCHAR(32) NOT NULL, "
          + "\n\tCONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)\n)\n\n"
      ]
    ),
    TableCase(
      "a quoted table",
      Table("Example", columns: [Column("Id", integer, isPrimaryKey: true)]),
      ["\nCREATE TABLE \"Example\" (\n\t\"Id\" INTEGER NOT NULL, \n\tPRIMARY KEY (\"Id\")\n)\n\n"]
    ),
    TableCase(
      "constraints in the order of their making",
      Table(
        "t",
        columns: [
          key,
          Column(
            "a",
            integer,
            isUnique: true,
            references: [Column.Reference(ForeignKey(table: "p", columns: ["id"]), name: "fka")]
          ),
          Column(
            "e",
            sa(
              "Enum",
              [.string("x"), .string("y")],
              ["name": .string("e1"), "create_constraint": .boolean(true)]
            ),
            isUnique: true
          ),
          Column(
            "b",
            sa("Boolean", [], ["create_constraint": .boolean(true)]),
            references: [Column.Reference(ForeignKey(table: "q", columns: ["id"]))]
          ),
        ],
        constraints: [
          Constraint(.unique(["a", "b"]), name: "uq_ab"),
          Constraint(.check("a>0")),
          Constraint(
            .foreignKey(columns: ["a", "b"], ForeignKey(table: "z", columns: ["x", "y"]))
          ),
        ]
      ),
      [
        created(
          "t",
          [
            "id INTEGER NOT NULL", "a INTEGER", "e VARCHAR(1)", "b BOOLEAN", "PRIMARY KEY (id)",
            "CONSTRAINT uq_ab UNIQUE (a, b)", "CHECK (a>0)",
            "FOREIGN KEY(a, b) REFERENCES z (x, y)", "UNIQUE (a)",
            "CONSTRAINT fka FOREIGN KEY(a) REFERENCES p (id)", "UNIQUE (e)",
            "CONSTRAINT e1 CHECK (e IN ('x', 'y'))", "CHECK (b IN (0, 1))",
            "FOREIGN KEY(b) REFERENCES q (id)",
          ]
        )
      ]
    ),
    TableCase(
      "a key given beside the columns",
      Table(
        "t",
        columns: [Column("a", integer), Column("b", sa("String", [.integer(3)]))],
        constraints: [Constraint(.primaryKey(["b", "a"]), name: "pk_t")]
      ),
      [
        created(
          "t",
          ["a INTEGER NOT NULL", "b VARCHAR(3) NOT NULL", "CONSTRAINT pk_t PRIMARY KEY (b, a)"]
        )
      ]
    ),
    TableCase(
      "a nullable key",
      Table(
        "t",
        columns: [Column("a", integer, nullable: true)],
        constraints: [Constraint(.primaryKey(["a"]))]
      ),
      [created("t", ["a INTEGER", "PRIMARY KEY (a)"])]
    ),
    TableCase(
      "a key constraint beats the flag of a column",
      Table(
        "t",
        columns: [Column("a", integer, isPrimaryKey: true), Column("b", integer)],
        constraints: [Constraint(.primaryKey(["b"]))]
      ),
      [created("t", ["a INTEGER NOT NULL", "b INTEGER NOT NULL", "PRIMARY KEY (b)"])]
    ),
    TableCase(
      "AUTOINCREMENT",
      Table("t", columns: [key], options: Table.Options(autoincrement: true)),
      [created("t", ["id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT"])]
    ),
    TableCase(
      "no AUTOINCREMENT for a text",
      Table(
        "t",
        columns: [Column("a", sa("String"), isPrimaryKey: true)],
        options: Table.Options(autoincrement: true)
      ),
      [created("t", ["a VARCHAR NOT NULL", "PRIMARY KEY (a)"])]
    ),
    TableCase(
      "no AUTOINCREMENT for a foreign key",
      Table(
        "t",
        columns: [
          Column(
            "a",
            integer,
            isPrimaryKey: true,
            references: [Column.Reference(ForeignKey(table: "p", columns: ["id"]))]
          )
        ],
        options: Table.Options(autoincrement: true)
      ),
      [
        created(
          "t",
          ["a INTEGER NOT NULL", "PRIMARY KEY (a)", "FOREIGN KEY(a) REFERENCES p (id)"]
        )
      ]
    ),
    TableCase(
      "SQLite's own words",
      Table(
        "t",
        columns: [key],
        options: Table.Options(withoutRowid: true, strict: true),
        prefixes: ["TEMPORARY"],
        ifNotExists: true
      ),
      [
        "\nCREATE TEMPORARY TABLE IF NOT EXISTS t (\n\tid INTEGER NOT NULL, "
          + "\n\tPRIMARY KEY (id)\n)\n WITHOUT ROWID,\n STRICT\n\n"
      ]
    ),
    TableCase("no columns", Table("t", columns: []), ["\nCREATE TABLE t (\n)\n\n"]),
    TableCase(
      "generated columns and an identity",
      Table(
        "t",
        columns: [
          Column("a", integer, isIdentity: true),
          Column("b", integer, computed: Column.Computed("a * 2")),
          Column("c", integer, nullable: false, computed: Column.Computed("a", persisted: true)),
          Column(
            "d",
            integer,
            checks: [Column.Check("d>0", name: "ck")],
            computed: Column.Computed("a * 2", persisted: false)
          ),
        ]
      ),
      [
        created(
          "t",
          [
            "a INTEGER NOT NULL", "b INTEGER GENERATED ALWAYS AS (a * 2)",
            "c INTEGER NOT NULL GENERATED ALWAYS AS (a) STORED",
            "d INTEGER GENERATED ALWAYS AS (a * 2) VIRTUAL CONSTRAINT ck CHECK (d>0)",
          ]
        )
      ]
    ),
    TableCase(
      "indexes of columns, and one beside them",
      Table(
        "t",
        columns: [
          Column("a", integer, isIndexed: true),
          Column("B", integer, isUnique: true, isIndexed: true),
        ],
        indexes: [Index("ix", on: "t", columns: ["a", "B"])]
      ),
      [
        created("t", ["a INTEGER", "\"B\" INTEGER"]), "CREATE INDEX ix_t_a ON t (a)",
        "CREATE UNIQUE INDEX \"ix_t_B\" ON t (\"B\")", "CREATE INDEX ix ON t (a, \"B\")",
      ]
    ),
    TableCase(
      "default, NOT NULL and CHECK inside a column",
      Table(
        "t",
        columns: [
          Column(
            "a",
            integer,
            nullable: false,
            serverDefault: .string("1"),
            checks: [Column.Check("a>0"), Column.Check("a<9", name: "Ck2")]
          )
        ]
      ),
      [
        created(
          "t",
          ["a INTEGER DEFAULT '1' NOT NULL CHECK (a>0) CONSTRAINT \"Ck2\" CHECK (a<9)"]
        )
      ]
    ),
    TableCase(
      "every option of a foreign key",
      Table(
        "t",
        columns: [
          Column(
            "b",
            integer,
            references: [
              Column.Reference(
                ForeignKey(
                  table: "p",
                  columns: ["id"],
                  onUpdate: "SET NULL",
                  onDelete: "CASCADE",
                  match: "FULL"
                ),
                name: "fk_b",
                deferrable: true,
                initially: "DEFERRED"
              )
            ]
          ),
          Column(
            "c",
            integer,
            references: [
              Column.Reference(ForeignKey(table: "P", columns: ["Id"]), deferrable: false)
            ]
          ),
        ]
      ),
      [
        created(
          "t",
          [
            "b INTEGER", "c INTEGER",
            "CONSTRAINT fk_b FOREIGN KEY(b) REFERENCES p (id) MATCH FULL ON DELETE CASCADE "
              + "ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED",
            "FOREIGN KEY(c) REFERENCES \"P\" (\"Id\") NOT DEFERRABLE",
          ]
        )
      ]
    ),
  ])
  func `a table is created as SQLAlchemy does it`(_ sample: TableCase) throws {
    #expect(try SQLiteDDL.statements(for: .createTable(sample.table)) == sample.statements)
  }
}
