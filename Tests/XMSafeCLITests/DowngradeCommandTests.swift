import Foundation
import SQLite
import TestKit
import Testing

/// `downgrade` and `stamp`, beside the real alembic.
@Suite struct DowngradeCommandTests {
  static let targets = [
    (rows: ["cccc3333"], target: "base"), (rows: ["cccc3333"], target: "aaaa1111"),
    (rows: ["cccc3333"], target: "-1"), (rows: ["cccc3333"], target: "bbbb"),
    (rows: ["cccc3333"], target: "head-2"), (rows: ["bbbb2222"], target: "bbbb2222"),
  ]

  @Test(arguments: targets)
  func `a downgrade leaves what alembic leaves`(_ test: (rows: [String], target: String)) throws {
    let ours = try ScriptProject.line()
    let theirs = try ScriptProject.line()
    for project in [ours, theirs] { try project.alembic(["upgrade", test.rows[0]]) }
    let outcome = try ours.run(["downgrade", test.target])
    let alembics = try theirs.alembic(["downgrade", test.target])
    #expect(try DatabaseDump.text(ours.database) == DatabaseDump.text(theirs.database))
    func lines(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { $0.contains("Running downgrade") }
    }
    #expect(lines(outcome.errors) == lines(alembics.errors))
    let warning = "WARNI [xm_safe.downgrade] A downgrade brings back no rows"
    #expect(outcome.errors.contains(warning) == !lines(alembics.errors).isEmpty)
  }

  @Test func `a branched downgrade has alembic's order and rows`() throws {
    let ours = try ScriptProject.branched()
    let theirs = try ScriptProject.branched()
    for project in [ours, theirs] { try project.alembic(["upgrade", "heads"]) }
    for target in ["right@b1b1", "net@base", "left@-1", "base"] {
      let outcome = try ours.run(["downgrade", target])
      let alembics = try theirs.alembic(["downgrade", target])
      #expect(
        outcome.errors.split(separator: "\n").filter { $0.contains("Running") }
          == alembics.errors.split(separator: "\n").filter { $0.contains("Running") },
        "\(target)"
      )
      #expect(try ours.rows() == theirs.rows(), "\(target)")
    }
  }

  @Test func `a downgrade that fails half-way has not touched the database, or is undone`() throws {
    let project = try ScriptProject.line()
    try project.add(
      "dddd4444",
      after: ["cccc3333"],
      up: ["op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))"],
      down: [
        "op.drop_table('t')", "op.drop_table('person')", "raise NotImplementedError('no way back')",
      ]
    )
    try project.run(["upgrade"])
    let before = try DatabaseDump.text(project.database)
    let rehearsed = try project.run(["downgrade", "base"], status: 20)
    #expect(
      rehearsed.errors.contains("the downgrade failed in its rehearsal on a copy"),
      "\(rehearsed)"
    )
    #expect(rehearsed.errors.contains("NotImplementedError: no way back"))
    let undone = try project.run(["downgrade", "base", "--no-rehearsal"], status: 20)
    #expect(undone.errors.contains("the database is exactly as it was before"), "\(undone)")
    #expect(try DatabaseDump.text(project.database) == before)
    let planned = try project.run(["downgrade", "base", "--dry-run"], status: 20)
    #expect(planned.output.contains("-- Running downgrade dddd4444 -> cccc3333"), "\(planned)")
  }

  @Test func `--to-snapshot brings rows back that no script can`() throws {
    let project = try ScriptProject.line()
    try project.run(["upgrade", "bbbb2222"])
    try SampleDatabases.create(project.database, ["UPDATE account SET age = 42"])
    try project.add(
      "dddd4444",
      after: ["cccc3333"],
      up: ["op.drop_column('person', 'age')"],
      down: ["op.add_column('person', sa.Column('age', sa.Integer))"]
    )
    let before = try DatabaseDump.text(project.database)
    try project.run(["upgrade"])
    let said = try project.run(["downgrade", "bbbb2222", "--dry-run"])
    #expect(said.output.contains("-- Running downgrade dddd4444 -> cccc3333"), "\(said)")
    try project.run(["downgrade", "bbbb2222", "--to-snapshot"])
    #expect(try DatabaseDump.text(project.database) == before)
    try project.run(["undo"])
    #expect(try project.rows() == ["dddd4444"])
    // No upgrade ever began at aaaa1111.
    let none = try project.run(["downgrade", "aaaa1111", "--to-snapshot"], status: 10)
    #expect(none.errors.contains("there is no snapshot"), "\(none)")
    // With the scripts the column comes back empty.
    let scripted = try project.run(["downgrade", "bbbb2222"])
    #expect(scripted.errors.contains("--to-snapshot puts that back instead"), "\(scripted)")
    #expect(try DatabaseDump.text(project.database).contains("integer:42") == false)
    try project.run(["undo"])
    #expect(try project.rows() == ["dddd4444"])
  }

  static let refusals = [
    (["downgrade", "nosuch"], Int32(24), "can't locate revision identified by 'nosuch'"),
    (["downgrade", "cccc3333"], 24, "is not a valid downgrade target from current head(s)"),
    (["downgrade", "-9"], 24, "relative revision -9 didn't produce 9 migrations"),
    (["downgrade", "+1"], 24, "relative revision +1 didn't produce 1 migrations"),
    (["downgrade"], 64, "name what is to be left"),
    (["downgrade", "base", "--sqll"], 64, "no other option: base --sqll"),
    (["downgrade", "base", "--db", "missing.sqlite3"], 10, "there is no database at"),
    (["stamp", "head", "--db", "missing.sqlite3"], 10, "there is no database at"),
    (["stamp", "aaaa1111", "cccc3333"], 24, "overlaps with aaaa1111"),
    (["stamp", "nosuch"], 24, "can't locate revision identified by 'nosuch'"),
  ]

  @Test func `what cannot be reached is refused in words, and nothing is touched`() throws {
    let project = try ScriptProject.line()
    try project.run(["upgrade", "bbbb2222"])
    let before = try DatabaseDump.text(project.database)
    for (arguments, status, words) in Self.refusals {
      let outcome = try project.run(arguments, status: status)
      #expect(outcome.errors.contains(words), "\(outcome)")
    }
    #expect(try DatabaseDump.text(project.database) == before)
    #expect(try !project.scratch.names().contains("missing.sqlite3"))
  }

  static let stamps: [(rows: [String], arguments: [String])] = [
    ([], ["heads"]), (["b1b1"], ["e1e1"]), (["e1e1"], ["b1b1"]), (["c1c1", "e1e1"], ["a1a1"]),
    (["c1c1", "e1e1"], ["base"]), (["c1c1", "e1e1"], ["net"]), (["n2n2", "e1e1"], ["c1c1"]),
    (["b1b1"], ["--purge", "n1n1"]), (["c1c1"], ["c1c1"]), ([], ["left", "right"]),
    (["b1b1"], ["c1c1", "d1d1"]), (["a1a1", "n1n1"], ["left", "e1e1"]),
  ]

  @Test func `a stamp writes alembic's rows, and says alembic's lines`() throws {
    let ours = try ScriptProject.branched()
    let theirs = try ScriptProject.branched()
    for project in [ours, theirs] { try project.alembic(["upgrade", "a1a1"]) }
    for test in Self.stamps {
      for project in [ours, theirs] {
        try project.alembic(["stamp", "--purge"] + (test.rows.isEmpty ? ["base"] : test.rows))
      }
      let own = try ours.run(["stamp"] + test.arguments)
      let alembics = try theirs.alembic(["stamp"] + test.arguments)
      #expect(try ours.rows() == theirs.rows(), "\(test)")
      #expect(
        own.errors.split(separator: "\n").filter { $0.contains("Running") }
          == alembics.errors.split(separator: "\n").filter { $0.contains("Running") },
        "\(test)"
      )
    }
  }

  @Test func `a merge is stamped down to its parents, at which alembic crashes half done`() throws {
    let project = try ScriptProject.branched()
    try project.add("f1f1", after: ["c1c1", "e1e1"])
    try project.run(["upgrade", "f1f1"])
    try project.run(["stamp", "c1c1", "e1e1"])
    #expect(try project.rows() == ["c1c1", "e1e1"])
    try project.run(["undo"])
    #expect(try project.rows() == ["f1f1"])
  }

  @Test func `what is saved before a downgrade and before a stamp is named after it`() throws {
    let project = try ScriptProject.line()
    try project.run(["upgrade"])
    try project.run(["downgrade", "aaaa1111"])
    try project.run(["stamp", "cccc3333"])
    try project.run(["undo"])
    #expect(try project.rows() == ["aaaa1111"])
    let list = try project.run(["list"]).output.split(separator: "\n").dropFirst()
    let reasons = ["pre-downgrade", "pre-stamp", "pre-restore"]
    #expect(list.count == reasons.count)
    for (line, reason) in zip(list, reasons) { #expect(line.contains(" \(reason) ")) }
  }

  @Test func `--purge forgets rows that no script knows`() throws {
    let project = try ScriptProject.line()
    try project.run(["upgrade"])
    try SampleDatabases.create(
      project.database,
      ["UPDATE alembic_version SET version_num = 'dead'"]
    )
    let refused = try project.run(["stamp", "head"], status: 24)
    #expect(refused.plainErrors.contains("'xm-safe stamp --purge' forgets it"), "\(refused)")
    try project.run(["stamp", "--purge", "head"])
    #expect(try project.rows() == ["cccc3333"])
    try project.run(["stamp", "--purge", "base"])
    #expect(try project.rows() == [])
  }
}
