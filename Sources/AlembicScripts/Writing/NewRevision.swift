package import Revisions

/// What a user says of a revision that is to be written.
package struct NewRevision: Hashable, Sendable {
  /// Its id.
  package var id: String
  /// Its message; nil for none.
  package var message: String?
  /// What it comes after, as targets; `head` by default, `base` for a new root.
  package var heads: [String] = ["head"]
  /// Whether it may come after a revision that is no head.
  package var splices = false
  /// The labels of the branch that begins with it.
  package var branchLabels: [String] = []
  /// What else must be applied before it: revisions or labels.
  package var dependsOn: [String] = []
  /// The versions directory, absolute; nil for that of what it comes after.
  package var versionPath: String?

  /// Makes a new revision.
  ///
  /// - Parameters:
  ///   - id: Its id.
  ///   - message: Its message; nil for none.
  package init(id: String, message: String? = nil) {
    self.id = id
    self.message = message
  }
}

/// The file of a new revision, decided and not yet written.
package struct RevisionFile: Hashable, Sendable {
  /// Its absolute path.
  package var path: String
  /// Its content.
  package var text: String
  /// The revision that it is.
  package var revision: Revision
}
