import Schema

extension ReflectedTable {
  /// A table with one of each of the usual constraints, and an index.
  static func small() throws -> ReflectedTable {
    try ReflectedTable.parse(
      name: "t",
      sql: """
        CREATE TABLE t (
          id INTEGER NOT NULL,
          name VARCHAR(20),
          qty INTEGER DEFAULT 1,
          PRIMARY KEY (id),
          CONSTRAINT uq_name UNIQUE (name),
          CONSTRAINT ck_qty CHECK (qty > 0)
        )
        """,
      columns: [
        PragmaColumn(name: "id", type: "INTEGER", isNotNull: true, primaryKeyPosition: 1),
        PragmaColumn(name: "name", type: "VARCHAR(20)"),
        PragmaColumn(name: "qty", type: "INTEGER", defaultValue: "1"),
      ],
      indexes: [
        PragmaIndex(
          name: "ix_name",
          isUnique: false,
          origin: "c",
          columns: ["name", "qty"],
          sql: "CREATE INDEX ix_name ON t (name, qty)"
        ),
        PragmaIndex(
          name: "sqlite_autoindex_t_1",
          isUnique: true,
          origin: "u",
          columns: ["name"],
          sql: nil
        ),
      ]
    )
  }

  /// A table with everything that a rebuild loses.
  static func wide() throws -> ReflectedTable {
    try ReflectedTable.parse(
      name: "t",
      sql: """
        CREATE TABLE t (
          id INTEGER PRIMARY KEY AUTOINCREMENT, -- CHECK (1) UNIQUE (name)
          name VARCHAR(20) COLLATE NOCASE DEFAULT 'x' NOT NULL,
          qty INTEGER DEFAULT 10 UNIQUE,
          "Big Col" TEXT NOT NULL UNIQUE DEFAULT '',
          code VARCHAR(10) UNIQUE,
          pid INTEGER REFERENCES p (id) ON DELETE CASCADE,
          pid2 INTEGER,
          ts DATETIME DEFAULT CURRENT_TIMESTAMP CHECK (ts > 0),
          tag uuid,
          CONSTRAINT ck_n CHECK (name <> ')'),
          CONSTRAINT "Uq" UNIQUE (name, qty),
          UNIQUE (code, tag),
          CONSTRAINT fk_p FOREIGN KEY (pid2) REFERENCES p (id) ON DELETE SET \
        NULL ON UPDATE NO ACTION DEFERRABLE INITIALLY DEFERRED,
          CHECK (qty < 5)
        )
        """,
      columns: [
        PragmaColumn(name: "id", type: "INTEGER", primaryKeyPosition: 1),
        PragmaColumn(name: "name", type: "VARCHAR(20)", isNotNull: true, defaultValue: "'x'"),
        PragmaColumn(name: "qty", type: "INTEGER", defaultValue: "10"),
        PragmaColumn(name: "Big Col", type: "TEXT", isNotNull: true, defaultValue: "''"),
        PragmaColumn(name: "code", type: "VARCHAR(10)"), PragmaColumn(name: "pid", type: "INTEGER"),
        PragmaColumn(name: "pid2", type: "INTEGER"),
        PragmaColumn(name: "ts", type: "DATETIME", defaultValue: "CURRENT_TIMESTAMP"),
        PragmaColumn(name: "tag", type: "uuid"),
      ],
      foreignKeys: [
        PragmaForeignKey(
          id: 0,
          table: "p",
          column: "pid2",
          referencedColumn: "id",
          onDelete: "SET NULL"
        ),
        PragmaForeignKey(
          id: 1,
          table: "p",
          column: "pid",
          referencedColumn: "id",
          onDelete: "CASCADE"
        ),
      ],
      indexes: [
        PragmaIndex(
          name: "Ix_u",
          isUnique: false,
          origin: "c",
          columns: ["tag"],
          sql: "CREATE INDEX \"Ix_u\" ON t (tag)"
        ),
        PragmaIndex(
          name: "ix_e",
          isUnique: false,
          origin: "c",
          columns: [nil],
          sql: "CREATE INDEX ix_e ON t (lower(name))"
        ),
        PragmaIndex(
          name: "ix_p",
          isUnique: true,
          origin: "c",
          isPartial: true,
          columns: ["qty"],
          sql: "CREATE UNIQUE INDEX ix_p ON t (qty) WHERE qty > 1\n AND code <> 'a'"
        ),
        PragmaIndex(
          name: "ix_q",
          isUnique: false,
          origin: "c",
          columns: ["qty", "name"],
          sql: "CREATE INDEX ix_q ON t (qty DESC, name)"
        ),
        PragmaIndex(
          name: "sqlite_autoindex_t_5",
          isUnique: true,
          origin: "u",
          columns: ["code", "tag"],
          sql: nil
        ),
        PragmaIndex(
          name: "sqlite_autoindex_t_4",
          isUnique: true,
          origin: "u",
          columns: ["name", "qty"],
          sql: nil
        ),
        PragmaIndex(
          name: "sqlite_autoindex_t_3",
          isUnique: true,
          origin: "u",
          columns: ["code"],
          sql: nil
        ),
        PragmaIndex(
          name: "sqlite_autoindex_t_2",
          isUnique: true,
          origin: "u",
          columns: ["Big Col"],
          sql: nil
        ),
        PragmaIndex(
          name: "sqlite_autoindex_t_1",
          isUnique: true,
          origin: "u",
          columns: ["qty"],
          sql: nil
        ),
      ],
      parents: ["p": [PragmaColumn(name: "id", type: "INTEGER", primaryKeyPosition: 1)]],
      triggers: ["tr"]
    )
  }
}
