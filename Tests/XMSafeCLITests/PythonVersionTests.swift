import Foundation
import TestKit
import Testing

/// The project's own alembic on every Python of this machine from 3.9 on, each with the newest alembic that has it.
@Suite struct PythonVersionTests {
  private static let directory = Workshop.root + "/.cache/pythons"

  /// What `make setup` has found.
  static func versions() throws -> [String] {
    let names = try FileManager.default.contentsOfDirectory(atPath: directory)
    return names.filter { $0.hasPrefix("3.") }.sorted()
  }

  @Test func `there is at least one, and every one is upgraded with as plain alembic does`() throws
  {
    let versions = try Self.versions()
    #expect(!versions.isEmpty)
    for version in versions {
      let python = "\(Self.directory)/\(version)/bin/python"
      let scratch = try Scratch()
      let (plain, guarded) = (scratch.file("plain.db"), scratch.file("guarded.db"))
      for path in [plain, guarded] { try SampleDatabases.legacy(path) }
      let scripts = Workshop.xmanagerScripts
      let oracle = try Workshop.alembicUpgrade(plain, scripts: scripts, python: python)
      #expect(oracle.status == 0, "Python \(version): \(oracle)")
      let outcome = try Workshop.xmSafe([
        "upgrade", "--db", guarded, "--scripts", scripts, "--engine", "alembic", "--python", python,
      ])
      #expect(outcome.status == 0, "Python \(version): \(outcome)")
      #expect(outcome.errors.contains("Python \(version)"), "\(outcome)")
      #expect(try DatabaseDump.text(guarded) == DatabaseDump.text(plain), "Python \(version)")
    }
  }

  @Test(arguments: [
    ("commit", "op.get_bind().connection.commit()\n" + HazardTests.insert, 0 as Int32),
    ("os._exit", HazardTests.insert + "os._exit(0)", 20),
    ("an error", HazardTests.insert + "op.execute('SELECT * FROM nothing')", 20),
    ("another connection", "sqlite3.connect('app.db').close()\n" + HazardTests.insert, 0),
    ("the file written to", "open('app.db', 'r+b').write(b'x')", 20),
  ])
  func `on every one a hazard is as under plain alembic, or undone`(
    _ name: String,
    script: String,
    status: Int32
  ) throws {
    for version in try Self.versions() {
      let project = try AlembicProjectFixture(scripts: [script])
      let before = try project.dump()
      let outcome = try Workshop.xmSafe(
        [
          "upgrade", "--engine", "alembic", "--python",
          "\(Self.directory)/\(version)/bin/python",
        ],
        in: project.scratch.file("guarded")
      )
      #expect(outcome.status == status, "Python \(version): \(outcome)")
      #expect(try (project.dump() == before) == (status != 0), "Python \(version): \(outcome)")
      #expect(try project.leftovers() == [])
    }
  }
}
