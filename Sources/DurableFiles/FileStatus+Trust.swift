#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// Who may have written a file.
extension FileStatus {
  /// Whether only this user and the system's administrator may change it.
  ///
  /// A group of one's own, with the user's number, is nobody else.
  package var isTrustworthy: Bool {
    let isOwn = owner == getuid() || owner == 0
    let othersMayWrite = mode & 0o002 != 0 || (mode & 0o020 != 0 && group != owner)
    return isOwn && !othersMayWrite
  }
}
