import Foundation
import TestKit
import Testing

/// The JSON of every command, against its documentation.
@Suite struct JSONTests {
  static let program = Workshop.root + "/Scripts/json-fields.py"

  @Test func `the documentation is that of the declarations`() throws {
    let outcome = try Command.run(["python3", Self.program])
    #expect(outcome.status == 0, "\(outcome)")
    let path = Workshop.root + "/Documentation/JSON.md"
    #expect(
      outcome.output == (try String(contentsOfFile: path, encoding: .utf8)),
      "write it anew: python3 Scripts/json-fields.py > Documentation/JSON.md"
    )
  }

  /// Runs a command, and compares what it prints with the documentation.
  private func check(
    _ name: String,
    _ arguments: [String],
    in directory: String,
    status: Int32 = 0,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String: Any] {
    let outcome = try Workshop.xmSafe(arguments + ["--json"], in: directory)
    #expect(outcome.status == status, "\(arguments): \(outcome)", sourceLocation: sourceLocation)
    let found = try Command.run(
      ["python3", Self.program, "--check", name],
      input: Data(outcome.output.utf8)
    )
    #expect(found.status == 0, "\(arguments): \(found)", sourceLocation: sourceLocation)
    let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return value as? [String: Any] ?? [:]
  }

  @Test func `every command prints the fields that are documented, and no others`() throws {
    let project = try ScriptProject.line()
    let directory = project.scratch.path
    var checked: Set<String> = []
    @discardableResult
    func check(_ name: String, _ arguments: [String], status: Int32 = 0) throws -> [String: Any] {
      checked.insert(name)
      return try self.check(name, arguments, in: directory, status: status)
    }
    /// What comes after the dashes is the guarded command's own.
    func runGuarded() throws {
      checked.insert("run")
      let outcome = try Workshop.xmSafe(["run", "--json", "--", "true"], in: directory)
      let found = try Command.run(
        ["python3", Self.program, "--check", "run"],
        input: Data(outcome.output.utf8)
      )
      #expect(found.status == 0, "\(found)\n\(outcome)")
    }
    try check("init", ["init", "other"])
    try check("check", ["check"], status: 23)
    try check("upgrade --sql", ["upgrade", "--sql"])
    try check("upgrade", ["upgrade", "aaaa1111"])
    try check("plan", ["plan"])
    try check("plan --explain-engine", ["plan", "--explain-engine"])
    try check("upgrade --dry-run", ["upgrade", "--dry-run"])
    try check("upgrade", ["upgrade"])
    try check("current", ["current"])
    try check("downgrade", ["downgrade", "-1"])
    try check("downgrade --to-snapshot", ["downgrade", "--to-snapshot", "aaaa1111"])
    try check("undo", ["undo"])
    try check("stamp", ["stamp", "bbbb2222"])
    try check("stamp --sql", ["stamp", "--sql", "aaaa1111:bbbb2222"])
    try check("ensure_version", ["ensure_version"])
    try check("ensure_version --sql", ["ensure_version", "--sql"])
    try check("list_templates", ["list_templates"])
    try runGuarded()
    let taken = try check("snapshot", ["snapshot"])
    let id = try #require((taken["snapshot"] as? [String: Any])?["id"] as? String)
    try check("list", ["list"])
    try check("show SNAPSHOT", ["show", id])
    try check("show REVISION", ["show", "head"])
    try check("verify", ["verify", "--all", "--deep"])
    try check("restore", ["restore", id, "--dry-run"])
    try check("restore", ["restore", id])
    try check("diff", ["diff", id, "live"])
    try check("pin", ["pin", id])
    try check("unpin", ["unpin", id])
    try check("prune", ["prune", "--keep-last", "1"])
    try check("doctor", ["doctor"])
    try check("history", ["history", "-i"])
    try check("heads", ["heads"])
    try check("revision", ["revision", "-m", "one"])
    try check("revision", ["revision", "-m", "two", "--head", "cccc3333", "--splice"])
    try check("branches", ["branches"])
    try check("merge", ["merge", "heads"])
    try check("config", ["config", "prune", "--store", "x"])
    try check("report", ["report", "--html", "report.html"])
    try check("schedule", ["schedule", "print", "--cron"])
    try check("schedule", ["schedule", "print", "--systemd"])
    // Every command that the program has is documented, and was looked at.
    let text = try String(contentsOfFile: Workshop.root + "/Documentation/JSON.md", encoding: .utf8)
    let documented = text.matches(of: #/\n\| `([^`]+)` \| (?:a list of )?\[[A-Z]/#).map {
      String($0.1)
    }
    #expect(documented.count > 25)
    let commands = Set(documented.map { String($0.split(separator: " ")[0]) })
    // Its output is an editor.
    for command in try HelpTests.commands().compactMap(\.first) where command != "edit" {
      #expect(commands.contains(command), "\(command)")
      #expect(checked.contains { $0.split(separator: " ")[0] == command }, "\(command)")
    }
  }

  @Test func `a failure has the fields that are documented`() throws {
    let outcome = try Workshop.xmSafe(["show", "nope", "--db", "/nowhere/x", "--json"])
    #expect(outcome.output.isEmpty)
    let value = try JSONSerialization.jsonObject(with: Data(outcome.errors.utf8)) as? [String: Any]
    let error = try #require(value?["error"] as? [String: Any])
    #expect(Set(error.keys) == ["exitCode", "message", "state", "next"])
  }

  @Test func `a check that finds nothing would be worth nothing`() throws {
    for (text, problem) in [
      ("{\"path\":\"x\",\"database\":\"x\",\"snapshots\":1,\"runs\":1}", ".revisions is not there"),
      (
        "{\"path\":\"x\",\"database\":1,\"snapshots\":1,\"runs\":1,\"revisions\":1}",
        ".database is no text"
      ),
      (
        "{\"path\":\"x\",\"database\":\"x\",\"snapshots\":1,\"runs\":1,\"revisions\":1,\"more\":1}",
        ".more is not documented"
      ),
    ] {
      let found = try Command.run(
        ["python3", Self.program, "--check", "report"],
        input: Data(text.utf8)
      )
      #expect(found.status == 1 && found.output == problem + "\n", "\(found)")
    }
  }
}
