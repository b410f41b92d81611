/// A run in which alembic does something else than is planned: other revisions, another version table, another end.
struct UnexpectedRun: Error, Hashable, CustomStringConvertible {
  /// One sentence.
  var description: String
}
