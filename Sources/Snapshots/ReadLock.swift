internal import DurableFiles
package import SQLite

/// The read transaction that the pages are taken in, and the time for which it keeps writers waiting.
///
/// In rollback mode nobody can commit while somebody reads (https://www.sqlite.org/lockingv3.html#writing), so it is timed, and
/// given up when a writer has waited for too long. In WAL mode "readers do not block writers"
/// (https://www.sqlite.org/wal.html), and there is nothing to time.
package final class ReadLock {
  /// How long others were kept from committing; nothing in WAL mode.
  package struct Hold: Hashable, Sendable {
    /// How long nobody could have committed.
    package var held = Duration.zero
    /// How long of that a writer was seen that had begun; never seen by a caller who is the writer himself.
    package var waited = Duration.zero

    /// Makes a hold of nobody.
    package init() {}

    /// The longer of each, for work that holds a lock more than once.
    ///
    /// - Parameter other: Another hold.
    /// - Returns: How long each was at most.
    package func longest(_ other: Hold) -> Hold {
      var longest = self
      longest.held = max(held, other.held)
      longest.waited = max(waited, other.waited)
      return longest
    }
  }

  private let source: Connection
  private let patience: Duration?
  private let blocksWriters: Bool
  private let began: ContinuousClock.Instant
  private var writing: ContinuousClock.Instant?

  /// What it has cost others so far.
  private(set) package var hold = Hold()

  /// Begins the read transaction.
  ///
  /// - Parameters:
  ///   - source: The database.
  ///   - patience: How long a writer may be kept waiting; nil for as long as it takes, which is right for a caller that holds
  ///     the write lock himself.
  /// - Throws: `SQLiteError`; `isBusy` if a writer kept us waiting for longer than the busy timeout.
  package init(on source: Connection, patience: Duration?) throws(SQLiteError) {
    self.source = source
    self.patience = patience
    try source.beginReading()
    began = .now
    blocksWriters = try source.journalMode() != "wal"
  }

  /// Looks whether a writer waits, and gives up when it has waited for too long.
  ///
  /// - Throws: `SnapshotError` with `.locked`; `SQLiteError`.
  package func check() throws {
    guard blocksWriters, let patience else { return }
    guard try source.isBeingWritten() else {
      writing = nil
      return
    }
    let since = writing ?? .now
    writing = since
    hold.waited = max(hold.waited, .now - since)
    guard hold.waited > patience else { return }
    throw SnapshotError(
      .locked,
      "a program that writes to \(source.path.shownAsPath) has waited for \(Self.shown(hold.waited)), because a database that is not in WAL mode cannot be written while it is read; the snapshot was given up",
      hint:
        "run the same command again when less is written, or let writers wait longer with --busy-timeout; in WAL mode nobody waits"
    )
  }

  /// Ends the transaction: writers go on.
  ///
  /// - Throws: `SQLiteError`.
  package func release() throws(SQLiteError) {
    try source.rollback()
    guard blocksWriters else { return }
    hold.held = .now - began
    if let writing { hold.waited = max(hold.waited, .now - writing) }
  }

  /// A time for people: `2.3 s`.
  ///
  /// - Parameter duration: The time.
  /// - Returns: The seconds, with one digit after the point.
  package static func shown(_ duration: Duration) -> String {
    let tenths =
      (duration.components.seconds * 10)
      + duration.components.attoseconds / 100_000_000_000_000_000
    return "\(tenths / 10).\(tenths % 10) s"
  }
}
