internal import DurableFiles
internal import SQLite

/// Whether an error means that there was no room, whoever met it: we, or SQLite, which names only some of them SQLITE_FULL.
extension Error {
  /// Whether there was no room: a full disk, a used up quota, or a file size limit.
  package var isOutOfSpace: Bool {
    if let error = self as? FileError { return error.isOutOfSpace }
    guard let error = self as? SQLiteError else { return false }
    return error.code == .full || FileError("write", "", code: error.systemCode).isOutOfSpace
  }
}
