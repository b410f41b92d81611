/// The sessions of a run in which the project works, which the server knows by locks that the helper takes in them.
extension MariaDBServer {
  /// How many connections besides alembic's own are known; more than a pool opens.
  private static let slots = 64

  package func end(session: String) throws {
    try endSessions {
      // A lock goes with its session, when the statement has ended and the transaction is rolled back.
      let names = [session] + (1...Self.slots).map { "\(session)-\($0)" }
      let holders = names.map { "SELECT IS_USED_LOCK(\(Self.literal($0))) AS id" }
      let found = try query(
        "SELECT id FROM (\(holders.joined(separator: " UNION "))) AS holders WHERE id IS NOT NULL"
      ).compactMap(\.first)
      guard !found.isEmpty else { return nil }
      let left = try found.map { id in
        do { try query("KILL \(id)") } catch let error as ServerError where error.code == .failed {
          // Gone meanwhile, which the next look tells, or another user's.
          if error.message.contains("ERROR 1095 ") {
            return "connection \(id), which is another user's: an administrator may KILL it"
          }
        }
        return "connection \(id)"
      }
      return left.joined(separator: "; ")
    }
  }
}
