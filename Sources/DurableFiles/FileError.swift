#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What went wrong with a file: the operation, the path, and the system's own error number.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was being done, as a verb phrase: "open", "sync the directory".
  package var operation: String
  /// The path it was done to.
  package var path: String
  /// The system's error number (`errno`).
  package var code: Int32

  /// Makes an error of the failed operation.
  ///
  /// - Parameters:
  ///   - operation: The verb phrase that completes "cannot ...".
  ///   - path: The path it was done to.
  ///   - code: The system's error number.
  package init(_ operation: String, _ path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// One sentence: what could not be done, to which file, and the system's reason.
  package var description: String {
    "cannot \(operation) \(path.shownAsPath): \(reason)"
  }

  /// The system's words for the error number.
  package var reason: String {
    String(cString: strerror(code))
  }

  /// Whether the file or a directory on the way to it does not exist.
  package var isNotFound: Bool { code == ENOENT || code == ENOTDIR }

  /// Whether the name that was to be given is somebody's already.
  package var isNameTaken: Bool { code == EEXIST }

  /// Whether it is not a regular file: a pipe, a device, a directory, a link that is not followed.
  package var isNotRegular: Bool {
    code == EINVAL || code == EISDIR || code == ELOOP || code == ENXIO
  }

  /// Whether this user may not do it, or nobody may.
  package var isNotPermitted: Bool { code == EACCES || code == EPERM || code == EROFS }

  /// Whether there was no room: a full disk, a used up quota, or a file size limit.
  package var isOutOfSpace: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }
}
