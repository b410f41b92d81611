import DurableFiles
import Foundation
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
      store: "/data/Backups",
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
    var found: CrashVerdict.Found
    var verdict: CrashVerdict
  }

  static func content(
    _ revisions: [String],
    sha256: String = "other",
    equalsBefore: Bool = false
  ) -> CrashVerdict.Found {
    .database(
      CrashVerdict.Content(equalsBefore: equalsBefore, sha256: sha256, revisions: revisions)
    )
  }

  static func wreck(_ work: CrashNote.Work, _ wreck: CrashNote.Wreck?) -> CrashNote {
    var note = note(work, phase: .restoring)
    note.wreck = wreck
    return note
  }

  static let cases = [
    Case(
      testDescription: "an upgrade that SQLite rolled back",
      note: note(.upgrade),
      found: content(["a"], equalsBefore: true),
      verdict: .before
    ),
    Case(
      testDescription: "an upgrade that was committed",
      note: note(.upgrade, phase: .committing),
      found: content(["b"]),
      verdict: .after
    ),
    Case(
      testDescription: "an upgrade that was rolled back, and others have written",
      note: note(.upgrade),
      found: content(["a"]),
      verdict: .beforeAndWrittenSince
    ),
    Case(
      testDescription: "a database that others have upgraded further",
      note: note(.upgrade),
      found: content(["c"]),
      verdict: .changedSince
    ),
    Case(
      testDescription: "an upgrade whose database was taken away",
      note: note(.upgrade),
      found: .nothing,
      verdict: .gone
    ),
    Case(
      testDescription: "an upgrade whose snapshot was being put back, before that",
      note: wreck(.upgrade, .content("other")),
      found: content(["a"]),
      verdict: .unresolved
    ),
    Case(
      testDescription: "the same, and others have written since: theirs is not taken away",
      note: wreck(.upgrade, .content("wreck")),
      found: content(["a"]),
      verdict: .interrupted
    ),
    Case(
      testDescription: "the same, and it is not known what was there",
      note: wreck(.upgrade, nil),
      found: content(["a"]),
      verdict: .interrupted
    ),
    Case(
      testDescription: "the same, and somebody has upgraded it since",
      note: wreck(.upgrade, .content("wreck")),
      found: content(["b"]),
      verdict: .interrupted
    ),
    Case(
      testDescription: "an upgrade whose snapshot had been put back",
      note: wreck(.upgrade, .content("wreck")),
      found: content(["a"], equalsBefore: true),
      verdict: .before
    ),
    Case(
      testDescription: "an upgrade that leaves the version rows as they are",
      note: note(.upgrade, after: ["a"]),
      found: content(["a"]),
      verdict: .beforeAndWrittenSince
    ),
    Case(
      testDescription: "a restore that was committed",
      note: note(.restore),
      found: content(["b"], sha256: "after"),
      verdict: .after
    ),
    Case(
      testDescription: "a restore that SQLite rolled back",
      note: note(.restore),
      found: content(["a"], sha256: "before", equalsBefore: true),
      verdict: .before
    ),
    Case(
      testDescription:
        "a restore after which others have written: the version does not tell whether it was committed",
      note: note(.restore, after: ["a"]),
      found: content(["a"]),
      verdict: .changedSince
    ),
    Case(
      testDescription: "a command that was killed, whatever it has done",
      note: note(.command),
      found: content(["b"]),
      verdict: .interrupted
    ),
    Case(
      testDescription: "a command that was killed before it did anything",
      note: note(.command),
      found: content(["a"], equalsBefore: true),
      verdict: .before
    ),
    Case(
      testDescription: "a command that was killed after it took the database away",
      note: note(.command),
      found: .nothing,
      verdict: .interrupted
    ),
    Case(
      testDescription: "a command that failed and had taken the database away",
      note: wreck(.command, .nothing),
      found: .nothing,
      verdict: .unresolved
    ),
    Case(
      testDescription: "the same, and somebody has made a new one since",
      note: wreck(.command, .nothing),
      found: content([]),
      verdict: .interrupted
    ),
    Case(
      testDescription: "a command that failed and left rubbish",
      note: wreck(.command, .file("rubbish")),
      found: .file("rubbish"),
      verdict: .unresolved
    ),
    Case(
      testDescription: "the same, and somebody has put another file there since",
      note: wreck(.command, .file("rubbish")),
      found: .file("other rubbish"),
      verdict: .interrupted
    ),
  ]

  @Test(arguments: cases)
  func `the verdict follows from the note and from what is found`(_ one: Case) {
    #expect(CrashVerdict(one.note, found: one.found) == one.verdict)
  }

  @Test func `a note is what was written last, and gone when it is cleared`() throws {
    let scratch = try Scratch()
    let journal = CrashJournal(scratch.file("a.sqlite3"))
    #expect(try journal.read() == nil)
    try journal.write(Self.note(.upgrade))
    var note = Self.note(.restore, phase: .committing)
    note.replaced = CrashNote.Replaced(
      finished: ".a.sqlite3.xm-safe-partial-1a2b",
      aside: "a.sqlite3.replaced-1",
      old: "0"
    )
    note.unsettled = [Self.wreck(.command, .content("wreck"))]
    try journal.write(note)
    #expect(try journal.read() == note)
    #expect(note.snapshots == ["0123abcd", "0123abcd"])
    #expect(try CrashJournal(scratch.file("b.sqlite3")).read() == nil)
    try journal.clear()
    try journal.clear()
    #expect(try journal.read() == nil)
  }

  @Test func `a note that fails to be written leaves the earlier one, at whatever call`() throws {
    let scratch = try Scratch()
    let quiet = CrashJournal(scratch.file("a.sqlite3"))
    let (first, second) = (Self.note(.upgrade), Self.note(.restore))
    var failures = 0
    while true {
      try quiet.write(first)
      let failing = FailingCalls(at: failures + 1, code: 5)
      let files = FileSystem(calls: failing.calls)
      do {
        try CrashJournal(scratch.file("a.sqlite3"), files: files).write(second)
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

  @Test(arguments: [
    #"{"work":"#,
    // Names of files that are none of ours.
    #""finished":"b.sqlite3""#, #""finished":"../.a.sqlite3.xm-safe-partial-1""#,
    #""finished":".a.sqlite3.xm-safe-partial-/../b""#, #""aside":"b.sqlite3.replaced-1""#,
    #""aside":"a.sqlite3.replaced-1/../../c""#,
  ])
  func `a note that is no note, or names the files of others, is said to be unreadable`(
    _ damage: String
  ) throws {
    let scratch = try Scratch()
    let journal = CrashJournal(scratch.file("a.sqlite3"))
    var note = Self.note(.restore)
    note.replaced = CrashNote.Replaced(
      finished: ".a.sqlite3.xm-safe-partial-1a2b",
      aside: "a.sqlite3.replaced-1",
      old: "0"
    )
    try journal.write(note)
    let text = try String(contentsOfFile: journal.path, encoding: .utf8)
    let broken =
      damage.hasPrefix("{")
      ? damage
      : text.replacing(
        try Regex("\(damage.split(separator: ":")[0]):\"[^\"]*\""),
        with: damage
      )
    #expect(broken != text)
    try scratch.write(broken, to: FileSystem.name(of: journal.path))
    #expect(throws: CrashJournal.Unreadable.self) { try journal.read() }
  }

  @Test func `a name as long as the system allows leaves room for the note`() throws {
    let scratch = try Scratch()
    let journal = CrashJournal(scratch.file(String(repeating: "n", count: 250)))
    try journal.write(Self.note(.upgrade))
    #expect(try journal.read() == Self.note(.upgrade))
  }
}
