import Schema

extension RebuildCase {
  /// What batches do to columns; the statements are alembic's.
  static let columns: [RebuildCase] = [
    RebuildCase(
      "a change of family casts",
      { try .small() },
      BatchAlteration("t", changes: [.alterColumn(ColumnAlteration("qty", type: sa("Text")))]),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "name VARCHAR(20)", "qty TEXT DEFAULT 1", "PRIMARY KEY (id)",
            "CONSTRAINT uq_name UNIQUE (name)", "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, name, qty) SELECT t.id, t.name, "
          + "CAST(t.qty AS TEXT) AS qty \nFROM t", "\nDROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t", "CREATE INDEX ix_name ON t (name, qty)",
      ]
    ),
    RebuildCase(
      "a change within a family does not cast",
      { try .small() },
      BatchAlteration(
        "t",
        changes: [
          .alterColumn(ColumnAlteration("qty", type: sa("BigInteger"))),
          .alterColumn(ColumnAlteration("name", type: sa("Text"))),
        ]
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "name TEXT", "qty BIGINT DEFAULT 1", "PRIMARY KEY (id)",
            "CONSTRAINT uq_name UNIQUE (name)", "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, name, qty) SELECT t.id, t.name, "
          + "t.qty \nFROM t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_name ON t (name, qty)",
      ]
    ),
    RebuildCase(
      "JSON is never cast to",
      { try .small() },
      BatchAlteration("t", changes: [.alterColumn(ColumnAlteration("qty", type: sa("JSON")))]),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "name VARCHAR(20)", "qty JSON DEFAULT 1", "PRIMARY KEY (id)",
            "CONSTRAINT uq_name UNIQUE (name)", "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, name, qty) SELECT t.id, t.name, "
          + "t.qty \nFROM t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_name ON t (name, qty)",
      ]
    ),
    RebuildCase(
      "a cast to a collated type",
      { try .small() },
      BatchAlteration(
        "t",
        changes: [
          .alterColumn(
            ColumnAlteration("qty", type: sa("String", [.integer(10), .string("NOCASE")]))
          )
        ]
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "name VARCHAR(20)",
            "qty VARCHAR(10) COLLATE \"NOCASE\" DEFAULT 1", "PRIMARY KEY (id)",
            "CONSTRAINT uq_name UNIQUE (name)", "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, name, qty) SELECT t.id, t.name, "
          + "CAST(t.qty AS VARCHAR(10)) COLLATE \"NOCASE\" AS qty \nFROM t", "\nDROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t", "CREATE INDEX ix_name ON t (name, qty)",
      ]
    ),
    RebuildCase(
      "two changes of type cast twice",
      { try .small() },
      BatchAlteration(
        "t",
        changes: [
          .alterColumn(ColumnAlteration("qty", type: sa("Text"))),
          .alterColumn(ColumnAlteration("qty", type: sa("Numeric", [.integer(10), .integer(2)]))),
        ]
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "name VARCHAR(20)", "qty NUMERIC(10, 2) DEFAULT 1",
            "PRIMARY KEY (id)", "CONSTRAINT uq_name UNIQUE (name)",
            "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, name, qty) SELECT t.id, t.name, "
          + "CAST(CAST(t.qty AS TEXT) AS NUMERIC(10, 2)) AS qty \nFROM t", "\nDROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t", "CREATE INDEX ix_name ON t (name, qty)",
      ]
    ),
    RebuildCase(
      "a cast under a new name has the old one as its alias",
      { try .small() },
      BatchAlteration(
        "t",
        changes: [.alterColumn(ColumnAlteration("qty", newName: "Quantity", type: sa("Text")))]
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "name VARCHAR(20)", "\"Quantity\" TEXT DEFAULT 1",
            "PRIMARY KEY (id)", "CONSTRAINT uq_name UNIQUE (name)",
            "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, name, \"Quantity\") SELECT t.id, "
          + "t.name, CAST(t.qty AS TEXT) AS qty \nFROM t", "\nDROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t", "CREATE INDEX ix_name ON t (name, \"Quantity\")",
      ]
    ),
    RebuildCase(
      "NULL and defaults change",
      { try .small() },
      BatchAlteration(
        "t",
        changes: [
          .alterColumn(
            ColumnAlteration("name", nullable: false, serverDefault: .set(.string("it's")))
          ), .alterColumn(ColumnAlteration("qty", serverDefault: .drop)),
          .alterColumn(ColumnAlteration("id", nullable: true)),
        ]
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER", "name VARCHAR(20) DEFAULT 'it''s' NOT NULL", "qty INTEGER",
            "PRIMARY KEY (id)", "CONSTRAINT uq_name UNIQUE (name)",
            "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, name, qty) SELECT t.id, t.name, "
          + "t.qty \nFROM t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_name ON t (name, qty)",
      ]
    ),
    RebuildCase(
      "an expression as a new default",
      { try .small() },
      BatchAlteration(
        "t",
        changes: [.alterColumn(ColumnAlteration("qty", serverDefault: .set(.text("1 + 1"))))]
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "name VARCHAR(20)", "qty INTEGER DEFAULT (1 + 1)",
            "PRIMARY KEY (id)", "CONSTRAINT uq_name UNIQUE (name)",
            "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, name, qty) SELECT t.id, t.name, "
          + "t.qty \nFROM t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_name ON t (name, qty)",
      ]
    ),
    RebuildCase(
      "an added column goes last",
      { try .small() },
      BatchAlteration(
        "t",
        changes: [
          .addColumn(Column("z", sa("Integer"), nullable: false, serverDefault: .text("5")))
        ]
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "name VARCHAR(20)", "qty INTEGER DEFAULT 1",
            "z INTEGER DEFAULT 5 NOT NULL", "PRIMARY KEY (id)", "CONSTRAINT uq_name UNIQUE (name)",
            "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, name, qty) SELECT t.id, t.name, "
          + "t.qty \nFROM t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_name ON t (name, qty)",
      ]
    ),
    RebuildCase(
      "columns placed before and after others",
      { try .small() },
      BatchAlteration(
        "t",
        recreate: .always,
        changes: [
          .dropIndex("ix_name"), .addColumn(Column("z", sa("Integer")), before: "qty"),
          .addColumn(Column("y", sa("Integer")), after: "z"),
          .addColumn(Column("first", sa("Integer")), before: "id"),
          .addColumn(Column("last", sa("Integer")), after: "qty"),
          .addColumn(Column("end", sa("Integer"))),
        ]
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "first INTEGER", "id INTEGER NOT NULL", "name VARCHAR(20)", "z INTEGER", "y INTEGER",
            "qty INTEGER DEFAULT 1", "last INTEGER", "\"end\" INTEGER", "PRIMARY KEY (id)",
            "CONSTRAINT uq_name UNIQUE (name)", "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, name, qty) SELECT t.id, t.name, "
          + "t.qty \nFROM t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
      ]
    ),
    RebuildCase(
      "partial reordering",
      { try .small() },
      BatchAlteration(
        "t",
        recreate: .always,
        changes: [.addColumn(Column("w", sa("Integer")))],
        partialReordering: [["qty", "id"], ["w", "name"]]
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "qty INTEGER DEFAULT 1", "w INTEGER", "id INTEGER NOT NULL", "name VARCHAR(20)",
            "PRIMARY KEY (id)", "CONSTRAINT uq_name UNIQUE (name)",
            "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (qty, id, name) SELECT t.qty, t.id, "
          + "t.name \nFROM t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_name ON t (name, qty)",
      ]
    ),
    RebuildCase(
      "an altered added column",
      { try .small() },
      BatchAlteration(
        "t",
        changes: [
          .addColumn(Column("z", sa("Integer"))),
          .alterColumn(
            ColumnAlteration(
              "z",
              newName: "zz",
              type: sa("BigInteger"),
              nullable: false,
              serverDefault: .set(.string("4"))
            )
          ),
        ]
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "name VARCHAR(20)", "qty INTEGER DEFAULT 1",
            "zz BIGINT DEFAULT '4' NOT NULL", "PRIMARY KEY (id)",
            "CONSTRAINT uq_name UNIQUE (name)", "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, name, qty) SELECT t.id, t.name, "
          + "t.qty \nFROM t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_name ON t (name, qty)",
      ]
    ),
    RebuildCase(
      "two columns change names",
      { try .small() },
      BatchAlteration(
        "t",
        changes: [
          .dropConstraint("ck_qty"), .alterColumn(ColumnAlteration("qty", newName: "name")),
          .alterColumn(ColumnAlteration("name", newName: "qty")),
        ]
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "qty VARCHAR(20)", "name INTEGER DEFAULT 1", "PRIMARY KEY (id)",
            "CONSTRAINT uq_name UNIQUE (qty)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, qty, name) SELECT t.id, t.name, "
          + "t.qty \nFROM t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_name ON t (qty, name)",
      ]
    ),
  ]
}
