internal import AlembicScripts
internal import DurableFiles
internal import Migrations
internal import SQLite

/// Whether an error means that there was no room, whoever met it: we, or SQLite, which names only some of them SQLITE_FULL.
extension Error {
  /// What was thrown first, without what was said around it on the way.
  package var rootCause: any Error {
    switch self {
    case let error as MigrationRunner.Failure: error.cause.rootCause
    case let error as ActionFailure: error.cause.rootCause
    case let error as SavepointFailure: error.cause.rootCause
    case let error as NotDurable: error.cause.rootCause
    default: self
    }
  }

  /// Whether there was no room: a full disk, a used up quota, or a file size limit.
  package var isOutOfSpace: Bool {
    let cause = rootCause
    if let error = cause as? FileError { return error.isOutOfSpace }
    guard let error = cause as? SQLiteError else { return false }
    return error.code == .full || FileError("write", "", code: error.systemCode).isOutOfSpace
  }
}
