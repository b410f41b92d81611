#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// The user's home directory, as Python's `os.path.expanduser` and other programs find it.
package enum HomeDirectory {
  /// `HOME`, else what the system's list of users says.
  ///
  /// - Parameter environment: The environment variables.
  /// - Returns: The path; nil if neither tells.
  package static func path(_ environment: [String: String]) -> String? {
    if let home = environment["HOME"] { return home }
    guard let entry = getpwuid(getuid()), let home = entry.pointee.pw_dir else { return nil }
    return String(cString: home)
  }
}
