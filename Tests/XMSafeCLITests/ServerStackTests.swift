import Foundation
import TestKit
import Testing

/// Upgrades on servers with the drivers and the pairs of alembic and SQLAlchemy that projects really use.
@Suite struct ServerStackTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var kind: TestServer.Kind
    var driver: String
    var stack = AlembicStack.newest
    var isAsynchronous = false
    var testDescription: String { "\(kind.rawValue) through \(driver), \(stack.rawValue)" }
  }

  static let cases = [
    Case(kind: .postgresql, driver: "psycopg2"),
    Case(kind: .postgresql, driver: "psycopg"),
    Case(kind: .postgresql, driver: "pg8000"),
    Case(kind: .postgresql, driver: "asyncpg", isAsynchronous: true),
    Case(kind: .postgresql, driver: "psycopg", isAsynchronous: true),
    Case(kind: .postgresql, driver: "psycopg2", stack: .oldest),
    Case(kind: .mariadb, driver: "pymysql"),
    Case(kind: .mariadb, driver: "aiomysql", isAsynchronous: true),
    Case(kind: .mariadb, driver: "pymysql", stack: .oldest),
  ]

  @Test(arguments: cases)
  func `an upgrade makes what plain alembic makes, and a failing one nothing`(_ test: Case) throws {
    func project() throws -> ServerProject {
      let project = try ServerProject(
        test.kind,
        driver: test.driver,
        python: test.stack.python,
        isAsynchronous: test.isAsynchronous
      )
      try project.chain(5)
      return project
    }
    let (ours, theirs) = (try project(), try project())
    try ours.upgrade()
    try theirs.alembicUpgrade()
    #expect(try Set(lines(ours)).symmetricDifference(lines(theirs)) == [])

    let failing = try project()
    try failing.chain(5, third: "raise ValueError('no')")
    let before = ServerSnapshotTests.sorted(try failing.subject.database.dump())
    let outcome = try failing.upgrade(["--no-rehearsal"], status: 20)
    #expect(outcome.errors.contains("ValueError: no"), "\(outcome)")
    #expect(ServerSnapshotTests.sorted(try failing.subject.database.dump()) == before)
    try ServerSnapshotTests.expectNothingLeft(failing.subject)
  }

  /// What is in the database of a project, whose user, who owns it all, is its own.
  private func lines(_ project: ServerProject) throws -> [String] {
    try ServerSnapshotTests.sorted(project.subject.database.dump())
      // An event begins when it is created.
      .filter { !$0.contains("STARTS '") }
      .map { $0.replacingOccurrences(of: project.subject.database.user, with: "owner") }
  }
}
