internal import Synchronization

/// What a command has put back before it did its own work, because an earlier run had not: whoever says what state the database is
/// in says that too.
final class PutBackFirst: Sendable {
  private let snapshot = Mutex<String?>(nil)

  /// Notes that a snapshot was put back.
  func note(_ id: String) {
    snapshot.withLock { $0 = id }
  }

  /// The sentence about the state of the database, with what came before.
  func completing(_ state: String) -> String {
    guard let id = snapshot.withLock(\.self) else { return state }
    return "snapshot \(id) was put back first, which an earlier run had left undone; then \(state)"
  }
}

extension Safeguard {
  /// Completes what is said of the state of the database by what was put back first, on behalf of an earlier run.
  ///
  /// - Parameter state: The sentence about the command itself.
  /// - Returns: The sentence; the same if nothing was put back.
  package func completing(state: String) -> String { putBackFirst.completing(state) }
}
