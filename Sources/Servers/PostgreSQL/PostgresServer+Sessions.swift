/// The sessions of a run, which the server knows by the name of their application.
extension PostgresServer {
  package func end(session name: String) throws {
    let session = try PostgresSession(client)
    defer { session.close() }
    try endSessions {
      let left = try session.query(
        // Of another role, as which env.py may have connected, they can only be waited for.
        """
        SELECT pid::text, CASE WHEN usename = current_user THEN pg_terminate_backend(pid) END
        FROM pg_stat_activity WHERE application_name = \(PostgresSession.literal(name))
        """
      )
      return left.first?.first.flatMap(\.self).map { "process \($0)" }
    }
  }
}
