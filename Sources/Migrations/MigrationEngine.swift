/// What runs the scripts of an upgrade.
package enum MigrationEngine: Sendable {
  /// xm-safe itself, in one transaction on the database.
  case native
  /// The project's own alembic, on a copy that is then published.
  case alembic(AlembicProject)

  /// Whether the scripts run in Python.
  package var isAlembic: Bool {
    if case .alembic = self { true } else { false }
  }
}
