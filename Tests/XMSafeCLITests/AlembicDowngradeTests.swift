import Foundation
import SQLite
import TestKit
import Testing

/// Downgrades and stamps with the project's own alembic, compared with plain alembic on a copy.
@Suite struct AlembicDowngradeTests {
  /// A chain of six revisions, of which the native engine cannot take all back.
  static let chain: [(up: String, down: String)] = [
    (
      "op.create_table('made', sa.Column('id', sa.Integer, primary_key=True), sa.Column('n', sa.Integer))",
      "op.drop_table('made')"
    ),
    (
      "op.execute(\"INSERT INTO made SELECT id, id * 2 FROM other\")",
      "op.execute('DELETE FROM made WHERE n < 100')"
    ),
    (
      "with op.batch_alter_table('other') as batch:\n    batch.alter_column('value', type_=sa.String(30))",
      "with op.batch_alter_table('other') as batch:\n    batch.alter_column('value', type_=sa.Text())"
    ),
    (
      "import hashlib\n---\nop.add_column('parent', sa.Column('extra', sa.String(64)))\nop.execute(\"UPDATE parent SET extra = '%s'\" % hashlib.sha256(b'x').hexdigest())",
      "op.get_bind().connection.commit()\nhashlib.sha256(b'y')\nwith op.batch_alter_table('parent') as batch:\n    batch.drop_column('extra')"
    ),
    ("op.create_index('ix_made_n', 'made', ['n'])", "op.drop_index('ix_made_n', 'made')"),
    ("op.rename_table('made', 'renamed')", "op.rename_table('renamed', 'made')"),
  ]

  static func project(
    _ stack: AlembicStack = .newest,
    environment: String = AlembicProjectFixture.genericEnvironment
  ) throws -> AlembicProjectFixture {
    let project = try AlembicProjectFixture(
      stack,
      scripts: chain.map(\.up),
      downgrades: chain.map(\.down),
      environment: environment
    )
    let plain = try project.plain()
    try #require(plain.status == 0, "\(plain)")
    // Both begin with the very same file.
    try FileManager.default.removeItem(atPath: project.database)
    try FileManager.default.copyItem(
      atPath: project.scratch.file("plain/app.db"),
      toPath: project.database
    )
    return project
  }

  @Test(arguments: AlembicStack.allCases, ["r1", "-1", "r4", "base"])
  func `a downgrade leaves what plain alembic leaves`(
    _ stack: AlembicStack,
    _ target: String
  ) throws {
    let project = try Self.project(stack)
    let before = try project.dump()
    let planned = try project.guarded(["downgrade", target, "--dry-run", "--json"])
    #expect(planned.status == 0, "\(planned)")
    #expect(planned.output.contains("\"outcome\" : \"would-downgrade\""), "\(planned)")
    #expect(try project.dump() == before)
    let plain = try project.plain(["downgrade", target])
    #expect(plain.status == 0, "\(plain)")
    let guarded = try project.guarded(["downgrade", target, "--json"])
    #expect(guarded.status == 0, "\(guarded)")
    #expect(guarded.output.contains("\"outcome\" : \"downgraded\""), "\(guarded)")
    #expect(guarded.output.contains("\"engine\" : \"alembic\""), "\(guarded)")
    #expect(guarded.output.contains("\"reason\" : \"pre-downgrade\""), "\(guarded)")
    #expect(guarded.errors.contains("A downgrade brings back no rows"), "\(guarded)")
    #expect(try project.dump() == project.dump("plain"))
    #expect(try project.leftovers() == [])
    let undone = try project.guarded(["undo"], engine: nil, python: false)
    #expect(undone.status == 0, "\(undone)")
    #expect(try project.dump() == before)
  }

  @Test func `'auto' asks what takes the revisions back, and not what applied them`() throws {
    let project = try Self.project()
    for (target, engine) in [("r6", "native"), ("r4", "alembic"), ("r1", "native")] {
      let plain = try project.plain(["downgrade", target])
      #expect(plain.status == 0, "\(plain)")
      let outcome = try project.guarded(["downgrade", target, "--json"], engine: nil)
      #expect(outcome.output.contains("\"engine\" : \"\(engine)\""), "\(outcome)")
      #expect(outcome.errors.contains("Engine \(engine): "), "\(outcome)")
      #expect(try project.dump() == project.dump("plain"), "\(target)")
    }
  }

  @Test(arguments: AlembicStack.allCases)
  func `a downgrade that is failed or killed before whatever statement is as before`(
    _ stack: AlembicStack
  ) throws {
    let project = try Self.project(stack, environment: AlembicSweepTests.environment)
    let before = try project.dump()
    let plain = try project.plain(["downgrade", "r1"])
    #expect(plain.status == 0, "\(plain)")
    let text = try String(contentsOfFile: project.scratch.file("plain/count"), encoding: .utf8)
    let count = try #require(Int(text))
    #expect(count > 25)
    for variable in ["FAIL_AT", "KILL_AT"] {
      for number in stride(from: 2, through: count, by: min(AlembicSweepTests.stride, 9)) {
        let outcome = try project.guarded(
          ["downgrade", "r1"],
          environment: [variable: "\(number)"]
        )
        #expect(outcome.status == 20, "\(variable) \(number): \(outcome)")
        #expect(
          outcome.errors.contains("the downgrade failed in its rehearsal on a copy"),
          "\(outcome)"
        )
        #expect(try project.dump() == before, "\(variable) \(number)")
        #expect(try project.leftovers() == [], "\(variable) \(number)")
      }
    }
    let outcome = try project.guarded(["downgrade", "r1"])
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try project.dump() == project.dump("plain"))
  }

  @Test func `xm-safe killed while it publishes a downgrade, what is found is before or after`()
    throws
  {
    let project = try Self.project()
    let original = project.scratch.file("original.db")
    try FileManager.default.copyItem(atPath: project.database, toPath: original)
    let before = try project.dump()
    let plain = try project.plain(["downgrade", "r1"])
    #expect(plain.status == 0, "\(plain)")
    let after = try project.dump("plain")
    var found: Set<Bool> = []
    for call in ["pwrite64", "fdatasync", "unlink"] {
      for turn in stride(from: 1, through: 60, by: 4) {
        for suffix in ["", "-wal", "-shm", "-journal"]
        where FileManager.default.fileExists(atPath: project.database + suffix) {
          try FileManager.default.removeItem(atPath: project.database + suffix)
        }
        try FileManager.default.copyItem(atPath: original, toPath: project.database)
        let outcome = try Command.run(
          [
            "strace", "-o", "/dev/null", "-e", "inject=\(call):signal=KILL:when=\(turn)",
            Workshop.program, "downgrade", "r1", "--engine", "alembic", "--python",
            Workshop.python,
          ],
          in: project.scratch.file("guarded")
        )
        if outcome.status == 0 { break }
        let next = try Workshop.xmSafe(["current"], in: project.scratch.file("guarded"))
        #expect(next.status == 0, "\(call) \(turn): \(next)")
        let isAfter = next.output.hasPrefix("r1")
        found.insert(isAfter)
        #expect(try project.dump() == (isAfter ? after : before), "\(call) \(turn): \(next)")
      }
    }
    #expect(found == [true, false])
  }

  @Test func `rows that a downgrade loses without a word stop it`() throws {
    let project = try AlembicProjectFixture(
      scripts: ["pass"],
      downgrades: [
        "op.get_bind().connection.commit()\nop.execute('PRAGMA foreign_keys=ON')\nop.execute('DELETE FROM parent WHERE id = 1')"
      ]
    )
    let upgraded = try project.guarded()
    #expect(upgraded.status == 0, "\(upgraded)")
    let before = try project.dump()
    let outcome = try project.guarded(["downgrade", "-1"])
    #expect(outcome.status == 20, "\(outcome)")
    #expect(outcome.errors.contains("--allow-row-loss child"), "\(outcome)")
    #expect(try project.dump() == before)
  }

  // MARK: - stamp

  /// An env.py that only Python can do justice: it has something called after each change of the version table.
  static let calling = AlembicProjectFixture.genericEnvironment.replacing(
    "context.configure(",
    with: "context.configure(on_version_apply=lambda **k: open('called', 'a').write('x'), "
  )

  @Test(
    arguments: AlembicStack.allCases,
    [["r3"], ["base"], ["--purge", "r5"], ["r7"]]
  )
  func `a stamp by the project's own alembic leaves what plain alembic leaves`(
    _ stack: AlembicStack,
    _ arguments: [String]
  ) throws {
    let project = try Self.project(stack, environment: Self.calling)
    let plain = try project.plain(["stamp"] + arguments)
    #expect(plain.status == 0, "\(plain)")
    let guarded = try project.guarded(["stamp", "--json"] + arguments, engine: nil)
    #expect(guarded.status == 0, "\(guarded)")
    #expect(try project.dump() == project.dump("plain"))
    guard arguments != ["r7"] else {
      #expect(guarded.output.contains("\"outcome\" : \"nothing-to-do\""), "\(guarded)")
      return
    }
    #expect(guarded.output.contains("\"engine\" : \"alembic\""), "\(guarded)")
    #expect(guarded.output.contains("\"reason\" : \"pre-stamp\""), "\(guarded)")
    let called = project.scratch.file("guarded/called")
    #expect(FileManager.default.fileExists(atPath: called))
    let undone = try project.guarded(["undo"], engine: nil, python: false)
    #expect(undone.status == 0, "\(undone)")
    let current = try project.guarded(["current"], engine: nil, python: false)
    #expect(current.output == "r7 (head)\n", "\(current)")
  }

  @Test func `a version table that only Python can name is not taken for another`() throws {
    let project = try Self.project(
      environment: AlembicProjectFixture.genericEnvironment.replacing(
        "context.configure(",
        with: "context.configure(version_table='alembic' + '_mine', "
      )
    )
    func expect(_ arguments: [String], _ status: Int32, _ words: String) throws {
      let before = try project.dump()
      let outcome = try project.guarded(arguments + ["--db", project.database], engine: nil)
      #expect(outcome.status == status, "\(outcome)")
      #expect(outcome.errors.contains(words), "\(outcome)")
      #expect(try project.dump() == before)
    }
    let other = "env.py uses the version table 'alembic_mine', and 'alembic_version' was read"
    try expect(["stamp", "r3"], 20, other)
    try expect(["downgrade", "-1"], 20, other)
    try SampleDatabases.create(project.database, ["DELETE FROM alembic_version"])
    try expect(["downgrade", "base"], 24, "there is no telling where")
    try expect(["stamp", "base"], 24, "there is no telling where")
    try expect(["stamp", "r3"], 20, other)
  }
}
