import Foundation
import TestKit
import Testing

/// What is asked of a server's database before and after an upgrade: `plan`, `doctor`, and `--keep-completed`.
@Suite struct ServerPlanTests {
  static let kinds = TestServer.Kind.allCases

  @Test(arguments: kinds)
  func `a plan runs on a copy and tells the SQL, the schema, the rows and the size`(
    _ kind: TestServer.Kind
  ) throws {
    let project = try ServerProject(kind)
    try project.chain(3)
    let before = ServerSnapshotTests.sorted(try project.subject.database.dump())
    let outcome = try project.plan(["--json"])
    let plan = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    )
    #expect(plan["outcome"] as? String == "would-upgrade")
    #expect(plan["to"] as? [String] == ["r3"])
    let steps = try #require(plan["revisions"] as? [[String: Any]])
    #expect(steps.map { $0["revision"] as? String } == ["r1", "r2", "r3"])
    let statements = try #require(steps[0]["statements"] as? [String])
    #expect(statements.contains { $0.contains("CREATE TABLE n1") }, "\(statements)")
    let schema = try #require(plan["schema"] as? [String])
    #expect(schema.contains { $0.contains("n2") && $0.contains("CREATE TABLE") }, "\(schema)")
    let rows = try #require(plan["rows"] as? [[String: Any]])
    #expect(rows.count == 3 && rows.allSatisfy { $0["after"] as? Int == 1 }, "\(rows)")
    #expect(try #require(plan["peakDisk"] as? Int) > 0)
    #expect(ServerSnapshotTests.sorted(try project.subject.database.dump()) == before)
    try ServerSnapshotTests.expectNothingLeft(project.subject)
    // What was saved for it alone is gone again.
    #expect(try project.subject.scratch.names(in: "store").allSatisfy { !$0.contains(".gz") })
    // The same for people, from `upgrade --dry-run`, on a snapshot that is there.
    try project.subject.run(["snapshot"])
    let text = try project.upgrade(["--dry-run"]).output
    #expect(text.contains("-- Running upgrade a1 -> r1"), "\(text)")
    #expect(text.contains("run on a copy; the database was not touched"))
    #expect(try project.subject.scratch.names(in: "store").count { $0.contains(".gz") } == 1)
    try project.upgrade()
    #expect(try project.plan().output.contains("nothing to do"))
  }

  @Test(arguments: kinds)
  func `a plan tells where the upgrade would fail`(_ kind: TestServer.Kind) throws {
    let project = try ServerProject(kind)
    try project.chain(5, third: "raise ValueError('no')")
    let before = ServerSnapshotTests.sorted(try project.subject.database.dump())
    let outcome = try project.plan(status: 20)
    #expect(outcome.output.contains("-- WOULD FAIL: "), "\(outcome)")
    #expect(outcome.errors.contains("ValueError: no"))
    #expect(outcome.errors.contains("state: the database was only read"))
    #expect(outcome.output.contains("-- Running upgrade r2 -> r3"))
    #expect(!outcome.output.contains("r3 -> r4"))
    #expect(ServerSnapshotTests.sorted(try project.subject.database.dump()) == before)
    try ServerSnapshotTests.expectNothingLeft(project.subject)
  }

  @Test(arguments: kinds)
  func `--keep-completed keeps the revisions before the one that fails`(
    _ kind: TestServer.Kind
  ) throws {
    let project = try ServerProject(kind)
    try project.chain(5, third: "raise ValueError('no')")
    let outcome = try project.upgrade(["--keep-completed"], status: 26)
    #expect(outcome.errors.contains("ValueError: no"), "\(outcome)")
    #expect(outcome.errors.contains("state: the database is at r2"), "\(outcome)")
    #expect(try project.versions() == "r2")
    #expect(try project.subject.database.execute("SELECT count(*) FROM n2") == "1")
    try ServerSnapshotTests.expectNothingLeft(project.subject)
  }

  @Test(arguments: kinds)
  func `doctor says whether the database can be saved, and what is wrong with its version`(
    _ kind: TestServer.Kind
  ) throws {
    let project = try ServerProject(kind)
    try project.chain(2)
    let healthy = try project.doctor(["--json"])
    #expect(healthy.output.contains("the whole database can be saved"), "\(healthy)")
    _ = try project.subject.database.execute(
      "UPDATE alembic_version SET version_num = 'gone'; CREATE TABLE _alembic_tmp_x (a integer);"
        + (kind == .postgresql ? "GRANT ALL ON _alembic_tmp_x TO PUBLIC" : "")
    )
    let outcome = try project.doctor(status: 25)
    #expect(outcome.output.contains("the database is at 'gone'"), "\(outcome)")
    #expect(outcome.output.contains("_alembic_tmp_x"), "\(outcome)")
    if kind == .mariadb {
      _ = try project.subject.database.execute("CREATE TABLE isam (a integer) ENGINE=MyISAM")
      let refused = try project.doctor(status: 25)
      #expect(refused.output.contains("is of engine MyISAM"), "\(refused)")
    }
  }

  @Test(arguments: kinds)
  func `doctor tells of a run that was killed, and --fix settles it`(
    _ kind: TestServer.Kind
  ) throws {
    let project = try ServerProject(kind)
    try project.chain(5, third: project.waiting)
    let before = ServerSnapshotTests.sorted(try project.subject.database.dump())
    let run = try project.started(["--no-rehearsal", "--tx-mode", "none"])
    try project.waitUntilThird(run)
    run.send(SIGKILL)
    _ = try run.finish()
    let outcome = try project.doctor(status: 25)
    #expect(outcome.output.contains("was killed in the middle"), "\(outcome)")
    try project.doctor(["--fix"])
    #expect(ServerSnapshotTests.sorted(try project.subject.database.dump()) == before)
  }

  @Test(arguments: kinds)
  func `a plan that cannot be made leaves no snapshot`(_ kind: TestServer.Kind) throws {
    let project = try ServerProject(kind)
    try project.chain(2)
    // A Python that has no alembic.
    let python = try project.subject.scratch.writeProgram(
      "#!/bin/sh\nexec '\(Workshop.python)' -S \"$@\"\n",
      to: "bin/python"
    )
    let scripts = ["--scripts", project.subject.scratch.file("migrations")]
    let outcome = try project.subject.run(["plan", "--python", python] + scripts, status: 24)
    #expect(outcome.errors.contains("Saved "), "\(outcome)")
    #expect(try project.subject.scratch.names(in: "store").allSatisfy { !$0.contains(".gz") })
    try ServerSnapshotTests.expectNothingLeft(project.subject)
  }

  @Test(arguments: kinds)
  func `doctor does not take a run that goes on for one that was killed`(
    _ kind: TestServer.Kind
  ) throws {
    let project = try ServerProject(kind)
    try project.chain(5, third: project.waiting)
    let run = try project.started(["--no-rehearsal", "--tx-mode", "none"])
    try project.waitUntilThird(run)
    let outcome = try project.doctor(status: 11)
    #expect(!outcome.output.contains("was killed"), "\(outcome)")
    try Data().write(to: URL(fileURLWithPath: project.gate))
    #expect(try run.finish().status == 0)
  }

  @Test func `--keep-completed keeps them where there could be no rehearsal, too`() throws {
    let project = try ServerProject(.postgresql, mayCreate: false)
    try project.chain(5, third: "raise ValueError('no')")
    let outcome = try project.upgrade(["--keep-completed"], status: 26)
    #expect(outcome.errors.contains("Not rehearsed"), "\(outcome)")
    #expect(try project.versions() == "r2")
  }
}
