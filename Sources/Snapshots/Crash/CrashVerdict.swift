/// How a run that was killed has left its database: decided from its note and from what is found, without looking itself.
package enum CrashVerdict: Hashable, Sendable {
  /// Exactly as before the run.
  case before
  /// As before, except for what other programs have written since.
  case beforeAndWrittenSince
  /// What the run was to make of it.
  case after
  /// Neither: other programs have changed it since, and it is where its version table says.
  case changedSince
  /// Neither, and the run itself may be why: the snapshot from before has to be restored.
  case unresolved
  /// A command was guarded, and whether it got to its end cannot be told: somebody has to decide.
  case interrupted

  /// Whether the note of the run has done its work.
  package var isSettled: Bool { self != .unresolved && self != .interrupted }

  /// What is found in the database, after SQLite has replayed its journals.
  package struct Found: Hashable, Sendable {
    /// Whether its content is that of the snapshot from before.
    package var equalsBefore: Bool
    /// Its digest, as in a manifest's `contentSHA256`.
    package var sha256: String
    /// The rows of its version table.
    package var revisions: [String]

    /// Makes a record of its parts.
    package init(equalsBefore: Bool, sha256: String, revisions: [String]) {
      self.equalsBefore = equalsBefore
      self.sha256 = sha256
      self.revisions = revisions
    }
  }

  /// Decides.
  ///
  /// - Parameters:
  ///   - note: What the run wrote down.
  ///   - found: What is there now.
  package init(_ note: CrashNote, found: Found) {
    let isAfter: Bool =
      switch note.work {
      case .restore: found.sha256 == note.after.sha256
      // What scripts make of the rows cannot be known beforehand; the version row moves in the same transaction.
      case .upgrade:
        note.before?.revisions != note.after.revisions
          && found.revisions == note.after.revisions
      // Not even a command that has moved the version need have got to its end.
      case .command: false
      }
    if found.equalsBefore {
      self = .before
    } else if isAfter {
      self = .after
    } else if note.phase == .restoring {
      self = .unresolved
    } else if note.work == .command {
      self = .interrupted
    } else if found.revisions == note.before?.revisions {
      self = .beforeAndWrittenSince
    } else {
      self = .changedSince
    }
  }
}
