import Foundation
import TestKit
import Testing

/// Downgrades and stamps of databases on PostgreSQL and MariaDB servers, compared with plain alembic's.
@Suite struct ServerDowngradeTests {
  static let kinds = TestServer.Kind.allCases

  private static func dump(_ project: ServerProject) throws -> [String] {
    ServerSnapshotTests.sorted(try project.subject.database.dump())
  }

  /// What plain alembic leaves of the database as it is, which is then put back.
  private static func plain(
    _ project: ServerProject,
    _ command: String,
    _ operands: String
  ) throws -> [String] {
    let outcome = try Command.run(project.alembic(command, operands))
    try #require(outcome.status == 0, "\(outcome)")
    return try dump(project)
  }

  @Test(
    arguments: [
      (.postgresql, "r3"), (.postgresql, "base"), (.mariadb, "-1"), (.mariadb, "base"),
    ] as [(TestServer.Kind, String)]
  )
  func `a downgrade leaves what plain alembic leaves`(
    _ kind: TestServer.Kind,
    _ target: String
  ) throws {
    let project = try ServerProject(kind)
    try project.chain(5)
    try project.upgrade()
    let before = try Self.dump(project)
    let planned = try project.run(["downgrade", target, "--dry-run", "--json"])
    #expect(planned.output.contains("\"outcome\" : \"would-downgrade\""), "\(planned)")
    #expect(try Self.dump(project) == before)
    let outcome = try project.run(["downgrade", target, "--json"])
    #expect(outcome.output.contains("\"outcome\" : \"downgraded\""), "\(outcome)")
    #expect(outcome.output.contains("\"reason\" : \"pre-downgrade\""), "\(outcome)")
    #expect(outcome.errors.contains("A downgrade brings back no rows"), "\(outcome)")
    let after = try Self.dump(project)
    try project.subject.run(["undo"])
    #expect(try Self.dump(project) == before)
    #expect(try Self.plain(project, "downgrade", "'\(target)'") == after)
    try ServerSnapshotTests.expectNothingLeft(project.subject)
  }

  @Test(arguments: kinds, ["--no-rehearsal", "--guard=rows"])
  func `a downgrade that fails in the middle leaves nothing changed`(
    _ kind: TestServer.Kind,
    _ option: String
  ) throws {
    let project = try ServerProject(kind)
    try project.chain(5, thirdBack: "raise NotImplementedError('no way back')")
    try project.upgrade()
    let before = try Self.dump(project)
    let outcome = try project.run(["downgrade", "base", option], status: 20)
    #expect(outcome.errors.contains("the downgrade of"), "\(outcome)")
    #expect(outcome.errors.contains("NotImplementedError: no way back"), "\(outcome)")
    #expect(try Self.dump(project) == before)
    #expect(try project.versions() == "r5")
    try ServerSnapshotTests.expectNothingLeft(project.subject)
  }

  @Test(arguments: kinds)
  func `a stamp writes plain alembic's rows, and is undone`(_ kind: TestServer.Kind) throws {
    let project = try ServerProject(kind)
    try project.chain(5)
    try project.upgrade()
    let before = try Self.dump(project)
    for (arguments, operands) in [
      (["r2"], "['r2']"), (["base"], "['base']"), (["--purge", "r4"], "['r4'], purge=True"),
    ] {
      let outcome = try project.run(["stamp", "--json"] + arguments)
      #expect(outcome.output.contains("\"outcome\" : \"stamped\""), "\(outcome)")
      #expect(outcome.output.contains("\"reason\" : \"pre-stamp\""), "\(outcome)")
      let after = try Self.dump(project)
      #expect(after != before)
      try project.subject.run(["undo"])
      #expect(try Self.dump(project) == before)
      #expect(try Self.plain(project, "stamp", operands) == after)
      try project.run(["stamp", "r5"])
      #expect(try Self.dump(project) == before)
    }
    let again = try project.run(["stamp", "head", "--json"])
    #expect(again.output.contains("\"outcome\" : \"nothing-to-do\""), "\(again)")
    try ServerSnapshotTests.expectNothingLeft(project.subject)
  }
}
