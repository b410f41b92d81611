#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// A file in memory that holds an input, for readers that want a path.
enum InputFile {
  private static let directory: String = {
    var template = Array("/dev/shm/xm-safe-fuzz-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { fatalError("there is no directory for inputs") }
    atexit { InputFile.remove() }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }()

  private static let names = ["input", "alembic.ini", "env.py"]

  /// Writes an input to a file.
  ///
  /// - Returns: The path of the file.
  static func write(_ input: [UInt8], name: String = "input") -> String {
    precondition(names.contains(name))
    let path = directory + "/" + name
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    precondition(descriptor >= 0 && Glibc.write(descriptor, input, input.count) == input.count)
    close(descriptor)
    return path
  }

  private static func remove() {
    for name in names { unlink(directory + "/" + name) }
    rmdir(directory)
  }
}
