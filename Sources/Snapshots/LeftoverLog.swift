internal import DurableFiles

/// A `-wal` or `-journal` that lies where a new database is to be made: SQLite would replay it into the new one.
package enum LeftoverLog {
  /// Refuses to make a database beside such a file.
  ///
  /// - Parameter database: The path of the new database.
  /// - Throws: `SnapshotError` with `.refused`; `FileError`.
  package static func refuse(beside database: String) throws {
    for suffix in ["-wal", "-journal"] where try FileStatus.ifPresent(database + suffix) != nil {
      throw SnapshotError(
        .refused,
        "\((database + suffix).shownAsPath) is left from a database that was here, and would be replayed into the new one",
        hint: "bring that database back, or move the file away"
      )
    }
  }
}
