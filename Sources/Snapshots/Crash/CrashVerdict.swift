/// How a run that was killed has left its database: decided from its note and from what is found, without looking itself.
package enum CrashVerdict: Hashable, Sendable {
  /// Exactly as before the run.
  case before
  /// The upgrade has not taken effect, and other programs have written since.
  case beforeAndWrittenSince
  /// What the run was to make of it.
  case after
  /// Neither: other programs have changed it since, and it is where its version table says.
  case changedSince
  /// There is no file any more.
  case gone
  /// Exactly what a failed run had left when its snapshot was to be put back: that is finished now.
  case unresolved
  /// What a failed run has left, perhaps with what others have written since: somebody has to decide.
  case interrupted

  /// Whether the note of the run has done its work.
  package var isSettled: Bool { self != .unresolved && self != .interrupted }

  /// What is found in the place of the database.
  package enum Found: Hashable, Sendable {
    /// A database, after SQLite has replayed its journals.
    case database(Content)
    /// A file that is no sound database, with the SHA-256 of its bytes.
    case file(String)
    /// No file.
    case nothing
  }

  /// What a database holds.
  package struct Content: Hashable, Sendable {
    /// Whether it is what the snapshot from before holds.
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
    if case .database(let content) = found, content.equalsBefore {
      self = .before
    } else if note.phase == .restoring {
      let isTheWreck: Bool =
        switch (note.wreck, found) {
        case (.content(let sha256), .database(let content)): content.sha256 == sha256
        case (.file(let sha256), .file(let now)): now == sha256
        case (.nothing, .nothing): true
        default: false
        }
      self = isTheWreck ? .unresolved : .interrupted
    } else if note.work == .command {
      // Not even a command that has moved the version need have got to its end.
      self = .interrupted
    } else if case .database(let content) = found {
      self.init(note, content)
    } else {
      self = found == .nothing ? .gone : .changedSince
    }
  }

  private init(_ note: CrashNote, _ content: Content) {
    switch note.work {
    case .restore:
      // The version says nothing of whether a copy was committed.
      self = content.sha256 == note.after.sha256 ? .after : .changedSince
    case .upgrade, .command:
      // What scripts make of the rows cannot be known beforehand; the version row moves in the same transaction.
      if note.before?.revisions != note.after.revisions,
        content.revisions == note.after.revisions
      {
        self = .after
      } else {
        self =
          content.revisions == note.before?.revisions ? .beforeAndWrittenSince : .changedSince
      }
    }
  }
}
