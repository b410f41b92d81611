import Foundation
import TestKit
import Testing

/// `--sql`, beside the real alembic.
@Suite struct OfflineCommandTests {
  static let cases: [(arguments: [String], isBranched: Bool)] = [
    (["upgrade", "head"], false), (["upgrade", "bbbb2222"], false),
    (["upgrade", "aaaa1111:head"], false), (["upgrade", "aaaa:bbbb"], false),
    (["upgrade", "base:+2"], false), (["upgrade", "cccc3333:head"], false),
    (["downgrade", "head:base"], false), (["downgrade", "cccc3333:aaaa1111"], false),
    (["downgrade", "bbbb2222:-1"], false), (["upgrade", "e1e1"], true),
    (["upgrade", "left"], true),
    (["upgrade", "b1b1:e1e1"], true), (["downgrade", "e1e1:base"], true),
  ]

  @Test func `the SQL is alembic's, line for line`() throws {
    let line = try ScriptProject.line()
    let branched = try ScriptProject.branched()
    for test in Self.cases {
      let project = test.isBranched ? branched : line
      let own = try project.run(test.arguments + ["--sql"])
      let alembics = try project.alembic(test.arguments + ["--sql"])
      // The last line break of a result is ours alone.
      #expect(own.output == alembics.output, "\(test.arguments)")
      func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n").filter { $0.contains("[alembic.runtime.migration]") }
      }
      #expect(lines(own.errors) == lines(alembics.errors), "\(test.arguments)")
    }
    #expect(try !line.scratch.names().contains("a.sqlite3"))
    #expect(try !line.scratch.names().contains("Backups"))
  }

  @Test func `what needs a database has no SQL without one`() throws {
    let project = try ScriptProject.line()
    try project.add(
      "dddd4444",
      after: ["cccc3333"],
      up: ["with op.batch_alter_table('person') as b:", "    b.drop_column('age')"]
    )
    let outcome = try project.run(["upgrade", "head", "--sql"], status: 24)
    #expect(outcome.errors.contains("dddd4444_x.py:10:10"), "\(outcome)")
    #expect(outcome.errors.contains("the batch rebuilds table 'person'"), "\(outcome)")
    #expect(outcome.output.isEmpty)
    try project.alembic(["upgrade", "head", "--sql"], succeeds: false)
    try project.run(["downgrade", "base", "--sql"], status: 64)
    try project.run(["upgrade", "a:b:c", "--sql"], status: 64)
    try project.run(["upgrade", "aaaa1111:head"], status: 24)
  }
}
