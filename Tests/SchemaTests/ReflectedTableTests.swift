import Schema
import Testing

/// Reading tables from their text and the rows of PRAGMAs.
@Suite struct ReflectedTableTests {
  struct TextCase: Sendable, CustomTestStringConvertible {
    let name: String
    let sql: String
    let constraints: [Constraint]

    init(_ name: String, _ sql: String, _ constraints: [Constraint]) {
      self.name = name
      self.sql = sql
      self.constraints = constraints
    }

    var testDescription: String { name }
  }

  /// Reads a text as the table t (a, b), both columns of which are UNIQUE as far as PRAGMAs tell,
  /// and b of which refers to p (id).
  private static func read(_ sql: String) throws -> ReflectedTable {
    try ReflectedTable.parse(
      name: "t",
      sql: sql,
      columns: [PragmaColumn(name: "a", type: "INT"), PragmaColumn(name: "b", type: "INT")],
      foreignKeys: [PragmaForeignKey(id: 0, table: "p", column: "b", referencedColumn: "id")],
      indexes: [
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
          origin: "u",
          columns: ["a"],
          sql: nil
        ),
      ],
      parents: ["p": [PragmaColumn(name: "id", type: "INTEGER", primaryKeyPosition: 1)]]
    )
  }

  static let noKey = Constraint(.primaryKey([]))
  static let bare = Constraint(
    .foreignKey(columns: ["b"], ForeignKey(table: "p", columns: ["id"]))
  )

  private static func reference(
    _ name: String?,
    onDelete: String? = nil,
    deferrable: Bool? = nil,
    initially: String? = nil
  ) -> Constraint {
    Constraint(
      .foreignKey(
        columns: ["b"],
        ForeignKey(table: "p", columns: ["id"], onDelete: onDelete)
      ),
      name: name,
      deferrable: deferrable,
      initially: initially
    )
  }

  @Test(arguments: [
    TextCase("nothing in the text", "CREATE TABLE t (a INT, b INT)", [noKey, bare]),
    TextCase(
      "UNIQUE with and without a name",
      "CREATE TABLE t (a INT, b INT, CONSTRAINT \"u a\" UNIQUE (a), UNIQUE(\"b\"))",
      [noKey, Constraint(.unique(["a"]), name: "u a"), Constraint(.unique(["b"])), bare]
    ),
    TextCase(
      "a name in brackets is not seen",
      "CREATE TABLE t (a INT, b INT, CONSTRAINT [u] UNIQUE ([a]))",
      [noKey, Constraint(.unique(["a"])), bare]
    ),
    TextCase(
      "a UNIQUE inside a column",
      "CREATE TABLE t (\n a INT NOT NULL UNIQUE,\n b VARCHAR(9) UNIQUE)",
      [noKey, Constraint(.unique(["a"])), bare]
    ),
    TextCase(
      "a UNIQUE over several lines is not seen",
      "CREATE TABLE t (a INT, b INT, UNIQUE (\n a\n))",
      [noKey, bare]
    ),
    TextCase(
      "a UNIQUE in other letters is not seen",
      "CREATE TABLE t (a INT, b INT, UNIQUE (A))",
      [noKey, bare]
    ),
    TextCase(
      "CHECK in all quotes",
      "CREATE TABLE t (a INT CONSTRAINT c1 CHECK (a > ')'), b INT, "
        + "constraint `c 2` check((b) /* ) */ < 2), CONSTRAINT [c3] CHECK ( 1 ), CHECK (2))",
      [
        noKey, Constraint(.check("a > ')'"), name: "c1"),
        Constraint(.check("(b) /* ) */ < 2"), name: "c 2"), Constraint(.check("1"), name: "c3"),
        bare,
      ]
    ),
    TextCase(
      "a name that belongs to NOT NULL",
      "CREATE TABLE t (a INT CONSTRAINT nn NOT NULL CHECK (a > 0), b INT)",
      [noKey, bare]
    ),
    TextCase(
      "a foreign key with everything",
      "CREATE TABLE t (a INT, b INT, CONSTRAINT f FOREIGN KEY(b) REFERENCES p (id) "
        + "on delete cascade ON UPDATE NO ACTION DEFERRABLE INITIALLY DEFERRED)",
      [noKey, reference("f", onDelete: "CASCADE", deferrable: true, initially: "DEFERRED")]
    ),
    TextCase(
      "a foreign key that is not deferrable",
      "CREATE TABLE t (a INT, b INT, FOREIGN KEY (\"b\")\nREFERENCES \"p\"(\"id\") NOT DEFERRABLE)",
      [noKey, reference(nil, deferrable: false)]
    ),
    TextCase(
      "a foreign key without columns keeps neither name nor action",
      "CREATE TABLE t (a INT, b INT, CONSTRAINT f FOREIGN KEY (b) REFERENCES p ON DELETE CASCADE)",
      [noKey, bare]
    ),
    TextCase(
      "nothing behind MATCH is seen",
      "CREATE TABLE t (a INT, b INT, "
        + "CONSTRAINT f FOREIGN KEY (b) REFERENCES p (id) MATCH FULL ON DELETE CASCADE)",
      [noKey, reference("f")]
    ),
    TextCase(
      "a foreign key inside a column",
      "CREATE TABLE t (a INT, b INT CONSTRAINT f REFERENCES p (id) ON DELETE CASCADE)",
      [noKey, bare]
    ),
    TextCase(
      "a comment is no text",
      "CREATE TABLE t (a INT, -- CONSTRAINT c CHECK (1)\n b INT /* CONSTRAINT d CHECK (1) */)",
      [noKey, bare]
    ),
  ])
  func `a text tells the constraints`(_ sample: TextCase) throws {
    #expect(try Self.read(sample.sql).constraints == sample.constraints)
  }

  @Test func `a key takes its order from the rows and its name from the text`() throws {
    let table = try ReflectedTable.parse(
      name: "t",
      sql: "CREATE TABLE t (a INT, b INT, CONSTRAINT pk PRIMARY KEY (b, a)) WITHOUT ROWID, STRICT",
      columns: [
        PragmaColumn(name: "a", type: "INT", isNotNull: true, primaryKeyPosition: 2),
        PragmaColumn(name: "b", type: "INT", isNotNull: true, primaryKeyPosition: 1),
      ]
    )
    #expect(table.constraints == [Constraint(.primaryKey(["b", "a"]), name: "pk")])
    #expect(table.options == Table.Options(withoutRowid: true, strict: true))
    #expect(!table.hasAutoincrement)
  }

  @Test func `a table without columns does not exist`() {
    #expect(throws: SchemaError(.noSuchTable, "t")) {
      try ReflectedTable.parse(name: "t", sql: "", columns: [])
    }
  }

  @Test func `a text cut at any place is read without a crash`() throws {
    let sql = """
      CREATE TABLE IF NOT EXISTS "t" (a INTEGER PRIMARY KEY AUTOINCREMENT -- it's
        , [b] VARCHAR(20) COLLATE NOCASE DEFAULT 'x''(' NOT NULL UNIQUE /* , ( */ REFERENCES p
        , `c` GENERATED ALWAYS AS (a || ')') STORED, "d""e" TEXT NOT NULL UNIQUE
        , CONSTRAINT "ü" CHECK (a > (1 + (2))), CONSTRAINT [k] UNIQUE ("b", a COLLATE BINARY)
        , CONSTRAINT f FOREIGN KEY (b) REFERENCES "p" (id, "x") ON DELETE SET NULL ON UPDATE
        NO ACTION NOT DEFERRABLE INITIALLY IMMEDIATE, CHECK ((a)), FOREIGN KEY(a) REFERENCES p
      ) WITHOUT ROWID, STRICT
      """
    let index = "CREATE UNIQUE INDEX i ON t (b DESC, lower(a)) WHERE b > ')' \n AND a"
    let bytes = Array(sql.utf8)
    for end in 0...bytes.count {
      for start in [0, end / 2] {
        let text = String(decoding: bytes[start..<end], as: UTF8.self)
        let table = try ReflectedTable.parse(
          name: "t",
          sql: text,
          columns: [PragmaColumn(name: "b", type: text)],
          foreignKeys: [PragmaForeignKey(id: 7, table: "p", column: "z", referencedColumn: nil)],
          indexes: [
            PragmaIndex(
              name: "i",
              isUnique: true,
              origin: "c",
              isPartial: true,
              columns: ["b"],
              sql: String(decoding: Array(index.utf8).prefix(end), as: UTF8.self)
            )
          ],
          parents: ["p": []]
        )
        #expect(table.columns.map(\.name) == ["b"])
        let batch = BatchAlteration("t", recreate: .always, changes: [])
        // Whether it can be rebuilt depends on the cut; only the answer counts.
        _ = Result { try TableRebuild(of: table, applying: batch) }
      }
    }
  }

  @Test(arguments: [
    "", "(", ")", "((", "CONSTRAINT", "FOREIGN KEY (", "\"", "'", "[", "`", "--", "/*",
  ])
  func `a text of bits and pieces is read without a crash`(_ piece: String) throws {
    for sql in [piece, piece + piece, "CREATE TABLE t (\(piece)", "CREATE TABLE t (a \(piece))"] {
      let table = try Self.read(sql)
      #expect(table.columns.count == 2)
    }
  }
}
