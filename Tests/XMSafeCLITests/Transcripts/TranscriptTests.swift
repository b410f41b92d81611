import Foundation
import TestKit
import Testing
import XMSafe

/// What a user sees when something goes wrong, word for word.
///
/// `RECORD_GOLDEN=1` writes the files anew, and fails.
@Suite struct TranscriptTests {
  static let directory = Workshop.root + "/Tests/Fixtures/Transcripts"

  @Test(arguments: TranscriptCase.all)
  func `a failure says what happened, how the database is, and what to do next`(
    _ one: TranscriptCase
  ) throws {
    let stage = try Stage()
    try one.play(stage)
    for scene in stage.scenes { try expectAnswers(scene, one) }
    #expect(stage.scenes.contains { $0.outcome.status != 0 } || one.name.hasPrefix("killed-"))
    let transcript = try stage.transcript(one.about)
    let path = "\(Self.directory)/\(one.name).txt"
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil {
      try Data(transcript.utf8).write(to: URL(fileURLWithPath: path))
      Issue.record("recorded \(path); run again without RECORD_GOLDEN")
      return
    }
    #expect(transcript == (try String(contentsOfFile: path, encoding: .utf8)))
  }

  /// The three answers, and that they are true and made for people.
  private func expectAnswers(_ scene: Stage.Scene, _ one: TranscriptCase) throws {
    let (outcome, errors) = (scene.outcome, scene.outcome.errors)
    #expect(ExitStatus(rawValue: outcome.status) != nil, "\(outcome)")
    if outcome.status != 0 {
      let lines = errors.split(separator: "\n").suffix(3)
      for (line, beginning) in zip(lines, ["xm-safe: ", "  state: ", "  next:  "]) {
        #expect(line.hasPrefix(beginning) && line.count > beginning.count + 5, "\(outcome)")
      }
      #expect(lines.count == 3, "\(outcome)")
    }
    if one.keepsDatabase { #expect(scene.before == scene.after, "\(outcome)") }
    for text in [outcome.output, errors] {
      let controls = text.unicodeScalars.filter { scalar in
        (scalar.value < 0x20 && scalar != "\n" && scalar != "\t") || (0x7f...0x9f ~= scalar.value)
      }
      #expect(controls.isEmpty, "\(outcome)")
      for noise in Self.noise { #expect(!text.contains(noise), "\(noise) in \(outcome)") }
    }
  }

  /// What a value of Swift or a tool below looks like when nobody has put it into words.
  static let noise = [
    "Error Domain", "NSError", "Optional(", "SQLiteError", "FileError", "SnapshotError",
    "ArchiveError", "ScriptError", "UpgradeFailure", "rawValue", "code:", "XMSafe.", "Swift.",
    "Fatal error", "Traceback", "\\n", "[]", "nil",
  ]

  /// The commands whose failures are told by tests of their own only, so far.
  static let stillWithout: Set = ["downgrade", "stamp", "branches", "revision", "merge", "init"]

  @Test func `there are more than forty, of every command`() throws {
    let names = TranscriptCase.all.map(\.name)
    #expect(names.count >= 40)
    #expect(Set(names).count == names.count)
    // What is kept is what is played.
    let kept = try FileManager.default.contentsOfDirectory(atPath: Self.directory).sorted()
    #expect(kept == names.map { $0 + ".txt" }.sorted())
    let files = try kept.map {
      try String(contentsOfFile: "\(Self.directory)/\($0)", encoding: .utf8)
    }
    let verbs = try Workshop.xmSafe(["--help"]).output
      .matches(of: #/\n  ([a-z]+) {6,}/#).map { String($0.1) }
    #expect(verbs.count > 15)
    for verb in verbs where !Self.stillWithout.contains(verb) {
      #expect(files.contains { $0.contains("$ xm-safe \(verb)") }, "no transcript of \(verb)")
    }
  }
}
