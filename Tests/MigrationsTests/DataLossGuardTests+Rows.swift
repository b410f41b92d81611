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
