/// The session of a run in which alembic works, which the server knows by a lock that the helper takes in it.
extension MariaDBServer {
  package func end(session: String) throws {
    try endSessions {
      // The lock goes with the session, when its statement has ended and its transaction is rolled back.
      let holder = try query("SELECT COALESCE(IS_USED_LOCK(\(Self.literal(session))), '')")
      guard let id = holder.first?.first, !id.isEmpty else { return nil }
      do { try query("KILL \(id)") } catch let error as ServerError where error.code == .failed {
        // Gone meanwhile; the next look tells.
      }
      return "connection \(id)"
    }
  }
}
