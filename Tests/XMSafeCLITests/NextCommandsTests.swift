import ArgumentParser
import TestKit
import Testing

@testable import XMSafeCLI

/// The commands that messages name do what they say as they are printed.
@Suite struct NextCommandsTests {
  struct Case: CustomTestStringConvertible {
    var typed: [String]
    var text: String
    var completed: String
    var isJSON = false

    var testDescription: String { typed.joined(separator: " ") + ": " + text }

    init(_ typed: [String], _ text: String, _ completed: String, isJSON: Bool = false) {
      self.typed = typed
      self.text = text
      self.completed = completed
      self.isJSON = isJSON
    }
  }

  @Test(arguments: [
    Case([], "'xm-safe list' shows more", "'xm-safe list' shows more"),
    Case(
      ["--db", "a.db"],
      "'xm-safe restore 7' or 'xm-safe undo', then xm-safe check",
      "'xm-safe restore --db a.db 7' or 'xm-safe undo --db a.db', then xm-safe check --db a.db"
    ),
    Case(
      ["--db", "my $db'!.sqlite"],
      "'xm-safe undo'",
      #"'xm-safe undo --db my\ \$db\'\!.sqlite'"#
    ),
    Case(["--db", "a\nb"], "'xm-safe undo'", #"'xm-safe undo --db a\\nb'"#),
    Case(["--db=-a.db"], "'xm-safe undo'", "'xm-safe undo --db=-a.db'"),
    Case(
      ["--db", "postgresql://me:secret@host/runs"],
      "'xm-safe current'",
      #"'xm-safe current --db postgresql://me:\*\*\*@host/runs'"#
    ),
    Case(
      ["--db", "a.db", "--store", "/saved", "-c", "one.ini", "--profile", "big"],
      "'xm-safe list', 'xm-safe check', 'xm-safe heads'",
      "'xm-safe list --db a.db --store /saved --profile big', "
        + "'xm-safe check --db a.db --store /saved --profile big -c one.ini', "
        + "'xm-safe heads --profile big -c one.ini'"
    ),
    Case(["-c", "one.ini"], "'xm-safe undo'", "'xm-safe undo -c one.ini'"),
    // What the command has already is not given twice, nor is its alternative.
    Case(
      ["--db", "a.db", "-c", "one.ini"],
      "xm-safe upgrade --scripts DIRECTORY  # of the other one",
      "xm-safe upgrade --db a.db --scripts DIRECTORY  # of the other one"
    ),
    Case(
      ["--db", "a.db", "--store", "full"],
      "'xm-safe snapshot --store DIR' saves it",
      "'xm-safe snapshot --db a.db --store DIR' saves it"
    ),
    // Words of a sentence are no commands, and neither are verbs that need no database.
    Case(["--db", "a.db"], "another xm-safe is working", "another xm-safe is working"),
    Case(["--db", "a.db"], "/opt/xm-safe list", "/opt/xm-safe list"),
    Case(["--db", "a.db"], "'xm-safe init DIR' makes it", "'xm-safe init DIR' makes it"),
    Case(
      ["--db", #"a "b".db"#],
      #"{"next":"'xm-safe list' shows"}"#,
      #"{"next":"'xm-safe list --db a\\ \\\"b\\\".db' shows"}"#,
      isJSON: true
    ),
  ])
  func `a command gets the options that were typed`(_ one: Case) throws {
    let next = NextCommands(try CommonOptions.parse(one.typed), nil)
    #expect(next.completing(one.text, isJSON: one.isJSON) == one.completed)
  }

  @Test func `what a failure names is run by a shell as it is printed`() throws {
    let scratch = try Scratch()
    let bin = try Scratch(named: "bin")
    try bin.writeProgram("#!/bin/sh\nexec \(Workshop.program) \"$@\"\n", to: "xm-safe")
    let path = ["PATH": bin.path + ":/usr/bin:/bin"]
    let database = scratch.file(#"all my "runs" & $more.sqlite"#)
    let other = try Scratch()
    try SampleDatabases.create(database, ["CREATE TABLE t (a)"])
    #expect(try Workshop.xmSafe(["snapshot", "--db", database]).status == 0)

    for json in [[], ["--json"]] {
      let outcome = try Workshop.xmSafe(
        ["restore", "nothing", "--db", database] + json,
        in: other.path
      )
      #expect(outcome.status == 10)
      var text = outcome.errors
      if !json.isEmpty {
        text = text.replacing(#"\\"#, with: "\u{1}").replacing(#"\""#, with: "\"")
        text = text.replacing("\u{1}", with: #"\"#)
      }
      let printed = try #require(text.firstMatch(of: #/'(xm-safe list .*?)' shows/#)?.output.1)
      let listed = try Command.run(
        ["sh", "-c", String(printed)],
        in: other.path,
        environment: path
      )
      #expect(listed.status == 0, "\(printed): \(listed)")
      #expect(listed.output.split(separator: "\n").count == 2, "\(listed)")
    }
  }

  @Test func `what a variable says is not repeated`() throws {
    let scratch = try Scratch()
    let outcome = try Workshop.xmSafe(
      ["restore", "nothing", "--store", "saved"],
      in: scratch.path,
      environment: ["XM_SAFE_DB": "a.db"]
    )
    #expect(outcome.errors.contains("--store saved"), "\(outcome)")
    #expect(!outcome.errors.contains("--db"), "\(outcome)")
  }
}
