/// The advisory lock that keeps other runs of xm-safe off a database, on whatever machine they are.
///
/// The server gives it back when the connection ends, so it is never stale
/// (https://www.postgresql.org/docs/15/explicit-locking.html#ADVISORY-LOCKS). Its numbers count within the one database.
final class PostgresHold: ServerHold {
  /// "xm-safe" as a number: the lock's name.
  static let key: Int64 = 0x786d_2d73_6166_65
  private let session: PostgresSession
  private let client: ServerClient
  let identity: String

  init(_ client: ServerClient, database: String? = nil) throws {
    self.client = client
    session = try PostgresSession(client, database: database)
    identity = try session.value("SELECT pg_backend_pid()") ?? "0"
    guard try session.value("SELECT pg_try_advisory_lock(\(Self.key))") == "t" else {
      let holder = try session.value(
        """
        SELECT 'process ' || a.pid || ' from ' || coalesce(host(a.client_addr), 'a socket') || ', since ' ||
          to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND l.classid = \(Self.key >> 32) AND l.objid = \(Self.key & 0xffff_ffff) LIMIT 1
        """
      )
      session.close()
      throw ServerError(
        .locked,
        "another xm-safe works on \(client.shown): \(holder ?? "it has just ended")",
        hint: "run the same command again when it has ended"
      )
    }
    if database == nil { client.holder = identity }
  }

  private static let held =
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = \(key >> 32) AND objid = \(key & 0xffff_ffff) AND pid = "

  /// Makes sure in another session, of the same database, that this run still has the lock that it works under, if it does.
  static func check(_ client: ServerClient, in session: PostgresSession) throws {
    guard let own = client.holder else { return }
    guard try session.value(held + own) == "1" else {
      throw ServerError.lostLock(client, holder: nil)
    }
  }

  func others(but application: String) throws -> [String]? {
    // What everybody may see of everybody's sessions: https://www.postgresql.org/docs/15/monitoring-stats.html
    try session.query(
      """
      SELECT 'process ' || pid || ' of ' || coalesce(usename, '?') || CASE application_name WHEN '' THEN '' ELSE ' (' || application_name || ')' END
      FROM pg_stat_activity WHERE datname = current_database() AND usesysid IS NOT NULL
      AND coalesce(application_name, '') NOT IN ('\(ServerClient.application)', \(PostgresSession.literal(application)))
      AND pid <> pg_backend_pid() ORDER BY pid
      """
    ).compactMap { $0.first ?? nil }
  }

  func check() throws {
    // Only the connection that has the lock can answer.
    guard try session.value(Self.held + "pg_backend_pid()") == "1" else {
      throw ServerError.lostLock(client, holder: nil)
    }
  }

  deinit { session.close() }

  func release() {
    if client.holder == identity { client.holder = nil }
    session.close()
  }
}

extension PostgresServer {
  package func hold() throws -> any ServerHold { try PostgresHold(client) }
}
