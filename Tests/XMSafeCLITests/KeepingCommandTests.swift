import SQLite
import TestKit
import Testing

/// `--keep-what-alembic-loses`.
@Suite struct KeepingCommandTests {
  private func project() throws -> ScriptProject {
    let project = try ScriptProject.line()
    try project.run(["upgrade"])
    try SampleDatabases.create(
      project.database,
      ["CREATE TRIGGER tr AFTER INSERT ON person BEGIN SELECT 1; END"]
    )
    try project.add(
      "dddd4444",
      after: ["cccc3333"],
      up: ["with op.batch_alter_table('person', recreate='always'): pass"]
    )
    return project
  }

  private func triggers(_ project: ScriptProject) throws -> Int64? {
    let connection = try Connection(opening: project.database, mode: .readOnly)
    defer { try? connection.close() }
    return try connection.value("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'")?
      .integerValue
  }

  @Test func `what a rebuild loses is told, and kept if that is wanted`() throws {
    let kept = try project()
    let loss = "the trigger tr is gone; what brings it back: CREATE TRIGGER tr"
    #expect(try kept.run(["plan"]).output.contains("the trigger tr is gone"))
    let flag = "--keep-what-alembic-loses"
    #expect(try !kept.run(["plan", flag]).output.contains("tr is gone"))
    let outcome = try kept.run(["upgrade", flag])
    #expect(!outcome.errors.contains("tr is gone"), "\(outcome)")
    #expect(try triggers(kept) == 1)

    let lost = try project()
    #expect(try lost.run(["upgrade"]).errors.contains(loss))
    #expect(try triggers(lost) == 0)
  }

  @Test func `with the project's own alembic nothing can be kept, and that is said`() throws {
    let project = try project()
    let outcome = try project.run(
      ["upgrade", "--keep-what-alembic-loses", "--engine", "alembic"],
      status: 24
    )
    #expect(outcome.errors.contains("what it loses cannot be kept"), "\(outcome)")
  }
}
