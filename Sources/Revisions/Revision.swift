/// One migration script as the graph sees it: its id, its parents, and where they are written.
package struct Revision: Hashable, Sendable {
  /// A place in a file.
  package struct Location: Hashable, Sendable {
    /// The file's path.
    package var path: String
    /// The line, from 1.
    package var line: Int
    /// The column, from 1.
    package var column: Int

    /// Makes a location.
    package init(path: String, line: Int, column: Int) {
      self.path = path
      self.line = line
      self.column = column
    }
  }

  /// The revision's id.
  package var id: String
  /// The revisions that it comes directly after (`down_revision`); none for a base.
  package var downRevisions: [String]
  /// Ids or labels of revisions that must be applied before it (`depends_on`).
  package var dependsOn: [String]
  /// The names of the branch that begins here (`branch_labels`).
  package var branchLabels: [String]
  /// The text of the docstring before the first empty line; alembic's log shows it.
  package var message: String
  /// The whole docstring, without the blanks around it.
  package var documentation: String
  /// Where the id is written.
  package var location: Location
  /// Where the parents are written.
  package var parentsLocation: Location

  /// Makes a revision of its parts.
  package init(
    id: String,
    downRevisions: [String],
    dependsOn: [String] = [],
    branchLabels: [String] = [],
    message: String = "",
    documentation: String = "",
    location: Location,
    parentsLocation: Location? = nil
  ) {
    self.id = id
    self.downRevisions = downRevisions
    self.dependsOn = dependsOn
    self.branchLabels = branchLabels
    self.message = message
    self.documentation = documentation
    self.location = location
    self.parentsLocation = parentsLocation ?? location
  }
}
