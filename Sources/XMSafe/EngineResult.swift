/// The result of `plan --explain-engine`: which engine an upgrade needs, and what makes it so.
public struct EngineResult: Codable, Sendable {
  /// What one script, or env.py, needs.
  public struct Part: Codable, Hashable, Sendable {
    /// The revision; nil for env.py.
    public var revision: String?
    /// The file; nil if it is not there.
    public var path: String?
    /// `native` or `alembic`.
    public var engine: String
    /// Why it needs the project's own alembic; nil if it does not.
    public var reason: String?
    /// Where in the file; nil where there is no place.
    public var location: Failure.Location?
  }

  /// The absolute path of the database.
  public var database: String
  /// The engine that `auto` takes: `native` or `alembic`.
  public var engine: String
  /// The reason, as a clause.
  public var reason: String
  /// env.py first, then the scripts of the plan, in order.
  public var parts: [Part]
}
