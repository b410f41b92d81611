/// A pair of alembic and SQLAlchemy that projects really use: the oldest and the newest.
public enum AlembicStack: String, Sendable, CaseIterable, CustomStringConvertible {
  case oldest = "alembic 1.4.3 with SQLAlchemy 1.2.19"
  case newest = "alembic 1.20.1 with SQLAlchemy 2.1.9"

  /// The Python that has it.
  public var python: String {
    switch self {
    case .oldest: Workshop.oldestPython
    case .newest: Workshop.python
    }
  }

  /// Its command `alembic`.
  public var alembic: String { python.replacing("/bin/python", with: "/bin/alembic") }

  /// The versions.
  public var description: String { rawValue }
}
