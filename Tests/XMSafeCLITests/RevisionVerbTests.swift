import Foundation
import TestKit
import Testing

/// The verbs that show revisions, beside the real alembic on the same project.
@Suite struct RevisionVerbTests {
  /// One command line that both programs understand.
  struct Case: CustomTestStringConvertible, Sendable {
    var arguments: [String]
    /// The rows of the version table.
    var rows: [String] = []
    /// Whether the order of lines is that of a set in alembic, another one in every process.
    var isUnordered = false
    var testDescription: String { arguments.joined(separator: " ") + " at \(rows)" }

    init(_ arguments: String, at rows: [String] = [], isUnordered: Bool = false) {
      self.arguments = arguments.split(separator: " ").map(String.init)
      self.rows = rows
      self.isUnordered = isUnordered
    }
  }

  static let cases = [
    Case("history"), Case("history -v", isUnordered: true),
    Case("history -i", at: ["c1c1", "n1n1"]),
    Case("history --rev-range a1a1:c1c1"), Case("history --rev-range :b1b1"),
    Case("history --rev-range n1n1:"), Case("history --rev-range d1d1:"),
    Case("history --rev-range b1:left@head"), Case("history --rev-range a1a1:+1"),
    Case("history --rev-range current:", at: ["d1d1"]),
    Case("history --rev-range :current", at: ["c1c1"]),
    Case("history --rev-range n1n1:heads -v"),
    Case("heads"), Case("heads -v"), Case("heads --resolve-dependencies"),
    Case("branches", isUnordered: true), Case("branches -v", isUnordered: true),
    Case("current"), Case("current", at: ["b1b1"]),
    Case("current", at: ["n2n2"], isUnordered: true),
    Case("current", at: ["e1e1", "n2n2"], isUnordered: true), Case("current -v", at: ["d1d1"]),
    Case("show a1a1"), Case("show heads"), Case("show left@head"), Case("show n2"),
    Case("show base"), Case("show right"), Case("show current", at: ["d1d1", "n1n1"]),
    Case("show -1"),
  ]

  @Test func `what is shown is what alembic prints`() throws {
    let project = try ScriptProject.branched()
    for test in Self.cases {
      try project.run(["upgrade", "heads", "--no-rehearsal"])
      try project.alembic(["stamp", "--purge"] + (test.rows.isEmpty ? ["base"] : test.rows))
      // What begins with a dash is another option to our parser, unless it is given in one word.
      let own = test.arguments.contains("-1") ? ["show", "--revision", "--", "-1"] : test.arguments
      let ours = try project.run(own)
      let theirs = try project.alembic(test.arguments)
      if test.isUnordered {
        #expect(Self.lines(ours.output) == Self.lines(theirs.output), "\(test)")
      } else {
        #expect(ours.output == theirs.output, "\(test)")
      }
    }
  }

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      // The revisions that a branch point leads to are a set too.
      line.hasPrefix("Branches into: ")
        ? line.dropFirst(15).components(separatedBy: ", ").sorted().joined() : String(line)
    }.sorted()
  }

  static let refusals = [
    Case("history --rev-range c1c1:a1a1"), Case("history --rev-range c1c1:d1d1"),
    Case("history --rev-range nosuch:"), Case("history --rev-range a1a1"),
    Case("history --rev-range b1b1-1:"), Case("show --revision nosuch"),
    Case("history --rev-range=-2:"), Case("history --rev-range=-1:e1e1"),
    Case("history --rev-range a1a1:+2"),
    Case("current --check-heads", at: ["b1b1"]),
  ]

  @Test func `what alembic refuses to show is refused`() throws {
    let project = try ScriptProject.branched()
    for test in Self.refusals {
      try project.run(["upgrade", "heads", "--no-rehearsal"])
      try project.alembic(["stamp", "--purge"] + (test.rows.isEmpty ? ["base"] : test.rows))
      let ours = try Workshop.xmSafe(test.arguments, in: project.scratch.path)
      #expect(ours.status != 0, "\(test): \(ours)")
      try project.alembic(test.arguments.filter { $0 != "--revision" }, succeeds: false)
    }
  }

  @Test func `all heads applied is all heads applied, also through a dependency`() throws {
    let project = try ScriptProject.branched()
    try project.run(["upgrade", "heads"])
    // alembic calls c1c1 missing here, though n2n2 cannot be applied without it.
    try project.run(["current", "--check-heads"])
  }

  @Test func `show tells snapshots from revisions`() throws {
    let project = try ScriptProject.line()
    try project.run(["upgrade"])
    let snapshot = try project.run(["snapshot", "--json"]).output
    let json = try JSONSerialization.jsonObject(with: Data(snapshot.utf8)) as? [String: Any]
    let id = try #require((json?["snapshot"] as? [String: Any])?["id"] as? String)
    #expect(try project.run(["show", id]).output.hasPrefix("snapshot  \(id)"))
    #expect(try project.run(["show", "latest"]).output.hasPrefix("snapshot  \(id)"))
    #expect(try project.run(["show", "bbbb2222"]).output.hasPrefix("Rev: bbbb2222\n"))
    #expect(try project.run(["show", "--snapshot", "bbbb2222"], status: 10).output.isEmpty)
    // A revision whose id begins as the snapshot's does.
    try project.add(id + "ffff", after: ["cccc3333"], doc: "twin")
    #expect(try project.run(["show", id]).output.hasPrefix("snapshot  \(id)"))
    let both = try project.run(["show", String(id.prefix(5))], status: 24)
    #expect(both.errors.contains("begins the id of snapshot \(id) and that of revision \(id)ffff"))
    let revision = try project.run(["show", "--revision", String(id.prefix(5))])
    #expect(revision.output.hasPrefix("Rev: \(id)ffff (head)\n"))
  }
}
