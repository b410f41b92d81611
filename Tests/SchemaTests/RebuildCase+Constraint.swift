import Schema

extension RebuildCase {
  /// What batches do to constraints and indexes; the statements are alembic's.
  static let constraints: [RebuildCase] = [
    RebuildCase(
      "a rename keeps rows, constraints and indexes",
      { try .small() },
      BatchAlteration("t", changes: [.alterColumn(ColumnAlteration("name", newName: "Title"))]),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "\"Title\" VARCHAR(20)", "qty INTEGER DEFAULT 1",
            "PRIMARY KEY (id)", "CONSTRAINT uq_name UNIQUE (\"Title\")",
            "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, \"Title\", qty) SELECT t.id, "
          + "t.name, t.qty \nFROM t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_name ON t (\"Title\", qty)",
      ]
    ),
    RebuildCase(
      "a dropped column takes its constraint along",
      { try .small() },
      BatchAlteration("t", changes: [.dropIndex("ix_name"), .dropColumn("name")]),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "qty INTEGER DEFAULT 1", "PRIMARY KEY (id)",
            "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ), "INSERT INTO _alembic_tmp_t (id, qty) SELECT t.id, t.qty \nFROM t", "\nDROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t",
      ]
    ),
    RebuildCase(
      "a dropped column stays in its index",
      { try .small() },
      BatchAlteration("t", changes: [.dropColumn("name")]),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "qty INTEGER DEFAULT 1", "PRIMARY KEY (id)",
            "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ), "INSERT INTO _alembic_tmp_t (id, qty) SELECT t.id, t.qty \nFROM t", "\nDROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t", "CREATE INDEX ix_name ON t (name, qty)",
      ]
    ),
    RebuildCase(
      "a dropped key column",
      { try .small() },
      BatchAlteration("t", changes: [.dropColumn("id")]),
      [
        created(
          "_alembic_tmp_t",
          [
            "name VARCHAR(20)", "qty INTEGER DEFAULT 1", "CONSTRAINT uq_name UNIQUE (name)",
            "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (name, qty) SELECT t.name, t.qty \nFROM "
          + "t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_name ON t (name, qty)",
      ]
    ),
    RebuildCase(
      "a new key column after the old one",
      { try .small() },
      BatchAlteration(
        "t",
        changes: [.dropColumn("id"), .addColumn(Column("key", sa("Integer"), isPrimaryKey: true))]
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "name VARCHAR(20)", "qty INTEGER DEFAULT 1", "\"key\" INTEGER NOT NULL",
            "PRIMARY KEY (\"key\")", "CONSTRAINT uq_name UNIQUE (name)",
            "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (name, qty) SELECT t.name, t.qty \nFROM "
          + "t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_name ON t (name, qty)",
      ]
    ),
    RebuildCase(
      "an added column with an index leaves a second index behind",
      { try .small() },
      BatchAlteration(
        "t",
        changes: [
          .addColumn(Column("z", sa("Integer"), serverDefault: .text("5"), isIndexed: true))
        ]
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "name VARCHAR(20)", "qty INTEGER DEFAULT 1",
            "z INTEGER DEFAULT 5", "PRIMARY KEY (id)", "CONSTRAINT uq_name UNIQUE (name)",
            "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ), "CREATE INDEX ix__alembic_tmp_t_z ON _alembic_tmp_t (z)",
        "INSERT INTO _alembic_tmp_t (id, name, qty) SELECT t.id, t.name, "
          + "t.qty \nFROM t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_name ON t (name, qty)", "CREATE INDEX ix_t_z ON t (z)",
      ]
    ),
    RebuildCase(
      "an added column with a CHECK inside",
      { try .small() },
      BatchAlteration(
        "t",
        changes: [
          .addColumn(
            Column(
              "z",
              sa("Integer"),
              serverDefault: .text("5"),
              checks: [Column.Check("z > 0", name: "ck_z")]
            )
          )
        ]
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "name VARCHAR(20)", "qty INTEGER DEFAULT 1",
            "z INTEGER DEFAULT 5 CONSTRAINT ck_z CHECK (z > 0)", "PRIMARY KEY (id)",
            "CONSTRAINT uq_name UNIQUE (name)", "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, name, qty) SELECT t.id, t.name, "
          + "t.qty \nFROM t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_name ON t (name, qty)",
      ]
    ),
    RebuildCase(
      "an added column with a named foreign key",
      { try .small() },
      BatchAlteration(
        "t",
        changes: [
          .addColumn(
            Column(
              "pid",
              sa("Integer"),
              references: [
                Column.Reference(
                  ForeignKey(table: "p", columns: ["id"], onDelete: "CASCADE"),
                  name: "fk_p"
                )
              ]
            )
          )
        ]
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "name VARCHAR(20)", "qty INTEGER DEFAULT 1", "pid INTEGER",
            "PRIMARY KEY (id)", "CONSTRAINT uq_name UNIQUE (name)",
            "CONSTRAINT ck_qty CHECK (qty > 0)",
            "CONSTRAINT fk_p FOREIGN KEY(pid) REFERENCES p (id) ON DELETE "
              + "CASCADE",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, name, qty) SELECT t.id, t.name, "
          + "t.qty \nFROM t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_name ON t (name, qty)",
      ]
    ),
    RebuildCase(
      "added columns with a CHECK of their type",
      { try .small() },
      BatchAlteration(
        "t",
        changes: [
          .addColumn(Column("flag", sa("Boolean", [], ["create_constraint": .boolean(true)]))),
          .addColumn(
            Column(
              "kind",
              sa(
                "Enum",
                [.string("a"), .string("b")],
                ["name": .string("kinds"), "create_constraint": .boolean(true)]
              )
            )
          ),
        ]
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "name VARCHAR(20)", "qty INTEGER DEFAULT 1", "flag BOOLEAN",
            "kind VARCHAR(1)", "PRIMARY KEY (id)", "CONSTRAINT uq_name UNIQUE (name)",
            "CONSTRAINT ck_qty CHECK (qty > 0)", "CONSTRAINT kinds CHECK (kind IN ('a', 'b'))",
            "CHECK (flag IN (0, 1))",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, name, qty) SELECT t.id, t.name, "
          + "t.qty \nFROM t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_name ON t (name, qty)",
      ]
    ),
    RebuildCase(
      "constraints come and go",
      { try .small() },
      BatchAlteration(
        "t",
        changes: [
          .createConstraint(Constraint(.unique(["qty"]), name: "uq_q")), .dropConstraint("uq_name"),
          .createConstraint(Constraint(.check("qty > 1"), name: "ck_2")),
          .createConstraint(
            Constraint(
              .foreignKey(
                columns: ["qty"],
                ForeignKey(table: "p", columns: ["id"], onDelete: "CASCADE")
              ),
              name: "fk_9"
            )
          ),
        ]
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "name VARCHAR(20)", "qty INTEGER DEFAULT 1", "PRIMARY KEY (id)",
            "CONSTRAINT ck_qty CHECK (qty > 0)", "CONSTRAINT uq_q UNIQUE (qty)",
            "CONSTRAINT ck_2 CHECK (qty > 1)",
            "CONSTRAINT fk_9 FOREIGN KEY(qty) REFERENCES p (id) ON DELETE "
              + "CASCADE",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, name, qty) SELECT t.id, t.name, "
          + "t.qty \nFROM t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_name ON t (name, qty)",
      ]
    ),
    RebuildCase(
      "a constraint on an unknown column is left out",
      { try .small() },
      BatchAlteration(
        "t",
        changes: [.createConstraint(Constraint(.unique(["nope"]), name: "uq_x"))]
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "name VARCHAR(20)", "qty INTEGER DEFAULT 1", "PRIMARY KEY (id)",
            "CONSTRAINT uq_name UNIQUE (name)", "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, name, qty) SELECT t.id, t.name, "
          + "t.qty \nFROM t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_name ON t (name, qty)",
      ]
    ),
    RebuildCase(
      "another primary key",
      { try .small() },
      BatchAlteration(
        "t",
        changes: [.createConstraint(Constraint(.primaryKey(["name", "qty"]), name: "pk_t"))]
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "name VARCHAR(20)", "qty INTEGER DEFAULT 1",
            "CONSTRAINT pk_t PRIMARY KEY (name, qty)", "CONSTRAINT uq_name UNIQUE (name)",
            "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, name, qty) SELECT t.id, t.name, "
          + "t.qty \nFROM t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_name ON t (name, qty)",
      ]
    ),
    RebuildCase(
      "new indexes come after the old ones",
      { try .small() },
      BatchAlteration(
        "t",
        changes: [
          .createIndex(Index(nil, on: "t", columns: ["qty"])),
          .createIndex(
            Index("Ix2", on: "t", columns: ["name", "qty"], isUnique: true, predicate: "qty > 1")
          ), .alterColumn(ColumnAlteration("qty", newName: "amount", nullable: false)),
          .dropConstraint("ck_qty"),
        ]
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "name VARCHAR(20)", "amount INTEGER DEFAULT 1 NOT NULL",
            "PRIMARY KEY (id)", "CONSTRAINT uq_name UNIQUE (name)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, name, amount) SELECT t.id, "
          + "t.name, t.qty \nFROM t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_name ON t (name, amount)", "CREATE INDEX ix_t_qty ON t (amount)",
        "CREATE UNIQUE INDEX \"Ix2\" ON t (name, amount) WHERE qty > 1",
      ]
    ),
    RebuildCase(
      "an index made again",
      { try .small() },
      BatchAlteration(
        "t",
        changes: [
          .dropIndex("ix_name"), .createIndex(Index("ix_name", on: "t", columns: ["qty"])),
          .alterColumn(ColumnAlteration("qty", nullable: false)),
        ]
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "name VARCHAR(20)", "qty INTEGER DEFAULT 1 NOT NULL",
            "PRIMARY KEY (id)", "CONSTRAINT uq_name UNIQUE (name)",
            "CONSTRAINT ck_qty CHECK (qty > 0)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, name, qty) SELECT t.id, t.name, "
          + "t.qty \nFROM t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_name ON t (qty)",
      ]
    ),
  ]
}
