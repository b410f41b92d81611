import Schema

extension RebuildCase {
  /// What a rebuild makes of odd texts and types; the statements are alembic's.
  static let texts: [RebuildCase] = [
    RebuildCase(
      "WITHOUT ROWID and STRICT stay",
      {
        try ReflectedTable.parse(
          name: "t",
          sql: "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, x TEXT) WITHOUT "
            + "ROWID, STRICT",
          columns: [
            PragmaColumn(name: "id", type: "INTEGER", isNotNull: true, primaryKeyPosition: 1),
            PragmaColumn(name: "x", type: "TEXT"),
          ],
          indexes: [
            PragmaIndex(
              name: "sqlite_autoindex_t_1",
              isUnique: true,
              origin: "pk",
              columns: ["id"],
              sql: nil
            )
          ]
        )
      },
      BatchAlteration("t", changes: [.alterColumn(ColumnAlteration("x", nullable: false))]),
      [
        created(
          "_alembic_tmp_t",
          ["id INTEGER NOT NULL", "x TEXT NOT NULL", "PRIMARY KEY (id)"],
          tail: "\n WITHOUT ROWID,\n STRICT"
        ), "INSERT INTO _alembic_tmp_t (id, x) SELECT t.id, t.x \nFROM t", "\nDROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t",
      ]
    ),
    RebuildCase(
      "a generated column that is dropped",
      {
        try ReflectedTable.parse(
          name: "t",
          sql: "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, x TEXT, g "
            + "INTEGER GENERATED ALWAYS AS (id * 2) STORED)",
          columns: [
            PragmaColumn(name: "id", type: "INTEGER", isNotNull: true, primaryKeyPosition: 1),
            PragmaColumn(name: "x", type: "TEXT"),
            PragmaColumn(name: "g", type: "INTEGER", hidden: 3),
          ]
        )
      },
      BatchAlteration("t", changes: [.dropColumn("g")]),
      [
        created("_alembic_tmp_t", ["id INTEGER NOT NULL", "x TEXT", "PRIMARY KEY (id)"]),
        "INSERT INTO _alembic_tmp_t (id, x) SELECT t.id, t.x \nFROM t", "\nDROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t",
      ]
    ),
    RebuildCase(
      "a column without a type gets one",
      {
        try ReflectedTable.parse(
          name: "t",
          sql: "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, x)",
          columns: [
            PragmaColumn(name: "id", type: "INTEGER", isNotNull: true, primaryKeyPosition: 1),
            PragmaColumn(name: "x", type: ""),
          ]
        )
      },
      BatchAlteration("t", changes: [.alterColumn(ColumnAlteration("x", type: sa("Text")))]),
      [
        created("_alembic_tmp_t", ["id INTEGER NOT NULL", "x TEXT", "PRIMARY KEY (id)"]),
        "INSERT INTO _alembic_tmp_t (id, x) SELECT t.id, CAST(t.x AS TEXT) "
          + "AS x \nFROM t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
      ]
    ),
    RebuildCase(
      "a column without a type takes that of the column it refers to",
      {
        try ReflectedTable.parse(
          name: "t",
          sql: "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, x REFERENCES p "
            + "(id))",
          columns: [
            PragmaColumn(name: "id", type: "INTEGER", isNotNull: true, primaryKeyPosition: 1),
            PragmaColumn(name: "x", type: ""),
          ],
          foreignKeys: [PragmaForeignKey(id: 0, table: "p", column: "x", referencedColumn: "id")],
          parents: ["p": [PragmaColumn(name: "id", type: "INTEGER", primaryKeyPosition: 1)]]
        )
      },
      BatchAlteration("t", changes: [.alterColumn(ColumnAlteration("id", nullable: false))]),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "x INTEGER", "PRIMARY KEY (id)",
            "FOREIGN KEY(x) REFERENCES p (id)",
          ]
        ), "INSERT INTO _alembic_tmp_t (id, x) SELECT t.id, t.x \nFROM t", "\nDROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t",
      ]
    ),
    RebuildCase(
      "constraint names inside columns and in foreign quotes",
      {
        try ReflectedTable.parse(
          name: "t",
          sql: """
            CREATE TABLE t (
              a int CONSTRAINT pkn PRIMARY KEY,
              b int CONSTRAINT [uq b] UNIQUE,
              c int constraint uqc unique,
              CONSTRAINT [ck x] CHECK (a > 1),
              CONSTRAINT `f` CHECK(b > 2)
            )
            """,
          columns: [
            PragmaColumn(name: "a", type: "INT", primaryKeyPosition: 1),
            PragmaColumn(name: "b", type: "INT"), PragmaColumn(name: "c", type: "INT"),
          ],
          indexes: [
            PragmaIndex(
              name: "sqlite_autoindex_t_3",
              isUnique: true,
              origin: "u",
              columns: ["c"],
              sql: nil
            ),
            PragmaIndex(
              name: "sqlite_autoindex_t_2",
              isUnique: true,
              origin: "u",
              columns: ["b"],
              sql: nil
            ),
            PragmaIndex(
              name: "sqlite_autoindex_t_1",
              isUnique: true,
              origin: "pk",
              columns: ["a"],
              sql: nil
            ),
          ]
        )
      },
      BatchAlteration("t", changes: [.alterColumn(ColumnAlteration("b", nullable: false))]),
      [
        created(
          "_alembic_tmp_t",
          [
            "a INTEGER", "b INTEGER NOT NULL", "c INTEGER", "CONSTRAINT pkn PRIMARY KEY (a)",
            "CONSTRAINT \"ck x\" CHECK (a > 1)", "CONSTRAINT f CHECK (b > 2)", "UNIQUE (c)",
          ]
        ), "INSERT INTO _alembic_tmp_t (a, b, c) SELECT t.a, t.b, t.c \nFROM t", "\nDROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t",
      ]
    ),
    RebuildCase(
      "a UNIQUE that repeats the key",
      {
        try ReflectedTable.parse(
          name: "t",
          sql: "CREATE TABLE t (a int NOT NULL, b int, PRIMARY KEY (a), UNIQUE "
            + "(a))",
          columns: [
            PragmaColumn(name: "a", type: "INT", isNotNull: true, primaryKeyPosition: 1),
            PragmaColumn(name: "b", type: "INT"),
          ],
          indexes: [
            PragmaIndex(
              name: "sqlite_autoindex_t_1",
              isUnique: true,
              origin: "pk",
              columns: ["a"],
              sql: nil
            )
          ]
        )
      },
      BatchAlteration("t", changes: [.alterColumn(ColumnAlteration("b", nullable: false))]),
      [
        created(
          "_alembic_tmp_t",
          ["a INTEGER NOT NULL", "b INTEGER NOT NULL", "PRIMARY KEY (a)", "UNIQUE (a)"]
        ), "INSERT INTO _alembic_tmp_t (a, b) SELECT t.a, t.b \nFROM t", "\nDROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t",
      ]
    ),
    RebuildCase(
      "one column of a key is dropped",
      {
        try ReflectedTable.parse(
          name: "t",
          sql: "CREATE TABLE t (a int NOT NULL, b int, c int, PRIMARY KEY (a, b))",
          columns: [
            PragmaColumn(name: "a", type: "INT", isNotNull: true, primaryKeyPosition: 1),
            PragmaColumn(name: "b", type: "INT", primaryKeyPosition: 2),
            PragmaColumn(name: "c", type: "INT"),
          ],
          indexes: [
            PragmaIndex(
              name: "sqlite_autoindex_t_1",
              isUnique: true,
              origin: "pk",
              columns: ["a", "b"],
              sql: nil
            )
          ]
        )
      },
      BatchAlteration("t", changes: [.dropColumn("b")]),
      [
        created("_alembic_tmp_t", ["a INTEGER NOT NULL", "c INTEGER", "PRIMARY KEY (a)"]),
        "INSERT INTO _alembic_tmp_t (a, c) SELECT t.a, t.c \nFROM t", "\nDROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t",
      ]
    ),
    RebuildCase(
      "a named key is replaced",
      {
        try ReflectedTable.parse(
          name: "t",
          sql: "CREATE TABLE t (a int NOT NULL, b int, CONSTRAINT pk PRIMARY KEY "
            + "(a, b))",
          columns: [
            PragmaColumn(name: "a", type: "INT", isNotNull: true, primaryKeyPosition: 1),
            PragmaColumn(name: "b", type: "INT", primaryKeyPosition: 2),
          ],
          indexes: [
            PragmaIndex(
              name: "sqlite_autoindex_t_1",
              isUnique: true,
              origin: "pk",
              columns: ["a", "b"],
              sql: nil
            )
          ]
        )
      },
      BatchAlteration(
        "t",
        changes: [
          .dropConstraint("pk"), .createConstraint(Constraint(.primaryKey(["a"]), name: "pk2")),
        ]
      ),
      [
        created(
          "_alembic_tmp_t",
          ["a INTEGER NOT NULL", "b INTEGER", "CONSTRAINT pk2 PRIMARY KEY (a)"]
        ), "INSERT INTO _alembic_tmp_t (a, b) SELECT t.a, t.b \nFROM t", "\nDROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t",
      ]
    ),
    RebuildCase(
      "names that need quotes",
      {
        try ReflectedTable.parse(
          name: "t",
          sql: "CREATE TABLE t (a int NOT NULL, \"b%c\" text default '%', \"d:e\" "
            + "int, [f\"g] int)",
          columns: [
            PragmaColumn(name: "a", type: "INT", isNotNull: true),
            PragmaColumn(name: "b%c", type: "TEXT", defaultValue: "'%'"),
            PragmaColumn(name: "d:e", type: "INT"), PragmaColumn(name: "f\"g", type: "INT"),
          ]
        )
      },
      BatchAlteration("t", changes: [.alterColumn(ColumnAlteration("a", nullable: false))]),
      [
        created(
          "_alembic_tmp_t",
          [
            "a INTEGER NOT NULL", "\"b%c\" TEXT DEFAULT '%'", "\"d:e\" INTEGER",
            "\"f\"\"g\" INTEGER",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (a, \"b%c\", \"d:e\", \"f\"\"g\") SELECT t.a, "
          + "t.\"b%c\", t.\"d:e\", t.\"f\"\"g\" \nFROM t", "\nDROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t",
      ]
    ),
    RebuildCase(
      "an existing Enum loses its CHECK with its name",
      {
        try ReflectedTable.parse(
          name: "t",
          sql: "CREATE TABLE t (a VARCHAR(3), CONSTRAINT en CHECK (a IN ('x')))",
          columns: [PragmaColumn(name: "a", type: "VARCHAR(3)")]
        )
      },
      BatchAlteration(
        "t",
        changes: [
          .alterColumn(
            ColumnAlteration(
              "a",
              newName: "b",
              existingType: sa("Enum", [.string("x"), .string("y")], ["name": .string("en")])
            )
          )
        ]
      ),
      [
        created("_alembic_tmp_t", ["b VARCHAR(3)"]),
        "INSERT INTO _alembic_tmp_t (b) SELECT t.a \nFROM t", "\nDROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t",
      ]
    ),
    RebuildCase(
      "an Enum with other values",
      {
        try ReflectedTable.parse(
          name: "t",
          sql: "CREATE TABLE t (a VARCHAR(3), CONSTRAINT en CHECK (a IN ('x')))",
          columns: [PragmaColumn(name: "a", type: "VARCHAR(3)")]
        )
      },
      BatchAlteration(
        "t",
        changes: [
          .alterColumn(
            ColumnAlteration(
              "a",
              type: sa(
                "Enum",
                [.string("x"), .string("z")],
                ["name": .string("en"), "create_constraint": .boolean(true)]
              ),
              existingType: sa(
                "Enum",
                [.string("x"), .string("y")],
                ["name": .string("en"), "create_constraint": .boolean(true)]
              )
            )
          )
        ]
      ),
      [
        created("_alembic_tmp_t", ["a VARCHAR(1)", "CONSTRAINT en CHECK (a IN ('x', 'z'))"]),
        "INSERT INTO _alembic_tmp_t (a) SELECT t.a \nFROM t", "\nDROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t",
      ]
    ),
  ]
}
