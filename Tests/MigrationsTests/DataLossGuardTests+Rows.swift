import Foundation
import Migrations

/// Rows that vanish, and rows that are meant to go.
extension DataLossGuardTests {
  /// Three parents, with children of two kinds and a log.
  static let tables = [
    "CREATE TABLE p (id INTEGER PRIMARY KEY, v TEXT, w INTEGER)",
    "CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p (id) ON DELETE CASCADE)",
    "CREATE TABLE log (line TEXT)",
    "INSERT INTO p VALUES (1, 'a', 10), (2, 'b', 20), (3, 'c', 30)",
    "INSERT INTO c VALUES (1, 1), (2, 1), (3, 2)",
    "INSERT INTO log VALUES ('x'), ('y')",
  ]
  static let cascade =
    "CREATE TRIGGER t AFTER DELETE ON p BEGIN DELETE FROM c WHERE p = old.id; END"
  static let byHand = """
    op.execute('CREATE TABLE new (id INTEGER PRIMARY KEY, v TEXT, w INTEGER)')
    op.execute('INSERT INTO new SELECT * FROM p%@')
    op.execute('DROP TABLE p')
    op.execute('ALTER TABLE new RENAME TO p')
    """

  static func rows(_ table: String, _ before: Int64, _ after: Int64) -> DataLoss {
    DataLoss(table: table, kind: .rows(before: before, after: after))
  }

  static func references(_ table: String, _ parent: String, _ count: Int64?) -> DataLoss {
    DataLoss(
      table: table,
      kind: .references(column: "p", parent: parent, count: count)
    )
  }

  private static func child(_ action: String) -> [String] {
    [
      "DROP TABLE c",
      "CREATE TABLE n (id INTEGER PRIMARY KEY, p INTEGER DEFAULT 3 REFERENCES p (id) ON DELETE \(action) DEFERRABLE INITIALLY DEFERRED)",
      "INSERT INTO n VALUES (1, 1), (2, 2), (3, NULL)",
      "CREATE TABLE c (id INTEGER PRIMARY KEY)", "INSERT INTO c VALUES (1)",
    ]
  }
  static let nulling = child("SET NULL")
  static let defaulting = child("SET DEFAULT") + ["INSERT INTO p VALUES (4, 'd', 40)"]
  static let batch =
    "with op.batch_alter_table('p') as b:\n    b.alter_column('w', type_=sa.BigInteger())"

  static let rowCases = [
    Case(name: "DELETE of the script itself", body: "op.execute('DELETE FROM p WHERE id = 1')"),
    Case(
      name: "DELETE after WITH, in other letters",
      body:
        "op.execute('WITH x AS (SELECT 1 AS i) delete from main.P WHERE id IN (SELECT i FROM x)')"
    ),
    Case(
      name: "a trigger that deletes from another table",
      setUp: [cascade],
      body: "op.execute('DELETE FROM p WHERE id = 1')",
      loss: rows("c", 3, 1)
    ),
    Case(
      name: "a trigger that deletes, and as many rows are inserted",
      setUp: [cascade],
      body:
        "op.execute('DELETE FROM p WHERE id = 1')\nop.execute('INSERT INTO c VALUES (7, 2), (8, 2)')",
      loss: DataLoss(table: "c", kind: .deleted(count: 2))
    ),
    Case(
      name: "the same, after a rename",
      setUp: [cascade],
      body:
        "op.rename_table('c', 'd')\nop.execute('DELETE FROM p WHERE id = 1')\nop.execute('INSERT INTO d VALUES (7, 2), (8, 2)')",
      loss: DataLoss(table: "c", kind: .deleted(count: 2))
    ),
    Case(
      name: "a trigger that deletes, and is rolled back",
      setUp: [cascade, "CREATE UNIQUE INDEX u ON p (v)"],
      body: """
        try:
            with op.get_bind().begin_nested():
                op.execute('DELETE FROM p WHERE id = 1')
                op.execute("INSERT INTO p VALUES (9, 'b', 1)")
        except sa.exc.IntegrityError:
            pass
        """
    ),
    Case(
      name: "a trigger that deletes what the revision has put there",
      setUp: [cascade],
      body: """
        op.execute('CREATE TABLE k (p INTEGER)')
        op.execute('CREATE TRIGGER k2 AFTER DELETE ON log BEGIN DELETE FROM k; END')
        op.execute('INSERT INTO k VALUES (1)')
        op.execute('DELETE FROM log')
        """
    ),
    Case(
      name: "a trigger that deletes, allowed",
      setUp: [cascade],
      body: "op.execute('DELETE FROM p WHERE id = 1')",
      guarding: DataLossGuard(allowed: ["C"])
    ),
    Case(
      name: "a trigger that deletes, with the guard off",
      setUp: [cascade],
      body: "op.execute('DELETE FROM p WHERE id = 1')",
      guarding: DataLossGuard(mode: .off)
    ),
    Case(
      name: "a trigger that deletes, and the script deletes there too",
      setUp: [cascade],
      body: "op.execute('DELETE FROM p WHERE id = 1')\nop.execute('DELETE FROM c')"
    ),
    Case(
      name: "a foreign key that deletes",
      body: "op.execute('DELETE FROM p WHERE id = 1')",
      foreignKeys: true,
      loss: rows("c", 3, 1)
    ),
    Case(
      name: "a batch under foreign_keys=ON that empties the children",
      body: "with op.batch_alter_table('p') as b:\n    b.alter_column('w', type_=sa.BigInteger())",
      foreignKeys: true,
      loss: rows("c", 3, 0)
    ),
    Case(
      name: "the same batch under foreign_keys=OFF",
      body: "with op.batch_alter_table('p') as b:\n    b.alter_column('w', type_=sa.BigInteger())"
    ),
    Case(
      name: "UPDATE OR REPLACE of the script itself",
      body: "op.execute('UPDATE OR REPLACE p SET id = 2 WHERE id = 1')"
    ),
    Case(
      name: "REPLACE INTO that removes two rows for one",
      setUp: ["CREATE UNIQUE INDEX u ON p (v)"],
      body: "op.execute(\"REPLACE INTO p VALUES (1, 'b', 0)\")"
    ),
    Case(
      name: "an INSERT whose table says ON CONFLICT REPLACE",
      setUp: [
        "CREATE TABLE r (a UNIQUE ON CONFLICT REPLACE, b UNIQUE ON CONFLICT REPLACE)",
        "INSERT INTO r VALUES (1, 1), (2, 2)",
      ],
      body: "op.execute('INSERT INTO r VALUES (1, 2)')",
      loss: rows("r", 2, 1)
    ),
    Case(
      name: "an UPDATE that is no OR REPLACE, beside a function of the name",
      setUp: [cascade.replacingOccurrences(of: "DELETE ON p", with: "UPDATE ON p")],
      body: "op.execute(\"UPDATE p SET v = 1 OR replace(v, 'a', 'b') WHERE id = 1\")",
      loss: rows("c", 3, 1)
    ),
    Case(name: "DROP TABLE", body: "op.drop_table('log')"),
    Case(
      name: "DROP TABLE, made anew and empty",
      body: """
        op.drop_table('log')
        op.create_table('log', sa.Column('line', sa.Text()))
        """
    ),
    Case(name: "rename", body: "op.rename_table('log', 'journal')"),
    Case(
      name: "rename, then a trigger that deletes there",
      setUp: [cascade],
      body: "op.rename_table('c', 'child')\nop.execute('DELETE FROM p WHERE id = 1')",
      loss: rows("c", 3, 1)
    ),
    Case(
      name: "rename, then the script deletes there",
      body: "op.rename_table('c', 'child')\nop.execute('DELETE FROM child')"
    ),
    Case(name: "made anew by hand, whole", body: byHand.replacingOccurrences(of: "%@", with: "")),
    Case(
      name: "made anew by hand, with WHERE",
      body: byHand.replacingOccurrences(of: "%@", with: " WHERE id > 1"),
      loss: rows("p", 3, 2)
    ),
    Case(
      name: "made anew by hand, and deleted from by name",
      body: byHand.replacingOccurrences(of: "%@", with: "") + "\nop.execute('DELETE FROM p')"
    ),
    Case(
      name: "moved aside and made anew, with WHERE",
      body: """
        op.rename_table('p', 'old')
        op.execute('CREATE TABLE p AS SELECT * FROM old WHERE id = 2')
        op.drop_table('old')
        """,
      loss: rows("p", 3, 1)
    ),
    Case(
      name: "made anew by way of a temporary table, with WHERE",
      body: """
        op.execute('CREATE TEMP TABLE bak AS SELECT * FROM p WHERE id > 1')
        op.execute('DROP TABLE p')
        op.execute('CREATE TABLE p (id INTEGER PRIMARY KEY, v TEXT, w INTEGER)')
        op.execute('INSERT INTO p SELECT * FROM bak')
        """,
      loss: rows("p", 3, 2)
    ),
    Case(
      name: "made anew by way of a temporary table that is filled later, with WHERE",
      body: """
        op.execute('CREATE TEMPORARY TABLE bak (id, v, w)')
        op.execute('INSERT INTO bak SELECT * FROM p WHERE id > 1')
        op.execute('DROP TABLE p')
        op.execute('CREATE TABLE p (id INTEGER PRIMARY KEY, v TEXT, w INTEGER)')
        op.execute('INSERT INTO p SELECT * FROM bak')
        """,
      loss: rows("p", 3, 2)
    ),
    Case(
      name: "made anew by way of a view, with WHERE",
      body: """
        op.execute('CREATE VIEW some AS SELECT * FROM p WHERE id > 1')
        op.execute('CREATE TABLE new AS SELECT * FROM some')
        op.execute('DROP VIEW some')
        op.execute('DROP TABLE p')
        op.execute('ALTER TABLE new RENAME TO p')
        """,
      loss: rows("p", 3, 2)
    ),
    Case(
      name: "made anew by way of two views that were there, with WHERE",
      setUp: [
        "CREATE VIEW some AS SELECT * FROM p WHERE id > 1",
        "CREATE VIEW \"it all\" AS SELECT * FROM some",
      ],
      body: """
        op.execute('CREATE TABLE new AS SELECT * FROM "it all"')
        op.execute('DROP VIEW "it all"')
        op.execute('DROP VIEW some')
        op.execute('DROP TABLE p')
        op.execute('ALTER TABLE new RENAME TO p')
        """,
      loss: rows("p", 3, 2)
    ),
    Case(
      name: "made anew by way of a temporary table, whole",
      body: """
        op.execute('CREATE TEMP TABLE bak AS SELECT * FROM p')
        op.execute('DROP TABLE p')
        op.execute('CREATE TABLE p (id INTEGER PRIMARY KEY, v TEXT, w INTEGER)')
        op.execute('INSERT INTO p SELECT * FROM bak')
        op.execute('DROP TABLE bak')
        """
    ),
    Case(
      name: "a temporary table that only helps",
      body: """
        op.execute('CREATE TEMP TABLE ids AS SELECT id FROM p')
        op.execute('UPDATE p SET w = 0 WHERE id IN (SELECT id FROM ids)')
        op.execute('DROP TABLE ids')
        """
    ),
    Case(
      name: "a temporary table with a trigger that deletes from a table of the database",
      body: """
        op.execute('CREATE TEMP TABLE ids (id)')
        op.execute('CREATE TEMP TRIGGER t AFTER INSERT ON ids BEGIN DELETE FROM p WHERE id = new.id; END')
        op.execute('INSERT INTO ids VALUES (1)')
        """,
      loss: rows("p", 3, 2)
    ),
    Case(
      name: "a copy in which INSERT OR REPLACE makes one row of three",
      body: """
        op.execute('CREATE TABLE new (id INTEGER PRIMARY KEY, v TEXT UNIQUE)')
        op.execute("INSERT OR REPLACE INTO new SELECT id, 'same' FROM p")
        op.execute('DROP TABLE p')
        op.execute('ALTER TABLE new RENAME TO p')
        """,
      loss: rows("p", 3, 1)
    ),
    Case(
      name: "a batch under foreign_keys=ON that empties references",
      setUp: nulling,
      body: batch,
      foreignKeys: true,
      loss: references("n", "p", 2)
    ),
    Case(name: "the same under foreign_keys=OFF", setUp: nulling, body: batch),
    Case(
      name: "a batch under foreign_keys=ON that empties references, allowed",
      setUp: nulling,
      body: batch,
      guarding: DataLossGuard(allowed: ["N"]),
      foreignKeys: true
    ),
    Case(
      name: "a batch under foreign_keys=ON that sets references to their default",
      setUp: defaulting,
      body: batch,
      foreignKeys: true,
      loss: references("n", "p", nil)
    ),
    Case(
      name: "a parent that the script deletes, under foreign_keys=ON",
      setUp: nulling,
      body: "op.execute('DELETE FROM p WHERE id = 1')",
      foreignKeys: true
    ),
    Case(
      name: "references that the script empties itself, before it rebuilds what they refer to",
      setUp: nulling + ["DROP TABLE c"],
      body: "op.execute('UPDATE n SET p = NULL')\n" + batch,
      foreignKeys: true
    ),
    Case(
      name: "a parent that is dropped for good",
      setUp: nulling + ["DROP TABLE c"],
      body: "op.drop_table('p')",
      foreignKeys: true
    ),
    Case(
      name: "moved aside and kept",
      body: "op.rename_table('log', 'old')\nop.create_table('log', sa.Column('line', sa.Text()))"
    ),
    Case(
      name: "a batch that loses rows by a trigger's hand",
      setUp: ["CREATE TRIGGER t AFTER INSERT ON log BEGIN DELETE FROM p WHERE id = 3; END"],
      body: "op.execute(\"INSERT INTO log VALUES ('z')\")",
      loss: rows("p", 3, 2)
    ),
    Case(
      name: "a trigger that makes up for what it deletes",
      setUp: [
        "CREATE TRIGGER t AFTER INSERT ON log BEGIN DELETE FROM p WHERE id = 3; INSERT INTO p VALUES (4, 'd', 40); END"
      ],
      body: "op.execute(\"INSERT INTO log VALUES ('z')\")"
    ),
    Case(
      name: "a view whose trigger deletes",
      setUp: [
        "CREATE VIEW pv AS SELECT * FROM p",
        "CREATE TRIGGER t INSTEAD OF DELETE ON pv BEGIN DELETE FROM p WHERE id = old.id; END",
      ],
      body: "op.execute('DELETE FROM pv WHERE id = 1')",
      loss: rows("p", 3, 2)
    ),
    Case(
      name: "a temporary table of the same name",
      setUp: [cascade],
      body: """
        op.execute('CREATE TEMP TABLE c (p)')
        op.execute('DELETE FROM c')
        op.execute('DELETE FROM p WHERE id = 1')
        """,
      loss: rows("c", 3, 1)
    ),
    Case(
      name: "a full-text index that follows its table",
      setUp: [
        "CREATE VIRTUAL TABLE f USING fts5(v, content='p', content_rowid='id')",
        "INSERT INTO f (f) VALUES ('rebuild')",
        "CREATE TRIGGER t AFTER DELETE ON p BEGIN INSERT INTO f (f, rowid, v) VALUES ('delete', old.id, old.v); END",
      ],
      body: "op.execute('DELETE FROM p WHERE id = 1')"
    ),
  ]
}
