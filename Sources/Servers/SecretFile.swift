internal import DurableFiles

/// A file with a password for one client program, readable by its owner alone, and gone with this object.
///
/// A password in an argument or a variable can be read by others (`ps`, `/proc`). A killed run leaves the file to the next one's
/// sweep, as all that is unfinished in a store.
final class SecretFile {
  private let file: DurableFile

  /// Writes the file.
  ///
  /// - Parameters:
  ///   - content: What is in it.
  ///   - directory: Where it is: a directory that only its owner can read.
  ///   - files: The file system to use.
  /// - Throws: `FileError`.
  init(_ content: String, in directory: String, files: FileSystem) throws(FileError) {
    file = try DurableFile(creating: directory + "/client", files: files)
    try file.append(Array(content.utf8))
  }

  /// Its path.
  var path: String { file.temporaryPath }
}
