import Foundation
import Jobs
import TestKit
import Testing

/// Signs of life for a monitor.
@Suite struct PingTests {
  @Test(
    arguments: [
      (
        "https://hc.example/4f2a",
        ["https://hc.example/4f2a/start", "https://hc.example/4f2a", "https://hc.example/4f2a/20"]
      ),
      (
        "https://hc.example/",
        ["https://hc.example/start", "https://hc.example/", "https://hc.example/20"]
      ),
      (
        "http://hc.example/k/slug?create=1",
        [
          "http://hc.example/k/slug/start?create=1", "http://hc.example/k/slug?create=1",
          "http://hc.example/k/slug/20?create=1",
        ]
      ),
    ]
  )
  func `a signal has its place`(_ url: String, _ expected: [String]) {
    let ping = Ping(url)
    #expect([.start, .end(0), .end(20)].map(ping.url(of:)) == expected)
  }

  @Test func `a monitor is told of the start and of how it ends, without a word more`() throws {
    let subject = try Subject()
    let monitor = try TestMonitor(.answer, in: subject.scratch)
    try subject.run(["snapshot", "--ping-url", monitor.url])
    #expect(try monitor.requests == ["GET /ping/4f2a/start", "GET /ping/4f2a"])
    let id = try #require(try subject.ids().first)
    try subject.damage(id)
    try subject.run(["verify", "--ping-url", monitor.url], status: 22)
    try subject.run(["restore", "nope", "--ping-url", monitor.url], status: 10)
    try subject.run(["snapshot", "--ping-url", monitor.url, "--hook-before", "false"], status: 24)
    let codes = ["22", "10", "24"].flatMap { ["GET /ping/4f2a/start", "GET /ping/4f2a/\($0)"] }
    #expect(try monitor.requests.dropFirst(2) == codes[...])
    // What changes nothing is no job, and neither is a run for trial.
    try subject.scratch.write("ping-url = \"\(monitor.url)\"\n", to: "xm-safe.toml")
    try subject.run(["list"])
    try subject.run(["prune", "--keep-last", "1", "--dry-run"])
    #expect(try monitor.requests.count == 8)
  }

  @Test func `a monitor that has moved is told where it is now`() throws {
    let subject = try Subject()
    let monitor = try TestMonitor(.move, in: subject.scratch)
    let outcome = try subject.run(["snapshot", "--ping-url", monitor.url])
    #expect(!outcome.errors.contains("ping"), "\(outcome)")
    #expect(
      try monitor.requests == [
        "GET /ping/4f2a/start", "GET /moved/ping/4f2a/start", "GET /ping/4f2a",
        "GET /moved/ping/4f2a",
      ]
    )
  }

  @Test(arguments: [TestMonitor.Kind.refuse, .hang, .circle, .nowhere])
  func `a monitor that does not answer well holds nobody up, and fails nothing`(
    _ kind: TestMonitor.Kind
  ) throws {
    let subject = try Subject()
    let monitor = try TestMonitor(kind, in: subject.scratch)
    let start = ContinuousClock.now
    let outcome = try subject.run(["snapshot", "--ping-url", monitor.url])
    let taken = ContinuousClock.now - start
    #expect(taken < .seconds(20), "\(taken)")
    #expect(outcome.output.hasPrefix("saved"))
    let warnings = outcome.errors.split(separator: "\n").filter {
      $0.hasPrefix("WARNI [xm_safe.job] The ping did not arrive: ")
    }
    #expect(warnings.count == 2, "\(outcome)")
    #expect(!outcome.errors.contains("4f2a"))
    guard kind != .circle else { return }
    #expect(try monitor.requests == ["GET /ping/4f2a/start", "GET /ping/4f2a"])
  }

  @Test func `neither a closed port nor a missing curl fails anything`() throws {
    let subject = try Subject()
    let closed = try subject.run(["snapshot", "--ping-url", "http://127.0.0.1:1/x"])
    #expect(closed.errors.contains("The ping did not arrive: "))
    let missing = try Workshop.xmSafe(
      ["snapshot", "--db", subject.path, "--ping-url", "https://hc.example/x"],
      environment: ["PATH": subject.scratch.path]
    )
    #expect(missing.status == 0 || missing.status == 127)
    try subject.run(["snapshot", "--ping-url", "ftp://x"], status: 64)
  }
}
