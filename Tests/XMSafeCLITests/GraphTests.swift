import Foundation
import TestKit
import Testing

/// `history` as a drawing.
///
/// `RECORD_GOLDEN=1` writes the files anew, and fails.
@Suite struct GraphTests {
  static let directory = Workshop.root + "/Tests/Fixtures/Graphs"

  private func history(
    _ scratch: Scratch,
    _ arguments: [String],
    locale: String = "C.UTF-8"
  ) throws -> String {
    let outcome = try Workshop.xmSafe(
      ["history", "--db", scratch.file("a.db"), "--scripts", scratch.file("migrations")]
        + arguments,
      environment: ["LC_ALL": locale]
    )
    #expect(outcome.status == 0, "\(outcome)")
    return outcome.output
  }

  @Test(arguments: GraphCase.all)
  func `a history is drawn as it was`(_ test: GraphCase) throws {
    let scratch = try Scratch()
    try test.write(into: scratch)
    let parts = [
      try history(scratch, ["--graph"] + test.arguments),
      try history(scratch, ["--graph"] + test.arguments, locale: "C"),
      try history(scratch, ["--mermaid"] + test.arguments),
      try history(scratch, ["--dot"] + test.arguments),
    ]
    let dot = try Command.run(["dot", "-Tplain"], input: Data(parts[3].utf8))
    #expect(dot.status == 0 && dot.errors.isEmpty, "\(dot)")
    let revisions = try JSONSerialization.jsonObject(
      with: Data(try history(scratch, ["--json"] + test.arguments).utf8)
    )
    let count = try #require(revisions as? [Any]).count
    #expect(dot.output.split(separator: "\n").filter { $0.hasPrefix("node ") }.count == count)
    let edges = parts[3].components(separatedBy: " -> ").count - 1
    #expect(dot.output.split(separator: "\n").filter { $0.hasPrefix("edge ") }.count == edges)
    let text = parts.joined(separator: "----\n")
    let path = "\(Self.directory)/\(test.name).txt"
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      Issue.record("recorded \(path); run again without RECORD_GOLDEN")
      return
    }
    #expect(text == (try String(contentsOfFile: path, encoding: .utf8)))
  }

  @Test func `three hundred revisions are drawn at once, each on its line`() throws {
    let scratch = try Scratch()
    // Every tenth begins a branch, which is merged nine revisions later.
    var scripts = [GraphCase.Script("r000")]
    func name(_ number: Int) -> String {
      "r" + String(repeating: "0", count: 3 - "\(number)".count) + "\(number)"
    }
    var branch: String?
    for number in 1..<300 {
      var parents = [scripts[scripts.count - 1].id]
      if number % 10 == 5 {
        parents = [name(number - 3)]
        branch = name(number - 1)
      } else if number % 10 == 9, let open = branch {
        parents.append(open)
        branch = nil
      }
      scripts.append(GraphCase.Script(name(number), parents))
    }
    try GraphCase(name: "", scripts: scripts).write(into: scratch)
    let start = ContinuousClock.now
    let drawing = try history(scratch, ["--graph"])
    // The test's program is not optimised; two seconds are still far from what a square of the number would take.
    #expect(ContinuousClock.now - start < .seconds(10))
    let lines = drawing.split(separator: "\n")
    for number in 0..<300 {
      #expect(lines.filter { $0.contains("●") && $0.contains("  \(name(number))") }.count == 1)
    }
    #expect(lines.allSatisfy { $0.count < 80 })
  }

  @Test func `two ways to draw are one too many`() throws {
    let outcome = try Workshop.xmSafe(["history", "--graph", "--dot"])
    #expect(outcome.status == 64)
    try #expect(Workshop.xmSafe(["history", "--graph", "-v"]).status == 64)
  }
}
