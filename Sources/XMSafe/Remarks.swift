internal import Synchronization

/// What a command has remarked on already: finding or reading the same database again is no reason to say the same again.
final class Remarks: Sendable {
  private let made = Mutex<Set<String>>([])

  /// Whether a remark was not made yet; from now on it was.
  func isNew(_ remark: String) -> Bool {
    made.withLock { $0.insert(remark).inserted }
  }
}
