import TestKit
import Testing

/// What is taken out of a transcript, and what must not be.
@Suite struct TranscriptNormaliserTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var text: String
    var expected: String
    var testDescription: String { text }
  }

  static let cases = [
    Case(
      text: "Saved '/tmp/x/a' as snapshot 0123abcd: '/tmp/x/20261122T225133Z-a-manual-0123abcd.gz'",
      expected: "Saved '/home/ada/a' as snapshot <id 1>: '/home/ada/<time>-a-manual-<id 1>.gz'"
    ),
    // The wrong one of two ids shows.
    Case(
      text: "snapshot 0123abcd, not 89abcdef, but 0123abcd",
      expected: "snapshot <id 1>, not <id 2>, but <id 1>"
    ),
    Case(
      text: "process 12 (xm-safe upgrade, since 2026-11-22T22:51:33Z), process 7, process 12",
      expected:
        "process <process 1> (xm-safe upgrade, since <time>), process <process 2>, process <process 1>"
    ),
    Case(text: "waited 0.31 s; 17 ms; 5.0 KiB", expected: "waited <n> s; <n> ms; <n> KiB"),
    Case(
      text: "need 9 bytes in '/d' (5 for the archive + 4 for a copy); 3 are free",
      expected: "need <n> bytes in '/d' (<n> for the archive + <n> for a copy); <n> are free"
    ),
    Case(
      text: "'/s/.lock-0123456789ab' '/s/.a.xm-safe-partial-1z2y'",
      expected: "'/s/.lock-<key>' '/s/.a.xm-safe-partial-<random>'"
    ),
    // Words, revisions, counts, places and codes are nobody's to replace.
    Case(
      text: "revision second: 3 rows of table 'job' vanished (3 before, 0 after)",
      expected: "revision second: 3 rows of table 'job' vanished (3 before, 0 after)"
    ),
    Case(
      text: "b.py:10:5: 106c21f078d5, effaced, (exit code 20), 2 of 3, facade00d, 1 revision",
      expected: "b.py:10:5: 106c21f078d5, effaced, (exit code 20), 2 of 3, facade00d, 1 revision"
    ),
    Case(
      text: "its page size changes from 4096 to 512; data member 1 of 2",
      expected: "its page size changes from 4096 to 512; data member 1 of 2"
    ),
  ]

  @Test(arguments: cases) func `numbers go, and words stay`(_ test: Case) throws {
    let normaliser = TranscriptNormaliser(paths: [("/tmp/x", "/home/ada")])
    #expect(try normaliser.normalised(test.text) == test.expected)
  }

  @Test func `no rule takes a word`() throws {
    let normaliser = TranscriptNormaliser(paths: [])
    for words in [
      "the database was not touched", "restored, rolled back and proven", "added facade deadbeef1",
      "process upgrade", "bytes in 'x'", "for the archive", "are free", "s ms KiB",
    ] {
      #expect(try normaliser.normalised(words) == words)
    }
  }
}
