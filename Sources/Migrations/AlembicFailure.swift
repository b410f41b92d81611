internal import AlembicHelper
package import Revisions

/// Why a run of the project's own alembic failed, in one sentence.
package struct AlembicFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What happened.
  package var description: String
  /// Where in a script or in env.py; nil where there is no place.
  package var location: Revision.Location?
  /// What to do; nil for the usual: correct the cause.
  package var hint: String?
  /// Whether nothing of the project has run yet.
  package var isRefusal = false

  init(_ description: String, hint: String? = nil, isRefusal: Bool = false) {
    self.description = description
    self.hint = hint
    self.isRefusal = isRefusal
  }

  init(_ error: HelperError) {
    self.init(error.description, hint: error.hint, isRefusal: error.isBeforeAnything)
  }

  init(_ failure: HelperEvent.Failure) {
    let error = failure.error.isEmpty ? "an error without a message" : failure.error
    description = failure.code.map { "\($0): \(error)" } ?? error
    hint = failure.code.flatMap { Self.hints[$0] }
    if let path = failure.path, let line = failure.line {
      location = Revision.Location(path: path, line: line, column: 1)
    }
  }

  /// What to do about each hazard.
  private static let hints = [
    "other_database":
      "name the database that env.py connects to with --db, or correct the URL that env.py uses",
    "old_alembic": "install a newer alembic in the project's Python",
    "attach_self": "a script must not attach the database that it upgrades: correct it",
    "unguarded_connection":
      "the project must open the database through Python's own sqlite3 module: correct it",
    "database_file_replaced":
      "a script must change the database by SQL, and not its file: correct it",
    "direct_file_write": "a script must change the database by SQL, and not its file: correct it",
    "unfinished":
      "the script or env.py ends before alembic does, or hides an error: correct it",
  ]
}
