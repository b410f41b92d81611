internal import DurableFiles
internal import Snapshots

/// What is true of a database after a snapshot could not be put back as it should.
package enum PutBack {
  /// What the database is like, where an error of the restorer says more than that nothing was done.
  ///
  /// - Parameter error: What the restorer threw.
  /// - Returns: The state, as a clause; nil if the database is what it was before the restorer began.
  package static func state(after error: any Error) -> String? {
    switch error {
    case let error as SnapshotError where error.code == .notDurable || error.code == .notAsRestored:
      error.message
    case let error as NotDurable:
      "the snapshot is in its place, and a power cut now may take it: \(error)"
    default: nil
    }
  }
}
