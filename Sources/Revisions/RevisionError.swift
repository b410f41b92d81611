/// What is wrong with a directory of revisions, a target, or the rows of the version table.
package struct RevisionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of mistakes.
  package enum Code: Hashable, Sendable {
    /// Two scripts have the same id.
    case duplicateRevision
    /// A parent or a dependency is not there.
    case missingRevision
    /// Revisions come after each other in a circle.
    case cycle
    /// An id or a label cannot be one, or a label is used twice.
    case badName
    /// A target or a row of the version table names no revision.
    case unknownRevision
    /// A name could be several revisions.
    case ambiguous
    /// One head is asked for, and there are several.
    case multipleHeads
    /// Steps are counted where more than one revision comes next.
    case ambiguousWalk
    /// Steps are counted past the end.
    case walkedTooFar
    /// A target that cannot be reached from where the database is.
    case notATarget
    /// Revisions that cannot be asked for together.
    case overlap
  }

  /// The kind.
  package var code: Code
  /// What is wrong, in alembic's words where it has some.
  package var message: String
  /// Where it is written; nil for targets and rows.
  package var location: Revision.Location?
  /// What to do about it.
  package var hint: String

  /// Makes an error of its parts.
  package init(_ code: Code, _ message: String, at location: Revision.Location? = nil, hint: String)
  {
    self.code = code
    self.message = message
    self.location = location
    self.hint = hint
  }

  /// The message.
  package var description: String { message }
}
