internal import DurableFiles
internal import Processes

/// A shim of pyenv: a shell script of a program's name that looks up which version is meant, and takes longer for it than Python to start.
///
/// Where it leads is told here by pyenv's own rules (its README, "Understanding Python version selection"); what these do not tell is
/// left to the shim.
struct PyenvShim {
  /// Where a shim leads.
  enum Target: Hashable {
    /// To this program.
    case program(String)
    /// To whatever is on PATH behind pyenv's own directory.
    case system
    /// Only the shim itself can tell.
    case unknown
  }

  /// pyenv's own directory.
  let root: String
  /// The program's name.
  let name: String

  /// Recognises a shim by its place.
  ///
  /// - Parameter path: The absolute path of a program.
  /// - Returns: The shim; nil if it is none.
  /// - Throws: `FileError`.
  static func recognised(_ path: String) throws -> PyenvShim? {
    let directory = FileSystem.directory(of: path)
    let root = FileSystem.directory(of: directory)
    guard FileSystem.name(of: directory) == "shims",
      try FileStatus.ifPresent(root + "/versions")?.kind == .directory
    else { return nil }
    return PyenvShim(root: root, name: FileSystem.name(of: path))
  }

  /// Finds out where it leads.
  ///
  /// - Parameters:
  ///   - environment: The environment variables.
  ///   - workingDirectory: Where the program would be started.
  /// - Returns: Where it leads.
  /// - Throws: `FileError`.
  func target(
    _ environment: [String: String],
    _ workingDirectory: String
  ) throws -> Target {
    let versions = try versions(environment, workingDirectory)
    guard !versions.isEmpty else { return .system }
    for version in versions {
      if version == "system" { return .system }
      // The beginning of a version, which stands for its latest one, is the shim's to find.
      guard !version.contains("/"), try isDirectory("\(root)/versions/\(version)") else {
        return .unknown
      }
      let program = "\(root)/versions/\(version)/bin/\(name)"
      if Program.isExecutable(program) { return .program(program) }
    }
    return .unknown
  }

  /// The versions that are chosen, the likeliest first; none if nobody has chosen.
  private func versions(
    _ environment: [String: String],
    _ workingDirectory: String
  ) throws -> [String] {
    if let chosen = environment["PYENV_VERSION"], !chosen.isEmpty {
      return chosen.split(separator: ":").map(String.init)
    }
    var directory = workingDirectory
    while true {
      if let found = try words(of: (directory == "/" ? "" : directory) + "/.python-version") {
        return found
      }
      guard directory != "/", directory.hasPrefix("/") else { break }
      directory = FileSystem.directory(of: directory)
    }
    return try words(of: root + "/version") ?? []
  }

  /// The words of a file of versions; nil if there is no such file, or nothing in it.
  private func words(of path: String) throws -> [String]? {
    guard try FileStatus.ifPresent(path)?.kind == .file else { return nil }
    guard let bytes = try contents(of: path) else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    let words = lines.flatMap { line in
      line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
    }
    return words.isEmpty ? nil : words
  }

  /// The bytes of a file; nil if this user may not read it, or it is gone.
  private func contents(of path: String) throws -> [UInt8]? {
    do {
      return try ReadableFile.contents(of: path, limit: 1 << 16)
    } catch {
      guard error.isNotPermitted || error.isNotFound else { throw error }
      return nil
    }
  }

  private func isDirectory(_ path: String) throws -> Bool {
    try FileStatus.ifPresent(path)?.kind == .directory
  }
}
