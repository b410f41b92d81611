/// Writing files that others read as well: scripts and configuration.
extension FileSystem {
  /// Creates a directory with those above it that are missing, as the umask lets.
  ///
  /// - Parameter path: The directory.
  /// - Returns: The directories that were made, from the top.
  /// - Throws: `FileError`.
  package func makeDirectories(_ path: String) throws(FileError) -> [String] {
    guard try FileStatus.ifPresent(path) == nil else {
      try makeDirectory(path, isPrivate: false)
      return []
    }
    let above = Self.directory(of: path)
    var made: [String] = []
    if above != path, above != "." { made = try makeDirectories(above) }
    try makeDirectory(path, isPrivate: false)
    return made + [path]
  }

  /// Writes a file that is not there yet, durably and as the umask lets.
  ///
  /// - Parameters:
  ///   - text: The content.
  ///   - path: The file.
  /// - Throws: `FileError`; EEXIST if the file is there. `NotDurable` if it has its name, and a power cut may take it.
  package func writeNew(_ text: String, to path: String) throws {
    let file = try DurableFile(creating: path, isPrivate: false, files: self)
    try file.append(Array(text.utf8))
    try file.publish()
  }
}
