import Foundation
import TestKit
import Testing

/// What the commands say and do on servers after a run that was killed.
@Suite struct ServerKilledTests {
  static let kinds = TestServer.Kind.allCases

  /// Kills an upgrade without a transaction in the middle of its third revision.
  private func killUpgrade(_ project: ServerProject, _ options: [String] = []) throws {
    try project.chain(3, third: project.waiting)
    let run = try project.started(["--no-rehearsal"] + options)
    try project.waitUntilThird(run)
    run.send(SIGKILL)
    _ = try run.finish()
  }

  private func check(_ project: ServerProject, status: Int32) throws -> Command.Outcome {
    try project.subject.run(
      ["check", "--scripts", project.subject.scratch.file("migrations")],
      status: status
    )
  }

  @Test(arguments: [
    (TestServer.Kind.mariadb, []), (.postgresql, ["--tx-mode", "none"]), (.postgresql, []),
  ])
  func `undo after an upgrade that was killed takes back that one, and no other`(
    _ kind: TestServer.Kind,
    _ options: [String]
  ) throws {
    let project = try ServerProject(kind)
    try project.chain(1)
    try project.upgrade()
    let before = try project.subject.content()
    try killUpgrade(project, options)
    let outcome = try project.subject.run(["undo"])
    #expect(outcome.errors.contains("Already undone"), "\(outcome)")
    #expect(try project.versions() == "r1")
    #expect(try project.subject.content() == before)
    #expect(try project.subject.note() == nil)
  }

  @Test(arguments: kinds)
  func `nothing vouches for what a killed command has left, and undo takes it back`(
    _ kind: TestServer.Kind
  ) throws {
    let project = try ServerProject(kind)
    try project.chain(1)
    try project.upgrade()
    let subject = project.subject
    let before = try subject.content()
    // The version has not moved.
    try subject.killGuarded("CREATE TABLE half (n integer)", "DELETE FROM job")
    let words = "did not get to its end: what its command has done to"
    for command in [["list"], ["current"], ["diff", "latest"], ["snapshot"]] {
      let outcome = try subject.run(command)
      #expect(outcome.errors.contains(words), "\(command): \(outcome)")
    }
    let refused = try check(project, status: 24)
    #expect(refused.errors.contains("nobody has decided about what it has left"), "\(refused)")
    let doctor = try project.doctor(status: 25)
    #expect(doctor.output.contains("while the command that it guarded"), "\(doctor)")
    #expect(!doctor.output.contains("settles it"), "\(doctor)")
    try subject.run(["undo"])
    #expect(try subject.content() == before)
    #expect(try check(project, status: 0).errors == "")
    #expect(try subject.note() == nil)
  }

  @Test(arguments: kinds)
  func `a run that still goes on is none that was killed`(_ kind: TestServer.Kind) throws {
    let subject = try ServerSubject(kind)
    let go = subject.scratch.file("go")
    let running = try Workshop.xmSafeStarted(
      subject.guardedArguments([], 0, ["wait \(go)"]),
      environment: ["URL": subject.url]
    )
    try running.wait(for: "the command") { FileManager.default.fileExists(atPath: go + ".ready") }
    for command in [["list"], ["current"]] {
      #expect(try subject.run(command).errors == "")
    }
    try Data().write(to: URL(fileURLWithPath: go))
    #expect(try running.finish().status == 0)
  }

  @Test(arguments: kinds)
  func `a note that cannot be read is named, and a restore settles it`(
    _ kind: TestServer.Kind
  ) throws {
    let project = try ServerProject(kind)
    try project.chain(1)
    let subject = project.subject
    let before = try subject.content()
    let id = try subject.snapshot()
    try subject.killGuarded("DELETE FROM job")
    let note = try #require(try subject.note())
    try Data("{\"snapshot\":".utf8).write(to: URL(fileURLWithPath: note))
    for command in [["list"], ["current"], ["diff", id], ["snapshot"]] {
      let outcome = try subject.run(command)
      #expect(outcome.errors.contains(note) && outcome.errors.contains("cannot be read"))
    }
    for refused in [
      try check(project, status: 24), try project.upgrade(status: 24),
      try subject.guarded([], "SELECT 1", status: 24),
      try subject.run(["prune", "--keep-last", "1"], status: 24),
    ] {
      #expect(refused.errors.contains(note) && refused.errors.contains("cannot be read"))
      #expect(refused.errors.contains("then move that file away"), "\(refused)")
    }
    #expect(try project.doctor(status: 25).output.contains("cannot be read"))
    // What does not come to its end settles nothing.
    try subject.run(["restore", "zzzz"], status: 10)
    #expect(try subject.note() == note)
    try subject.run(["restore", id])
    #expect(try subject.content() == before)
    #expect(try subject.note() == nil)
    try project.upgrade()
  }

  /// Removes the snapshot that the note of a killed run names.
  private func removeNoted(_ subject: ServerSubject) throws -> String {
    let note = try #require(try subject.note())
    let text = try String(contentsOfFile: note, encoding: .utf8)
    let id = try #require(try subject.object(text)["snapshot"] as? String)
    try FileManager.default.removeItem(atPath: subject.archive(id))
    return note
  }

  @Test(arguments: kinds)
  func `a killed command whose snapshot is gone waits for somebody to decide`(
    _ kind: TestServer.Kind
  ) throws {
    let project = try ServerProject(kind)
    try project.chain(1)
    let subject = project.subject
    try subject.killGuarded("DELETE FROM job")
    let note = try removeNoted(subject)
    #expect(try subject.run(["snapshot"]).errors.contains(note))
    for refused in [
      try check(project, status: 24), try project.upgrade(status: 24),
      try subject.guarded([], "SELECT 1", status: 24),
    ] {
      #expect(refused.errors.contains("remove '\(note)'"), "\(refused)")
    }
    try subject.run(["restore", "latest"])
    #expect(try subject.note() == nil)
    try project.upgrade()
  }

  @Test(arguments: kinds)
  func `a killed upgrade whose snapshot is gone does the same`(_ kind: TestServer.Kind) throws {
    let project = try ServerProject(kind)
    let id = try project.subject.snapshot()
    let before = try project.subject.content()
    try killUpgrade(project, kind == .postgresql ? ["--tx-mode", "none"] : [])
    let note = try removeNoted(project.subject)
    #expect(try project.subject.run(["snapshot"]).errors.contains("was not put back"))
    let refused = try project.upgrade(status: 24)
    #expect(refused.errors.contains("remove '\(note)'"), "\(refused)")
    let doctor = try project.doctor(status: 25)
    #expect(doctor.output.contains("that snapshot was not put back"), "\(doctor)")
    try project.subject.run(["restore", id])
    #expect(try project.subject.content() == before)
    #expect(try project.subject.note() == nil)
  }

  @Test func `what was not restored because others have written no next command replaces`() throws {
    let project = try ServerProject(.mariadb)
    let subject = project.subject
    let id = try subject.snapshot()
    let before = try subject.content()
    try project.chain(3, third: project.waiting + "\nraise ValueError('no')")
    let run = try project.started(["--no-rehearsal"])
    try project.waitUntilThird(run)
    // No statement of the upgrade names this table.
    try subject.execute("INSERT INTO `odd``;table` VALUES ('of another')")
    try Data().write(to: URL(fileURLWithPath: project.gate))
    let outcome = try run.finish()
    #expect(outcome.status == 21, "\(outcome)")
    #expect(outcome.errors.contains("it was not restored, so that nothing of theirs is lost"))
    let left = try subject.content()
    for command in [["list"], ["current"], ["snapshot"]] {
      let told = try subject.run(command)
      #expect(told.errors.contains("failed in the middle: what it has left stays"), "\(told)")
    }
    let refused = try project.upgrade(status: 24)
    #expect(refused.errors.contains("nobody has decided about what it has left"), "\(refused)")
    #expect(try project.doctor(status: 25).output.contains("failed in the middle"))
    #expect(try subject.content() == left)
    try subject.run(["restore", id])
    #expect(try subject.content() == before)
    #expect(try subject.note() == nil)
  }
}
