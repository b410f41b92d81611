import DurableFiles
import Snapshots
import TestKit
import Testing

/// How a run that was killed has left its database, decided from what is found.
@Suite struct CrashVerdictTests {
  static func note(
    _ work: CrashNote.Work,
    phase: CrashNote.Phase = .begun,
    after: [String] = ["b"]
  ) -> CrashNote {
    var note = CrashNote(
      work: work,
      database: "/data/a.sqlite3",
      versionTable: "alembic_version",
      holder: "process 1",
      snapshot: "0123abcd",
      restored: work == .restore ? "89abcdef" : nil,
      before: CrashNote.Content(sha256: "before", revisions: ["a"]),
      after: CrashNote.Content(sha256: work == .restore ? "after" : nil, revisions: after)
    )
    note.phase = phase
    return note
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var note: CrashNote
    var equalsBefore = false
    var sha256 = "other"
    var revisions: [String]
    var verdict: CrashVerdict
  }

  static let cases = [
    Case(
      testDescription: "an upgrade that SQLite rolled back",
      note: note(.upgrade),
      equalsBefore: true,
      revisions: ["a"],
      verdict: .before
    ),
    Case(
      testDescription: "an upgrade that was committed",
      note: note(.upgrade, phase: .committing),
      revisions: ["b"],
      verdict: .after
    ),
    Case(
      testDescription: "an upgrade that was rolled back, and others have written",
      note: note(.upgrade),
      revisions: ["a"],
      verdict: .beforeAndWrittenSince
    ),
    Case(
      testDescription: "a database that others have upgraded further",
      note: note(.upgrade),
      revisions: ["c"],
      verdict: .changedSince
    ),
    Case(
      testDescription: "an upgrade whose snapshot was being put back, before that",
      note: note(.upgrade, phase: .restoring),
      revisions: ["a"],
      verdict: .unresolved
    ),
    Case(
      testDescription: "an upgrade whose snapshot had been put back",
      note: note(.upgrade, phase: .restoring),
      equalsBefore: true,
      revisions: ["a"],
      verdict: .before
    ),
    Case(
      testDescription: "an upgrade that leaves the version rows as they are",
      note: note(.upgrade, after: ["a"]),
      revisions: ["a"],
      verdict: .beforeAndWrittenSince
    ),
    Case(
      testDescription: "a restore that was committed",
      note: note(.restore),
      sha256: "after",
      revisions: ["b"],
      verdict: .after
    ),
    Case(
      testDescription: "a restore that SQLite rolled back",
      note: note(.restore),
      equalsBefore: true,
      sha256: "before",
      revisions: ["a"],
      verdict: .before
    ),
    Case(
      testDescription: "a restore of a snapshot with the same revision, and others have written",
      note: note(.restore, after: ["a"]),
      revisions: ["a"],
      verdict: .beforeAndWrittenSince
    ),
  ]

  @Test(arguments: cases)
  func `the verdict follows from the note and from what is found`(_ one: Case) {
    let found = CrashVerdict.Found(
      equalsBefore: one.equalsBefore,
      sha256: one.sha256,
      revisions: one.revisions
    )
    #expect(CrashVerdict(one.note, found: found) == one.verdict)
  }

  @Test func `a note is what was written last, and gone when it is cleared`() throws {
    let scratch = try Scratch()
    let store = Store(path: scratch.file("Backups"))
    try store.create()
    let journal = CrashJournal(store, database: "/data/a.sqlite3")
    #expect(try journal.read() == nil)
    try journal.write(Self.note(.upgrade))
    var note = Self.note(.restore, phase: .committing)
    note.replaced = CrashNote.Replaced(finished: "/data/f", aside: "/data/a.sqlite3.replaced-1")
    try journal.write(note)
    #expect(try journal.read() == note)
    #expect(try CrashJournal(store, database: "/data/b.sqlite3").read() == nil)
    try journal.clear()
    try journal.clear()
    #expect(try journal.read() == nil)
  }

  @Test func `a note that fails to be written leaves the earlier one, at whatever call`() throws {
    let scratch = try Scratch()
    try Store(path: scratch.file("Backups")).create()
    let quiet = CrashJournal(Store(path: scratch.file("Backups")), database: "/data/a.sqlite3")
    let (first, second) = (Self.note(.upgrade), Self.note(.restore))
    var failures = 0
    while true {
      try quiet.write(first)
      let failing = FailingCalls(at: failures + 1, code: 5)
      let store = Store(path: scratch.file("Backups"), files: FileSystem(calls: failing.calls))
      do {
        try CrashJournal(store, database: "/data/a.sqlite3").write(second)
      } catch let error as NotDurable {
        #expect(try quiet.read() == second, "\(error)")
        failures += 1
        continue
      } catch {
        #expect(try quiet.read() == first, "\(error)")
        failures += 1
        continue
      }
      break
    }
    #expect(try quiet.read() == second)
    #expect(failures >= 5)
  }

  @Test func `a note that is no note is said to be unreadable`() throws {
    let scratch = try Scratch()
    let store = Store(path: scratch.file("Backups"))
    try store.create()
    let journal = CrashJournal(store, database: "/data/a.sqlite3")
    try journal.write(Self.note(.upgrade))
    let note = try #require(try scratch.names(in: "Backups").first { $0.hasPrefix(".journal-") })
    try scratch.write("{\"work\":", to: "Backups/" + note)
    #expect(throws: CrashJournal.Unreadable.self) { try journal.read() }
  }
}
