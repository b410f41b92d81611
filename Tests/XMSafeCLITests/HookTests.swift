import Foundation
import TestKit
import Testing

/// Commands of the user's around ours.
@Suite struct HookTests {
  /// A hook that writes what it is told into a file, sorted.
  static let telling =
    "env | grep '^XM_SAFE_HOOK' | sort | sed 's/SECONDS=.*/SECONDS=?/' > \"$TOLD.$XM_SAFE_HOOK\""

  struct Told {
    let subject: Subject
    let lines: [String: String]
  }

  /// Runs a command with all three hooks, and reads what they were told.
  private func told(
    _ subject: Subject,
    _ arguments: [String],
    status: Int32 = 0
  ) throws -> [String: [String]] {
    let outcome = try Workshop.xmSafe(
      arguments + ["--db", subject.path],
      environment: [
        "TOLD": subject.scratch.file("told"), "XM_SAFE_HOOK_BEFORE": Self.telling,
        "XM_SAFE_HOOK_AFTER": Self.telling, "XM_SAFE_HOOK_ERROR": Self.telling,
      ]
    )
    #expect(outcome.status == status, "\(outcome)")
    var told: [String: [String]] = [:]
    for name in try subject.scratch.names() where name.hasPrefix("told.") {
      let text = try String(contentsOfFile: subject.scratch.file(name), encoding: .utf8)
      told[String(name.dropFirst(5))] = text.split(separator: "\n").map(String.init).filter {
        // How the hooks themselves were named.
        !["XM_SAFE_HOOK_BEFORE", "XM_SAFE_HOOK_AFTER", "XM_SAFE_HOOK_ERROR"].contains(
          String($0.prefix { $0 != "=" })
        )
      }
      try FileManager.default.removeItem(atPath: subject.scratch.file(name))
    }
    return told
  }

  @Test func `a hook is told what is done, and how it ended`() throws {
    let subject = try Subject()
    let snapshot = try told(subject, ["snapshot"])
    let id = try #require(try subject.ids().last)
    #expect(
      snapshot == [
        "before": [
          "XM_SAFE_HOOK=before", "XM_SAFE_HOOK_DATABASE=\(subject.path)",
          "XM_SAFE_HOOK_STORE=\(subject.store)", "XM_SAFE_HOOK_VERB=snapshot",
        ],
        "after": [
          "XM_SAFE_HOOK=after", "XM_SAFE_HOOK_DATABASE=\(subject.path)",
          "XM_SAFE_HOOK_EXIT_CODE=0", "XM_SAFE_HOOK_FROM=", "XM_SAFE_HOOK_MESSAGE=",
          "XM_SAFE_HOOK_SECONDS=?", "XM_SAFE_HOOK_SNAPSHOT=\(id)", "XM_SAFE_HOOK_STATE=",
          "XM_SAFE_HOOK_STORE=\(subject.store)", "XM_SAFE_HOOK_TO=", "XM_SAFE_HOOK_VERB=snapshot",
        ],
      ]
    )
    let upgrade = try told(subject, ["upgrade", "--scripts", Workshop.xmanagerScripts])
    #expect(upgrade["after"]?.contains("XM_SAFE_HOOK_TO=f45829405692") == true)
    #expect(upgrade["after"]?.contains("XM_SAFE_HOOK_EXIT_CODE=0") == true)
    try subject.damage(id)
    let verify = try told(subject, ["verify", id], status: 22)
    #expect(verify.keys.sorted() == ["before", "error"])
    #expect(verify["error"]?.contains("XM_SAFE_HOOK_EXIT_CODE=22") == true)
    #expect(
      verify["error"]?.contains(
        "XM_SAFE_HOOK_MESSAGE=snapshot \(id) of '\(subject.path)' is damaged"
      ) == true
    )
    // What changes nothing has no hooks.
    for arguments in [["list"], ["prune", "--keep-last", "1", "--dry-run"]] {
      #expect(try told(subject, arguments).isEmpty, "\(arguments)")
    }
  }

  struct Failing: CustomTestStringConvertible, Sendable {
    var command: String
    var reason: String
    var options: [String] = []
    var testDescription: String { command }
  }

  static let failing = [
    Failing(command: "exit 3", reason: "ended with exit code 3"),
    Failing(command: "kill -9 $$", reason: "was ended by signal 9"),
    Failing(command: "no-such-program-anywhere", reason: "ended with exit code 127"),
    Failing(
      command: "sleep 600",
      reason: "did not end in 1 s, and was ended",
      options: ["--hook-timeout", "1s"]
    ),
  ]

  @Test(arguments: failing)
  func `a hook before that fails keeps the command from its work`(_ test: Failing) throws {
    let subject = try Subject()
    let before = try subject.dump()
    let tree = try subject.scratch.tree()
    let outcome = try subject.run(
      ["upgrade", "--scripts", Workshop.xmanagerScripts, "--hook-before", test.command]
        + test.options,
      status: 24
    )
    #expect(
      outcome.errors.contains("xm-safe: the hook before the command \(test.reason)"),
      "\(outcome)"
    )
    #expect(outcome.errors.contains("state: the database was not touched"))
    #expect(try subject.dump() == before)
    #expect(try subject.scratch.tree() == tree)
  }

  @Test(arguments: failing)
  func `a hook after that fails is warned of, and changes nothing`(_ test: Failing) throws {
    let subject = try Subject()
    let outcome = try subject.run(["snapshot", "--hook-after", test.command] + test.options)
    #expect(
      outcome.errors.contains(
        "WARNI [xm_safe.job] the hook after the command \(test.reason)"
      ),
      "\(outcome)"
    )
    let missing = try subject.run(
      ["restore", "nope", "--hook-error", test.command] + test.options,
      status: 10
    )
    #expect(
      missing.errors.contains("WARNI [xm_safe.job] the hook for a failed command \(test.reason)")
    )
  }

  @Test func `a signal ends a hook that comes after, and says nothing of rolling back`() throws {
    let subject = try Subject()
    let hook = "echo in the hook >&2; sleep 600"
    for (arguments, name, status) in [
      (["upgrade", "--scripts", Workshop.xmanagerScripts], "--hook-after", Int32(0)),
      (["restore", "nope"], "--hook-error", 10),
    ] {
      let running = try Workshop.xmSafeStarted(
        arguments + [name, hook, "--hook-timeout", "1h", "--db", subject.path]
      )
      try running.waitForErrors(containing: "in the hook")
      running.send(SIGTERM)
      let outcome = try running.finish()
      #expect(outcome.status == status, "\(outcome)")
      #expect(outcome.errors.contains("was ended (interrupted by SIGTERM): \(hook)"), "\(outcome)")
      #expect(!outcome.errors.contains("roll"), "\(outcome)")
    }
    try subject.run(["check", "--scripts", Workshop.xmanagerScripts])
  }

  @Test func `the password in a hook's URL is shown to nobody`() throws {
    let subject = try Subject()
    try subject.run(["snapshot"])
    let page = subject.scratch.file("report.html")
    let told = subject.scratch.file("told")
    let hook = ": https://ada:s3cret@hooks.example/x?token=s3cret; exit 3"
    let telling = "printenv XM_SAFE_HOOK_MESSAGE > '\(told)'"
    var shown = ""
    for (options, status) in [
      (["--hook-after", hook], Int32(0)), (["nope", "--hook-error", hook], 10),
      (["--hook-before", hook, "--json"], 24),
      (["--hook-before", hook, "--hook-error", telling], 24),
    ] {
      let outcome = try subject.run(["verify"] + options, status: status)
      #expect(
        outcome.errors.contains("https://ada:***@hooks.example/x?token=***")
          || outcome.errors.contains(#"https:\/\/ada:***@hooks.example"#),
        "\(outcome)"
      )
      shown += outcome.output + outcome.errors
    }
    try subject.run(["report", "--html", page])
    for path in [page, subject.store + "/xm-safe.jsonl", told] {
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.contains("***@hooks.example"), "\(path): \(text)")
      shown += text
    }
    #expect(!shown.contains("s3cret"), "\(shown)")
  }

  @Test func `what a hook says does not get into the result`() throws {
    let subject = try Subject()
    let outcome = try subject.run(
      ["snapshot", "--json", "--hook-before", "echo one", "--hook-after", "echo two"]
    )
    #expect(outcome.errors.contains("one\n") && outcome.errors.contains("two\n"))
    #expect((try? JSONSerialization.jsonObject(with: Data(outcome.output.utf8))) != nil)
  }

  @Test func `a command in a hook has no hooks of its own`() throws {
    let subject = try Subject()
    let hook = "'\(Workshop.program)' snapshot --db \"$XM_SAFE_HOOK_DATABASE\" --if-changed"
    try subject.scratch.write("hook-after = '''\(hook)'''\n", to: "xm-safe.toml")
    try subject.run(["verify"], status: 10)
    let outcome = try subject.run(["snapshot"])
    #expect(outcome.output.contains("saved"))
    #expect(outcome.errors.contains("unchanged:"))
    #expect(try subject.ids().count == 1)
  }
}
