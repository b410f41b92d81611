import Foundation
import SQLite
import TestKit
import Testing

/// `--wait`, and what is said of those who hold a lock.
@Suite struct WaitTests {
  private func options(_ scratch: Scratch) throws -> [String] {
    try SampleDatabases.large(scratch.file("a.sqlite3"), rows: 10)
    try scratch.write(
      "from alembic import op\nrevision = 'r0'\ndown_revision = None\ndef upgrade():\n    pass\n",
      to: "scripts/versions/r0.py"
    )
    return ["--db", scratch.file("a.sqlite3"), "--scripts", scratch.file("scripts")]
  }

  @Test func `a lock of SQLite is named, with the process and how long it was waited for`() throws {
    let scratch = try Scratch()
    let options = try options(scratch)
    let writer = try Connection(opening: scratch.file("a.sqlite3"), mode: .readWrite)
    try writer.beginImmediate()
    let outcome = try Workshop.xmSafe(["upgrade", "--busy-timeout", "0.3"] + options)
    #expect(outcome.status == 11, "\(outcome)")
    let id = ProcessInfo.processInfo.processIdentifier
    #expect(outcome.errors.contains("is locked (waited 0."), "\(outcome)")
    #expect(outcome.errors.contains("process \(id) ("))
    #expect(outcome.errors.contains("which holds RESERVED, SHARED"))
    #expect(outcome.errors.contains("--wait 5m"))
    try writer.rollback()
    try writer.close()
  }

  @Test func `--wait waits for SQLite's lock until it is free`() throws {
    let scratch = try Scratch()
    let options = try options(scratch)
    let writer = try Connection(opening: scratch.file("a.sqlite3"), mode: .readWrite)
    try writer.beginImmediate()
    let running = try Workshop.xmSafeStarted(
      ["upgrade", "--busy-timeout", "0", "--wait", "10m"] + options
    )
    try running.waitForErrors(containing: "[xm_safe.lock] Locked")
    try writer.rollback()
    try writer.close()
    let outcome = try running.finish()
    #expect(outcome.status == 0, "\(outcome)")
  }

  @Test func `--wait waits for another xm-safe, and without it there is no wait`() throws {
    let scratch = try Scratch()
    let options = try options(scratch)
    let writer = try Connection(opening: scratch.file("a.sqlite3"), mode: .readWrite)
    try writer.beginImmediate()
    let first = try Workshop.xmSafeStarted(["upgrade", "--wait", "10m"] + options)
    try first.waitForErrors(containing: "[xm_safe.lock] Locked")
    let refused = try Workshop.xmSafe(["snapshot"] + options)
    #expect(refused.status == 11, "\(refused)")
    #expect(refused.errors.contains("process \(first.id) (xm-safe upgrade, since "))
    let impatient = try Workshop.xmSafe(["snapshot", "--wait", "1s"] + options)
    #expect(impatient.status == 11, "\(impatient)")
    #expect(impatient.errors.contains("; waited 1"))
    let second = try Workshop.xmSafeStarted(["snapshot", "--wait", "10m"] + options)
    try second.waitForErrors(containing: "[xm_safe.lock] Waiting for process \(first.id)")
    try writer.rollback()
    try writer.close()
    #expect(try first.finish().status == 0)
    let outcome = try second.finish()
    #expect(outcome.status == 0, "\(outcome)")
  }

  @Test func `waiting for another xm-safe ends with a signal`() throws {
    let scratch = try Scratch()
    let options = try options(scratch)
    let writer = try Connection(opening: scratch.file("a.sqlite3"), mode: .readWrite)
    try writer.beginImmediate()
    let first = try Workshop.xmSafeStarted(["upgrade", "--wait", "10m"] + options)
    try first.waitForErrors(containing: "[xm_safe.lock] Locked")
    let second = try Workshop.xmSafeStarted(["upgrade", "--wait", "10m"] + options)
    try second.waitForErrors(containing: "Waiting for process")
    for running in [second, first] {
      running.send(SIGTERM)
      let outcome = try running.finish()
      #expect(outcome.status == 143, "\(outcome)")
    }
    try writer.rollback()
    try writer.close()
  }

  @Test func `a duration that is left out is refused`() throws {
    #expect(try Workshop.xmSafe(["list", "--wait="]).status == 64)
  }

  @Test(arguments: ["x", "5d", "-1", "1.5s", "99999999999999999999", "8d", "700000"])
  func `a duration that is none is refused`(_ text: String) throws {
    for words in [["--wait=\(text)"], ["--wait", text]] {
      let outcome = try Workshop.xmSafe(["list"] + words)
      #expect(outcome.status == 64, "\(outcome)")
      #expect(outcome.errors.contains("the value '\(text)' is invalid for '--wait"), "\(outcome)")
    }
  }
}
