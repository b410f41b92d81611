import Foundation
import Migrations

/// Values that change behind a revision's back, and those that it changes itself.
extension DataLossGuardTests {
  static let digest = DataLossGuard(mode: .digest)

  static func values(_ table: String, _ column: String) -> DataLoss {
    DataLoss(table: table, kind: .values(column: column))
  }

  static let onLog = "CREATE TRIGGER t AFTER INSERT ON log BEGIN %@; END"
  static let insertLog = "op.execute(\"INSERT INTO log VALUES ('z')\")"

  static func triggered(_ statement: String) -> [String] {
    [onLog.replacingOccurrences(of: "%@", with: statement)]
  }

  static let digestCases = [
    Case(
      name: "a trigger that changes a value",
      setUp: triggered("UPDATE p SET v = 'other' WHERE id = 1"),
      body: insertLog,
      guarding: digest,
      loss: values("p", "v")
    ),
    Case(
      name: "the same, when only rows are counted",
      setUp: triggered("UPDATE p SET v = 'other' WHERE id = 1"),
      body: insertLog
    ),
    Case(
      name: "a trigger that lets two values change places",
      setUp: triggered("UPDATE p SET w = 30 - w WHERE id < 3"),
      body: insertLog,
      guarding: digest,
      loss: values("p", "w")
    ),
    Case(
      name: "a value that only changes its storage class",
      setUp: triggered("UPDATE p SET v = CAST(v AS BLOB)"),
      body: insertLog,
      guarding: digest,
      loss: values("p", "v")
    ),
    Case(
      name: "a column that the script sets itself",
      body: "op.execute(\"UPDATE p SET v = 'other'\")",
      guarding: digest
    ),
    Case(
      name: "another column than the script sets",
      setUp: ["CREATE TRIGGER t AFTER UPDATE OF v ON p BEGIN UPDATE p SET w = 0; END"],
      body: "op.execute(\"UPDATE p SET v = 'other' WHERE id = 1\")",
      guarding: digest,
      loss: values("p", "w")
    ),
    Case(
      name: "a table that was given another name, and its old name to a new one",
      body:
        "op.rename_table('p', 'p_old')\nop.create_table('p', sa.Column('id', sa.Integer, primary_key=True), sa.Column('v', sa.String))",
      guarding: digest
    ),
    Case(
      name: "the same, with a trigger that changes what has the new name",
      setUp: triggered("UPDATE p SET v = 'other' WHERE id = 1"),
      body:
        "op.rename_table('p', 'p_old')\nop.create_table('p', sa.Column('id', sa.Integer, primary_key=True))\n\(insertLog)",
      guarding: digest,
      loss: values("p", "v")
    ),
    Case(
      name: "rows that the script inserts",
      body: "op.execute(\"INSERT INTO p VALUES (4, 'd', 40)\")",
      guarding: digest
    ),
    Case(
      name: "a batch that changes a type as asked",
      body: "with op.batch_alter_table('p') as b:\n    b.alter_column('w', type_=sa.Text())",
      guarding: digest
    ),
    Case(
      name: "a batch that drops a column and adds another",
      body: """
        with op.batch_alter_table('p') as b:
            b.drop_column('v')
            b.add_column(sa.Column('z', sa.Integer(), server_default='7'))
        """,
      guarding: digest
    ),
    Case(
      name: "made anew by hand, whole",
      body: byHand.replacingOccurrences(of: "%@", with: ""),
      guarding: digest
    ),
    Case(
      name: "made anew by hand, with columns mixed up",
      body: byHand.replacingOccurrences(of: "SELECT * FROM p%@", with: "SELECT id, w, v FROM p"),
      guarding: digest,
      loss: values("p", "v")
    ),
    Case(
      name: "made anew by hand, with columns mixed up, allowed",
      body: byHand.replacingOccurrences(of: "SELECT * FROM p%@", with: "SELECT id, w, v FROM p"),
      guarding: DataLossGuard(mode: .digest, allowed: ["p"])
    ),
    Case(
      name: "a rename",
      body: "op.rename_table('p', 'parent')",
      guarding: digest
    ),
  ]
}
