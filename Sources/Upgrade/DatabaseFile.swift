package import DurableFiles
package import SQLite
internal import Snapshots

/// What is wrong with the file that is named as the database, in words.
package enum DatabaseFile {
  /// Refuses what SQLite must not open: no regular file, or one beside which the log of another database lies.
  ///
  /// - Parameters:
  ///   - status: What the system says of it.
  ///   - path: Its path.
  /// - Throws: `UpgradeFailure`; `FileError`.
  package static func check(_ status: FileStatus, path: String) throws {
    try checkKind(status, path: path)
    guard let reason = try foreignLog(path) else { return }
    throw UpgradeFailure(
      .refused,
      reason,
      state: UpgradeFailure.untouched,
      next:
        "move the log away, or bring back the file that it belongs to, then run the same command again; 'xm-safe restore ID' puts a snapshot in their place and keeps both aside"
    )
  }

  /// Why the log beside a database cannot be its own; nil if it may be, or cannot be looked at.
  ///
  /// - Parameter path: The database.
  /// - Returns: The reason, as one sentence.
  /// - Throws: `UpgradeFailure`; `FileError`.
  package static func foreignLog(_ path: String) throws -> String? {
    do {
      return try ForeignLog.reason(beside: path)
    } catch let error as FileError where error.isNotPermitted {
      // SQLite cannot read it either, and says so.
      return nil
    } catch let error as SQLiteError {
      throw failure(error, path: path)
    }
  }

  /// Refuses what is not a regular file, without opening it: opening a pipe would wait for ever.
  ///
  /// - Parameters:
  ///   - status: What the system says of it.
  ///   - path: Its path.
  /// - Throws: `UpgradeFailure`.
  package static func checkKind(_ status: FileStatus, path: String) throws {
    guard status.kind == .file else {
      throw UpgradeFailure(
        .noSuchDatabase,
        "\(path.shownAsPath) is \(status.kind.rawValue), not a database",
        state: UpgradeFailure.untouched,
        next: "name the database file with --db"
      )
    }
  }

  /// An error of SQLite from before anything was written, in words.
  ///
  /// - Parameters:
  ///   - error: What SQLite said.
  ///   - path: The database.
  /// - Returns: The failure.
  package static func failure(_ error: SQLiteError, path: String) -> UpgradeFailure {
    let shown = path.shownAsPath
    switch error.code {
    case _ where error.isOutOfSpace:
      return UpgradeFailure(
        .outOfSpace,
        "the disk of \(shown) is full",
        state: UpgradeFailure.untouched,
        next: "make room, then run the same command again",
        cause: error
      )
    case .busy, .locked, .protocol:
      return UpgradeFailure(
        .locked,
        "\(shown) is locked\(after(error)): \(LockHolders.clause(path))",
        state: UpgradeFailure.untouched,
        next:
          "stop that process, or run the same command again with --wait 5m to wait longer",
        cause: error
      )
    case .interrupt:
      return UpgradeFailure(
        .refused,
        "\(shown) was not read to the end",
        state: UpgradeFailure.untouched,
        next: "run the same command again",
        cause: error
      )
    case .notADatabase:
      return UpgradeFailure(
        .noSuchDatabase,
        "\(shown) is not an SQLite database, or it is encrypted",
        state: UpgradeFailure.untouched,
        next: "name the database file with --db",
        cause: error
      )
    case .readOnly:
      return UpgradeFailure(
        .refused,
        "\(shown) is read-only, or its directory is",
        state: UpgradeFailure.untouched,
        next: "make the file and its directory writable for this user",
        cause: error
      )
    case .corrupt:
      return UpgradeFailure(
        .refused,
        "\(shown) is damaged: \(error.message)",
        state: UpgradeFailure.untouched,
        next: "'xm-safe list' shows the snapshots that 'xm-safe restore' can put back",
        cause: error
      )
    case .inputOutput:
      return UpgradeFailure(
        .inputOutput,
        "the disk of \(shown) does not work: \(error)",
        state: UpgradeFailure.untouched,
        next:
          "look at the system's log; 'xm-safe snapshot --store DIR' saves the database to another disk",
        cause: error
      )
    case .cannotOpen:
      let reason = FileError("open", path, code: error.systemCode)
      return UpgradeFailure(
        reason.isNotPermitted ? .refused : .noSuchDatabase,
        "\(shown) cannot be opened: \(error.systemCode == 0 ? error.message : reason.reason)",
        state: UpgradeFailure.untouched,
        next: reason.isNotPermitted
          ? "make the file and its directory accessible to this user, or run the command as its owner"
          : "check the path and the permissions of the file and its directory",
        cause: error
      )
    default:
      return UpgradeFailure(
        .refused,
        "\(shown) cannot be read: \(error)",
        state: UpgradeFailure.untouched,
        next: "'sqlite3 FILE \"PRAGMA integrity_check\"' tells more",
        cause: error
      )
    }
  }

  /// How long a lock was waited for, as a clause.
  static func after(_ error: SQLiteError) -> String {
    guard let waited = error.waited, waited > .zero else { return "" }
    return " (waited \(waited.shownInSeconds))"
  }
}
