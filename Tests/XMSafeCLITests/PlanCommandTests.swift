import Foundation
import SQLite
import TestKit
import Testing

/// `plan` and `upgrade --dry-run`, asked of the program itself.
@Suite struct PlanCommandTests {
  private func project(_ scratch: Scratch, _ body: String) throws -> [String] {
    try SampleDatabases.create(
      scratch.file("a.sqlite3"),
      [
        "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT)",
        "CREATE TABLE c (p INTEGER)",
        "CREATE TRIGGER t AFTER DELETE ON p BEGIN DELETE FROM c WHERE p = old.id; END",
        "INSERT INTO p VALUES (1, 'a'), (2, 'b')", "INSERT INTO c VALUES (1), (2)",
      ]
    )
    try scratch.write(
      "\"\"\"Change p.\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\nrevision = 'aaaa'\n"
        + "down_revision = None\ndef upgrade():\n    \(body)\n",
      to: "scripts/versions/aaaa.py"
    )
    return ["--db", scratch.file("a.sqlite3"), "--scripts", scratch.file("scripts")]
  }

  static let rebuild =
    "with op.batch_alter_table('p') as b:\n        b.alter_column('v', nullable=False)"

  @Test func `a plan shows SQL, schema, rows and what is lost, and changes nothing`() throws {
    let scratch = try Scratch()
    let options = try project(scratch, Self.rebuild)
    let before = try Data(contentsOf: URL(fileURLWithPath: scratch.file("a.sqlite3")))
    let plan = try Workshop.xmSafe(["plan"] + options)
    #expect(plan.status == 0, "\(plan)")
    for words in [
      "-- Running upgrade base -> aaaa, Change p.", "CREATE TABLE _alembic_tmp_p (",
      "INSERT INTO alembic_version (version_num) VALUES ('aaaa');", "-- p: 2 -> 2 rows",
      "-- WARNING: table p: the trigger t is gone",
      "--   CREATE TRIGGER t AFTER DELETE ON p BEGIN DELETE FROM c WHERE p = old.id; END",
      "table_kwargs={'sqlite_autoincrement': True}", "-- Schema difference",
      // Seen, although the table's own drop takes it along.
      "\nDROP TRIGGER \"t\";", "DROP TABLE \"p\";", "of disk; the guard (rows) has no objection",
    ] {
      #expect(plan.output.contains(words), "\(words) is not in \(plan)")
    }
    #expect(
      plan.errors.split(separator: "\n").allSatisfy {
        $0.contains("[xm_safe.preflight]") || $0.contains("[xm_safe.engine]")
      }
    )
    let dry = try Workshop.xmSafe(["upgrade", "--dry-run", "--json"] + options)
    #expect(dry.status == 0, "\(dry)")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(dry.output.utf8)) as? [String: Any]
    )
    #expect(json["outcome"] as? String == "would-upgrade")
    #expect(json["to"] as? [String] == ["aaaa"])
    #expect((json["peakDisk"] as? Int ?? 0) >= before.count)
    let step = try #require((json["revisions"] as? [[String: Any]])?.first)
    #expect((step["statements"] as? [String])?.count == 6)
    #expect((step["warnings"] as? [[String: Any]])?.last?["remedy"] is String)
    #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.file("a.sqlite3"))) == before)
    let upgrade = try Workshop.xmSafe(["upgrade"] + options)
    #expect(upgrade.status == 0, "\(upgrade)")
    #expect(
      upgrade.errors.contains("WARNI [xm_safe.migrate] Table '")
        && upgrade.errors.contains("': the trigger t is gone; what brings")
    )
    let rehearsed = "Rehearsed on a copy: 1 revision in 0."
    #expect(upgrade.errors.components(separatedBy: rehearsed).count == 2, "\(upgrade)")
    #expect(upgrade.errors.components(separatedBy: "Running upgrade").count == 2)
    let again = try Workshop.xmSafe(["plan"] + options)
    #expect(again.status == 0)
    #expect(again.output.hasPrefix("nothing to do: "))
  }

  @Test func `a plan that would fail ends as the upgrade would`() throws {
    let scratch = try Scratch()
    let options = try project(scratch, "op.execute('DELETE FROM p WHERE id = 1')")
    let before = try Data(contentsOf: URL(fileURLWithPath: scratch.file("a.sqlite3")))
    let sentence = "1 row of table 'c' vanished (2 before, 1 after)"
    let plan = try Workshop.xmSafe(["plan"] + options)
    #expect(plan.status == 20, "\(plan)")
    #expect(plan.output.contains("DELETE FROM p WHERE id = 1;"))
    #expect(plan.output.contains("-- WOULD FAIL: "))
    #expect(plan.output.contains(sentence))
    let upgrade = try Workshop.xmSafe(["upgrade"] + options)
    #expect(upgrade.status == 20, "\(upgrade)")
    #expect(upgrade.errors.contains(sentence))
    #expect(upgrade.errors.contains("state: the database was not touched"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.file("a.sqlite3"))) == before)
    let real = try Workshop.xmSafe(["upgrade", "--no-rehearsal"] + options)
    #expect(real.status == 20, "\(real)")
    #expect(real.errors.contains("state: the database is exactly as it was before"))
    #expect(try Workshop.xmSafe(["plan", "--guard", "off"] + options).status == 0)
    #expect(try Workshop.xmSafe(["plan", "--allow-row-loss", "c"] + options).status == 0)
    #expect(try Workshop.xmSafe(["plan", "--guard", "some"] + options).status == 64)
    let allowed = try Workshop.xmSafe(["upgrade", "--allow-row-loss", "c"] + options)
    #expect(allowed.status == 0, "\(allowed)")
    #expect(allowed.errors.contains("rows deleted: c 1, p 1"))
  }
}
