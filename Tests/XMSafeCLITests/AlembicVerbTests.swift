import Foundation
import TestKit
import Testing

/// The verbs of alembic that change no schema: ensure_version, list_templates, edit; and what is left to alembic itself.
@Suite struct AlembicVerbTests {
  // MARK: - ensure_version

  @Test(arguments: [true, false])
  func `ensure_version makes what alembic makes, once`(_ exists: Bool) throws {
    let ours = try ScriptProject.line()
    let theirs = try ScriptProject.line()
    if exists {
      for project in [ours, theirs] {
        try SampleDatabases.create(project.database, ["CREATE TABLE t (a)"])
      }
    }
    try theirs.alembic(["ensure_version"])
    let made = try ours.run(["ensure_version", "--json"])
    let outcome = exists ? "table-made" : "created"
    #expect(made.output.contains("\"outcome\" : \"\(outcome)\""), "\(made)")
    #expect(made.output.contains("\"reason\" : \"pre-stamp\"") == exists, "\(made)")
    #expect(try DatabaseDump.text(ours.database) == DatabaseDump.text(theirs.database))
    let again = try ours.run(["ensure-version"])
    #expect(again.output.hasPrefix("nothing to do: "), "\(again)")
    #expect(try ours.run(["list", "--json"]).output.contains("pre-stamp") == exists)
    guard exists else { return }
    try ours.run(["restore", "latest"])
    #expect(try !DatabaseDump.text(ours.database).contains("alembic_version"))
  }

  @Test(arguments: AlembicStack.allCases)
  func `where env.py is not understood the project's own alembic makes the table`(
    _ stack: AlembicStack
  ) throws {
    let project = try AlembicProjectFixture(
      stack,
      scripts: ["pass"],
      environment: AlembicProjectFixture.genericEnvironment.replacing(
        "context.configure(",
        with: "context.configure(on_version_apply=print, "
      )
    )
    for name in ["guarded", "plain"] {
      try SampleDatabases.create(
        project.scratch.file("\(name)/app.db"),
        ["DROP TABLE alembic_version"]
      )
    }
    let before = try project.dump()
    let outcome = try project.guarded(["ensure_version"], engine: nil)
    guard stack == .newest else {
      // It came with alembic 1.7.6.
      #expect(outcome.status == 20, "\(outcome)")
      #expect(outcome.errors.contains("does not know the command ensure_version"), "\(outcome)")
      #expect(try project.dump() == before)
      return
    }
    let plain = try project.plain(["ensure_version"])
    #expect(plain.status == 0, "\(plain)")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.errors.contains("Engine alembic: "), "\(outcome)")
    #expect(try project.dump() == project.dump("plain"))
    #expect(try project.leftovers() == [])
  }

  @Test func `ensure_version of what is no database, or on a server, is refused`() throws {
    let project = try ScriptProject.line()
    try project.scratch.write("no database at all, but a text of some length", to: "a.sqlite3")
    let outcome = try project.run(["ensure_version"], status: 10)
    #expect(outcome.errors.contains("a.sqlite3"), "\(outcome)")
    let server = try project.run(
      ["ensure_version", "--db", "postgresql://u:secret@nowhere/db"],
      status: 24
    )
    #expect(server.errors.contains("ensure_version is for SQLite files"), "\(server)")
    #expect(!server.errors.contains("secret"), "\(server)")
  }

  // MARK: - init -t, list_templates

  @Test func `every template that is listed can be made, and the real alembic upgrades with it`()
    throws
  {
    let scratch = try Scratch(named: "xm-safe test #1")
    let listed = try Workshop.xmSafe(["list_templates"], in: scratch.path)
    let alembics = try Workshop.alembic(["list_templates"], in: scratch.path)
    func frame(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { !$0.contains(" - ") && !$0.contains("--template") }
    }
    #expect(frame(listed.output) == frame(alembics.output))
    let names = listed.output.split(separator: "\n").filter { $0.contains(" - ") }.map {
      String($0.prefix { $0 != " " })
    }
    #expect(names == ["async", "generic"])
    for name in names {
      try FileManager.default.createDirectory(
        atPath: scratch.file(name),
        withIntermediateDirectories: true
      )
      let made = try Workshop.xmSafe(["init", "-t", name, "migrations"], in: scratch.file(name))
      #expect(made.status == 0, "\(made)")
      let revision = try Workshop.xmSafe(["revision", "-m", "one"], in: scratch.file(name))
      #expect(revision.status == 0, "\(revision)")
      let upgraded = try Workshop.alembic(["upgrade", "head"], in: scratch.file(name))
      #expect(upgraded.status == 0, "\(upgraded)")
      let current = try Workshop.xmSafe(["current"], in: scratch.file(name))
      #expect(current.output.hasSuffix(" (head)\n"), "\(current)")
      let down = try Workshop.xmSafe(
        ["downgrade", "base", "--python", Workshop.python],
        in: scratch.file(name)
      )
      #expect(down.status == 0, "\(down)")
    }
    let unknown = try Workshop.xmSafe(["init", "-t", "pylons", "other"], in: scratch.path)
    #expect(unknown.status == 24, "\(unknown)")
    #expect(unknown.errors.contains("there is no template 'pylons'"), "\(unknown)")
    #expect(try !scratch.names().contains("other"))
  }

  // MARK: - edit

  @Test func `edit opens what alembic opens, in the editor that alembic takes`() throws {
    let project = try ScriptProject.branched()
    try project.alembic(["upgrade", "c1c1"])
    for name in ["one", "two", "bin/vim"] {
      try project.scratch.write(
        "#!/bin/sh\necho \"$(basename \"$0\") $*\" >>\"$LOG\"\n",
        to: name
      )
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755],
        ofItemAtPath: project.scratch.file(name)
      )
    }
    let (one, two) = (project.scratch.file("one"), project.scratch.file("two"))
    let path = project.scratch.file("bin") + ":/usr/bin:/bin"
    func opened(_ program: [String], _ variables: [String: String]) throws -> String {
      let log = project.scratch.file("log")
      if FileManager.default.fileExists(atPath: log) {
        try FileManager.default.removeItem(atPath: log)
      }
      var environment = ["LOG": log, "PATH": path, "EDITOR": "", "VISUAL": ""]
      environment.merge(variables) { $1 }
      let outcome = try Command.run(program, in: project.scratch.path, environment: environment)
      #expect(outcome.status == 0, "\(outcome)")
      return try String(contentsOfFile: log, encoding: .utf8)
    }
    for (name, variables) in [
      ("e1e1", ["EDITOR": one, "VISUAL": two]), ("left", ["VISUAL": two]),
      ("heads", ["EDITOR": one]), ("current", ["EDITOR": one]),
    ] {
      let own = try opened([Workshop.program, "edit", name], variables)
      let alembics = try opened([Workshop.python, "-m", "alembic", "edit", name], variables)
      #expect(own == alembics, "\(name)")
      #expect(own.hasPrefix(variables["EDITOR"] == nil ? "two " : "one "))
    }
    let named = try opened([Workshop.program, "edit", "e1e1"], ["EDITOR": "vim"])
    #expect(named.hasPrefix("vim /"))
    let words = try opened([Workshop.program, "edit", "e1e1"], ["EDITOR": "vim -n"])
    #expect(words.hasPrefix("vim -n /"))
  }

  @Test func `edit says what it cannot open, and how the editor ended`() throws {
    let project = try ScriptProject.branched()
    for (arguments, editor, status, words) in [
      (["edit", "base"], "true", Int32(24), "'base' is no script"),
      (["edit", "nosuch"], "true", 24, "can't locate revision identified by 'nosuch'"),
      (["edit", "current"], "true", 24, "the database is at no revision"),
      (["edit", "e1e1"], "false", 1, "ended with exit code 1"),
      (["edit", "e1e1", "--json"], "true", 64, "--json"),
    ] {
      let outcome = try Workshop.xmSafe(
        arguments,
        in: project.scratch.path,
        environment: ["EDITOR": editor]
      )
      #expect(outcome.status == status, "\(outcome)")
      #expect(outcome.errors.contains(words), "\(outcome)")
    }
    let none = try Workshop.xmSafe(
      ["edit", "e1e1"],
      in: project.scratch.path,
      environment: ["PATH": "/nowhere", "EDITOR": "none", "VISUAL": ""]
    )
    #expect(none.status == 24, "\(none)")
    #expect(none.errors.contains("EDITOR is 'none', and there is no such program"), "\(none)")
    #expect(none.errors.contains("there is no editor"), "\(none)")
  }

  // MARK: - what needs the models

  @Test func `what needs the project's models names alembic's own command`() throws {
    let project = try ScriptProject.line()
    let names = try project.scratch.names(in: "migrations/versions")
    for (arguments, command) in [
      (["revision", "--autogenerate", "-m", "x"], "'alembic revision --autogenerate'"),
      (["check", "--autogenerate"], "'alembic check'"),
      (["check", "--autogenerate", "-c", "alembic.ini"], "'alembic -c alembic.ini check'"),
    ] {
      let outcome = try project.run(arguments, status: 24)
      #expect(outcome.errors.contains("and xm-safe imports none"), "\(outcome)")
      #expect(outcome.errors.contains(command), "\(outcome)")
    }
    #expect(try project.scratch.names(in: "migrations/versions") == names)
  }
}
