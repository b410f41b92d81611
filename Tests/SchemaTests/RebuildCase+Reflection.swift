import Schema

extension RebuildCase {
  /// What a rebuild makes of foreign keys and of a table with everything; the statements are
  /// alembic's.
  static let reflections: [RebuildCase] = [
    RebuildCase(
      "everything that a table can have",
      { try .wide() },
      BatchAlteration("t", recreate: .always, changes: []),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER", "name VARCHAR(20) DEFAULT 'x' NOT NULL", "qty INTEGER DEFAULT (10)",
            "\"Big Col\" TEXT DEFAULT ('') NOT NULL", "code VARCHAR(10)", "pid INTEGER",
            "pid2 INTEGER", "ts DATETIME DEFAULT (CURRENT_TIMESTAMP)", "tag NUMERIC",
            "PRIMARY KEY (id)", "CONSTRAINT ck_n CHECK (name <> ')')",
            "CONSTRAINT \"Uq\" UNIQUE (name, qty)",
            "CONSTRAINT fk_p FOREIGN KEY(pid2) REFERENCES p (id) ON DELETE SET "
              + "NULL DEFERRABLE INITIALLY DEFERRED", "UNIQUE (qty)", "UNIQUE (\"Big Col\")",
            "FOREIGN KEY(pid) REFERENCES p (id)", "UNIQUE (code, tag)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, name, qty, \"Big Col\", code, pid, "
          + "pid2, ts, tag) SELECT t.id, t.name, t.qty, t.\"Big Col\", t.code, "
          + "t.pid, t.pid2, t.ts, t.tag \nFROM t", "\nDROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t", "CREATE INDEX \"Ix_u\" ON t (tag)",
        "CREATE UNIQUE INDEX ix_p ON t (qty) WHERE qty > 1", "CREATE INDEX ix_q ON t (qty, name)",
      ]
    ),
    RebuildCase(
      "constraints and options of the batch",
      { try .wide() },
      BatchAlteration(
        "t",
        recreate: .always,
        changes: [],
        tableConstraints: [
          Constraint(.check("qty < 5")), Constraint(.unique(["tag"]), name: "uq_tag"),
        ],
        tableOptions: Table.Options(autoincrement: true)
      ),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER PRIMARY KEY AUTOINCREMENT", "name VARCHAR(20) DEFAULT 'x' NOT NULL",
            "qty INTEGER DEFAULT (10)", "\"Big Col\" TEXT DEFAULT ('') NOT NULL",
            "code VARCHAR(10)", "pid INTEGER", "pid2 INTEGER",
            "ts DATETIME DEFAULT (CURRENT_TIMESTAMP)", "tag NUMERIC", "CHECK (qty < 5)",
            "CONSTRAINT uq_tag UNIQUE (tag)", "CONSTRAINT ck_n CHECK (name <> ')')",
            "CONSTRAINT \"Uq\" UNIQUE (name, qty)",
            "CONSTRAINT fk_p FOREIGN KEY(pid2) REFERENCES p (id) ON DELETE SET "
              + "NULL DEFERRABLE INITIALLY DEFERRED", "UNIQUE (qty)", "UNIQUE (\"Big Col\")",
            "FOREIGN KEY(pid) REFERENCES p (id)", "UNIQUE (code, tag)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, name, qty, \"Big Col\", code, pid, "
          + "pid2, ts, tag) SELECT t.id, t.name, t.qty, t.\"Big Col\", t.code, "
          + "t.pid, t.pid2, t.ts, t.tag \nFROM t", "\nDROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t", "CREATE INDEX \"Ix_u\" ON t (tag)",
        "CREATE UNIQUE INDEX ix_p ON t (qty) WHERE qty > 1", "CREATE INDEX ix_q ON t (qty, name)",
      ]
    ),
    RebuildCase(
      "a foreign key to the table itself keeps the old column",
      {
        try ReflectedTable.parse(
          name: "t",
          sql: "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, p INTEGER, "
            + "CONSTRAINT f FOREIGN KEY(p) REFERENCES t (id) ON DELETE CASCADE)",
          columns: [
            PragmaColumn(name: "id", type: "INTEGER", isNotNull: true, primaryKeyPosition: 1),
            PragmaColumn(name: "p", type: "INTEGER"),
          ],
          foreignKeys: [
            PragmaForeignKey(
              id: 0,
              table: "t",
              column: "p",
              referencedColumn: "id",
              onDelete: "CASCADE"
            )
          ]
        )
      },
      BatchAlteration("t", changes: [.alterColumn(ColumnAlteration("id", newName: "pk"))]),
      [
        created(
          "_alembic_tmp_t",
          [
            "pk INTEGER NOT NULL", "p INTEGER", "PRIMARY KEY (pk)",
            "CONSTRAINT f FOREIGN KEY(p) REFERENCES t (id) ON DELETE CASCADE",
          ]
        ), "INSERT INTO _alembic_tmp_t (pk, p) SELECT t.id, t.p \nFROM t", "\nDROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t",
      ]
    ),
    RebuildCase(
      "a foreign key without columns",
      {
        try ReflectedTable.parse(
          name: "t",
          sql: "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, x INTEGER, y "
            + "INT, CONSTRAINT f FOREIGN KEY(x, y) REFERENCES p ON DELETE "
            + "CASCADE)",
          columns: [
            PragmaColumn(name: "id", type: "INTEGER", isNotNull: true, primaryKeyPosition: 1),
            PragmaColumn(name: "x", type: "INTEGER"), PragmaColumn(name: "y", type: "INT"),
          ],
          foreignKeys: [
            PragmaForeignKey(
              id: 0,
              table: "p",
              column: "x",
              referencedColumn: nil,
              onDelete: "CASCADE"
            ),
            PragmaForeignKey(
              id: 0,
              table: "p",
              column: "y",
              referencedColumn: nil,
              onDelete: "CASCADE"
            ),
          ],
          parents: [
            "p": [
              PragmaColumn(name: "a", type: "INT", primaryKeyPosition: 2),
              PragmaColumn(name: "b", type: "INT", primaryKeyPosition: 1),
            ]
          ]
        )
      },
      BatchAlteration("t", changes: [.alterColumn(ColumnAlteration("x", newName: "z"))]),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "z INTEGER", "y INTEGER", "PRIMARY KEY (id)",
            "FOREIGN KEY(z, y) REFERENCES p (b, a)",
          ]
        ),
        "INSERT INTO _alembic_tmp_t (id, z, y) SELECT t.id, t.x, t.y \nFROM "
          + "t", "\nDROP TABLE t", "ALTER TABLE _alembic_tmp_t RENAME TO t",
      ]
    ),
    RebuildCase(
      "a foreign key with MATCH",
      {
        try ReflectedTable.parse(
          name: "t",
          sql: "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, x INTEGER, "
            + "CONSTRAINT f FOREIGN KEY(x) REFERENCES p (id) MATCH FULL ON "
            + "DELETE CASCADE)",
          columns: [
            PragmaColumn(name: "id", type: "INTEGER", isNotNull: true, primaryKeyPosition: 1),
            PragmaColumn(name: "x", type: "INTEGER"),
          ],
          foreignKeys: [
            PragmaForeignKey(
              id: 0,
              table: "p",
              column: "x",
              referencedColumn: "id",
              onDelete: "CASCADE"
            )
          ],
          parents: ["p": [PragmaColumn(name: "id", type: "INTEGER", primaryKeyPosition: 1)]]
        )
      },
      BatchAlteration("t", changes: [.alterColumn(ColumnAlteration("x", nullable: false))]),
      [
        created(
          "_alembic_tmp_t",
          [
            "id INTEGER NOT NULL", "x INTEGER NOT NULL", "PRIMARY KEY (id)",
            "CONSTRAINT f FOREIGN KEY(x) REFERENCES p (id)",
          ]
        ), "INSERT INTO _alembic_tmp_t (id, x) SELECT t.id, t.x \nFROM t", "\nDROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t",
      ]
    ),
  ]
}
