import Foundation
import TestKit
import Testing

@testable import XMSafeCLI

/// The progress bar, as a person sees it.
@Suite struct ProgressTests {
  @Test(arguments: [
    (100, "verify [##########----------]  50%  512.0 MiB of 1.0 GiB  64.0 MiB/s  8 s left"),
    (79, "verify [##########----------]  50%  512.0 MiB of 1.0 GiB  64.0 MiB/s  8 s left"),
    (70, "verify [##########----------]  50%  64.0 MiB/s  8 s left"),
    (40, "verify  50%  64.0 MiB/s  8 s left"), (20, "verify  50%"), (5, "veri"), (0, "v"),
  ])
  func `what does not fit into the terminal is left out`(_ columns: Int, _ text: String) {
    let line = ProgressLine(
      activity: "verify",
      done: 512 << 20,
      total: 1 << 30,
      elapsed: .seconds(8)
    )
    #expect(line.text(columns: columns) == text)
  }

  @Test func `the rate counts only what was done since the activity began`() {
    var line = ProgressLine(activity: "x", done: 300 << 20, total: 400 << 20, elapsed: .seconds(1))
    line.initial = 200 << 20
    #expect(line.text(columns: 100).hasSuffix("75%  300.0 MiB of 400.0 MiB  100.0 MiB/s  1 s left"))
  }

  @Test func `work that cannot be measured says what it is and how long it takes`() {
    let line = ProgressLine(activity: "check", done: 0, total: 0, elapsed: .seconds(7384))
    #expect(line.text(columns: 80) == "check  2 h 3 min")
  }

  @Test(arguments: [
    (Int64(-1), Int64(5)), (9, 5), (.max, .max), (0, .max), (.min, 1), (1, .min),
  ])
  func `numbers that cannot be are no reason to trap`(_ done: Int64, _ total: Int64) {
    let line = ProgressLine(activity: "x", done: done, total: total, elapsed: .zero)
    #expect(line.text(columns: 80).count < 80)
  }

  /// A database of some megabytes that do not compress, and links to one archive of it.
  private static func store(_ scratch: Scratch, archives: Int) throws -> String {
    let database = scratch.file("a.sqlite3")
    try SampleDatabases.large(database, rows: 20_000)
    #expect(try Workshop.xmSafe(["snapshot", "-q", "--db", database]).status == 0)
    let names = try scratch.names(in: "Backups")
    let archive = try #require(names.first { $0.hasSuffix(".gz") })
    for number in 1..<archives {
      try FileManager.default.linkItem(
        atPath: scratch.file("Backups/" + archive),
        toPath: scratch.file("Backups/\(number)-" + archive)
      )
    }
    return database
  }

  @Test func `the bar is gone when a guarded command has the terminal`() throws {
    let scratch = try Scratch()
    let database = try Self.store(scratch, archives: 1)
    let run = try Terminal.run(
      ["run", "--db", database, "--", "sh", "-c", "echo begun >&2"],
      microsecondsPerRead: 500
    )
    #expect(run.status == 0, "\(run)")
    #expect(run.bars.contains { $0.hasPrefix("read back") || $0.hasPrefix("check") }, "\(run)")
    #expect(run.screen.contains(" meanwhile\r\nbegun\r\n"), "\(run)")
  }

  private static var bar: Regex<Substring> {
    #/^[a-z ]+ \[[#-]{20}\]  \d+%  .* of .*  [\d.]+ [KMG]?i?B/s  .* left$/#
  }
  private static var narrow: Regex<(Substring, Substring?)> {
    #/^[a-z ]+  \d+%(  [\d.]+ [KMG]?i?B/s  .* left)?$/#
  }

  @Test func `long work shows how far it is, and leaves a clean line`() throws {
    let scratch = try Scratch()
    let database = try Self.store(scratch, archives: 20)
    let commands = [
      (["snapshot"], 500), (["verify", "--all"], 10_000), (["restore", "latest", "--force"], 300),
    ]
    for (command, delay) in commands {
      let wide = try Terminal.run(command + ["--db", database], microsecondsPerRead: delay)
      #expect(wide.status == 0, "\(wide)")
      #expect(wide.bars.contains { $0.wholeMatch(of: Self.bar) != nil }, "\(command): \(wide)")
      #expect(wide.screen.hasSuffix("\r\u{1b}[2K") || wide.screen.hasSuffix("\r\n"))
      #expect(!wide.output.contains("\u{1b}"))
    }
    let narrow = try Terminal.run(
      ["verify", "--all", "--db", database],
      microsecondsPerRead: 10_000,
      columns: 40
    )
    #expect(narrow.bars.contains { $0.wholeMatch(of: Self.narrow) != nil }, "\(narrow)")
    #expect(narrow.bars.allSatisfy { $0.count < 40 }, "\(narrow)")
  }

  struct Silent: CustomTestStringConvertible, Sendable {
    var name: String
    var arguments: [String] = []
    var environment: [String: String] = [:]
    var testDescription: String { name }
  }

  @Test(arguments: [
    Silent(name: "-q", arguments: ["-q"]), Silent(name: "--json", arguments: ["--json"]),
    Silent(name: "--log-format json", arguments: ["--log-format", "json"]),
    Silent(name: "a dumb terminal", environment: ["TERM": "dumb"]),
  ])
  func `no bar is shown where nobody wants one`(_ silent: Silent) throws {
    let scratch = try Scratch()
    let database = try Self.store(scratch, archives: 20)
    let terminal = try Terminal.run(
      ["verify", "--all", "--db", database] + silent.arguments,
      microsecondsPerRead: 10_000,
      environment: silent.environment
    )
    #expect(terminal.status == 0, "\(terminal)")
    #expect(!terminal.screen.contains("\u{1b}"), "\(terminal)")
    #expect(terminal.bars == [], "\(terminal)")
    #expect(!terminal.output.contains("\u{1b}"))
    if silent.arguments == ["--json"] {
      let json = try JSONSerialization.jsonObject(with: Data(terminal.output.utf8))
      #expect((json as? [String: Any])?["archives"] is [Any])
    }
  }

  @Test func `without colours the bar is still there, and the log has none`() throws {
    let scratch = try Scratch()
    let database = try Self.store(scratch, archives: 1)
    let terminal = try Terminal.run(
      ["snapshot", "--db", database],
      microsecondsPerRead: 500,
      environment: ["NO_COLOR": "1"]
    )
    #expect(terminal.bars.contains { $0.wholeMatch(of: Self.bar) != nil }, "\(terminal)")
    #expect(!terminal.screen.contains(#/\u{1b}\[\d*m/#), "\(terminal)")
    let piped = try Workshop.xmSafe(["snapshot", "--db", database])
    #expect(!piped.errors.contains("\u{1b}") && !piped.errors.contains(" left"))
  }
}
