import Foundation
import Logging
import TestKit
import Testing
import XMSafe

/// A program that embeds the library and changes its mind.
@Suite struct CancellationTests {
  private func facade(
    _ scratch: Scratch,
    _ cancellation: Cancellation,
    progress: @escaping @Sendable (String, Int64, Int64) -> Void = { _, _, _ in }
  ) -> Safeguard {
    Safeguard(
      options: Options(database: scratch.file("a.sqlite3")),
      context: Context(
        workingDirectory: scratch.path,
        environment: [:],
        processID: 1,
        now: { "2026-11-22T22:51:33Z" },
        logHandler: { _ in SwiftLogNoOpLogHandler() },
        progress: progress,
        cancellation: cancellation
      )
    )
  }

  @Test func `a snapshot that is cancelled half-way leaves none`() throws {
    let scratch = try Scratch()
    try SampleDatabases.large(scratch.file("a.sqlite3"), rows: 20_000)
    let cancellation = Cancellation()
    let facade = facade(scratch, cancellation) { _, done, _ in
      if done > 1 << 20 { cancellation.cancel() }
    }
    let failure = try #require(throws: Failure.self) { try facade.snapshot() }
    #expect(failure.exitStatus == .interrupted)
    #expect(failure.message == "interrupted by the program; nothing was changed")
    #expect(try scratch.names(in: "Backups").allSatisfy { $0.hasPrefix(".lock") })
  }

  @Test func `what is cancelled before it begins does nothing`() throws {
    let scratch = try Scratch()
    let cancellation = Cancellation()
    cancellation.cancel()
    let failure = try #require(throws: Failure.self) {
      try facade(scratch, cancellation).upgrade()
    }
    #expect(failure.exitStatus == .interrupted)
    #expect(try scratch.tree().isEmpty)
  }

  @Test func `a restore that is cancelled after its commit has succeeded`() throws {
    let scratch = try Scratch()
    try SampleDatabases.large(scratch.file("a.sqlite3"), rows: 3000)
    let first = try facade(scratch, Cancellation()).snapshot()
    try SampleDatabases.create(scratch.file("a.sqlite3"), ["DELETE FROM data"])
    let cancellation = Cancellation()
    let facade = facade(scratch, cancellation) { activity, _, _ in
      // The comparison comes after the commit.
      if activity == "compare" { cancellation.cancel() }
    }
    let result = try facade.restore("latest")
    #expect(result.proven)
    #expect(result.snapshot.id == first.snapshot?.id)
    let failure = try #require(throws: Failure.self) { try facade.list() }
    #expect(failure.exitStatus == .interrupted)
  }
}
