/// How far a long piece of work is.
package struct Progress: Hashable, Sendable {
  /// What is being done, as a noun: "snapshot", "verify", "restore", "compare".
  package var activity: String
  /// How much is done, in bytes of the image.
  package var done: Int64
  /// How much there is, in bytes of the image; 0 where it cannot be measured.
  package var total: Int64

  /// Makes a report.
  ///
  /// - Parameters:
  ///   - activity: What is being done.
  ///   - done: How much is done, in bytes.
  ///   - total: How much there is, in bytes.
  package init(_ activity: String, done: Int64, total: Int64) {
    self.activity = activity
    self.done = done
    self.total = total
  }
}

extension Progress {
  /// That nothing is being done any more that anybody waits for: another program has the terminal now.
  package static let nothing = Progress("")

  /// Makes a report of work that cannot be measured: it lasts until the next report.
  ///
  /// - Parameter activity: What is being done.
  package init(_ activity: String) {
    self.init(activity, done: 0, total: 0)
  }
}

/// Told from time to time how far the work is; what it throws ends the work, and leaves everything as it was.
package typealias ProgressReport = (Progress) throws -> Void
