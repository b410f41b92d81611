import TestKit
import Testing

/// One thing that goes wrong, and what a user sees of it.
struct TranscriptCase: CustomTestStringConvertible, Sendable {
  /// The name of the golden file.
  var name: String
  /// What is wrong, for the reader of the file.
  var about: String
  /// Whether the database is the same before and after each command; what a command says of it is not believed.
  var keepsDatabase = true
  /// Sets the stage, and plays.
  var play: @Sendable (Stage) throws -> Void

  var testDescription: String { name }

  init(
    _ name: String,
    _ about: String,
    keepsDatabase: Bool = true,
    _ play: @escaping @Sendable (Stage) throws -> Void
  ) {
    self.name = name
    self.about = about
    self.keepsDatabase = keepsDatabase
    self.play = play
  }

  /// All of them.
  static let all =
    scripts + revisions + verbs + databases + places + room + stopped + snapshots + archives
    + restores + stores + guarded + usage
}
