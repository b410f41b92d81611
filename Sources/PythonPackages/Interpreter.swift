internal import DurableFiles
internal import Processes

/// One Python, by the path that it is started with, and where its packages lie.
package struct Interpreter: Hashable, Sendable {
  /// The path of the program; a link is not followed, as a virtual environment's Python is one.
  package var path: String

  /// Names a Python.
  ///
  /// - Parameter path: The program's absolute path.
  package init(path: String) {
    self.path = path
  }

  /// The directories where packages usually lie for it, as far as its place tells: none for a shim, or where versions are beside
  /// one another and its own is not to be seen.
  ///
  /// - Returns: The directories that are there, in the order in which Python looks into them.
  /// - Throws: `FileError`.
  package func usualDirectories() throws -> [String] {
    let bin = FileSystem.directory(of: path)
    guard FileSystem.name(of: bin) == "bin" else { return [] }
    let prefix = FileSystem.directory(of: bin)
    let roots =
      prefix == "/usr" ? ["/usr/local/lib", "/usr/lib"] : [prefix + "/lib", prefix + "/lib64"]
    let version = try version(in: roots)
    var directories: [String] = []
    for root in roots {
      for name in [version, version == nil ? nil : "python3"].compactMap({ $0 }) {
        for kind in ["site-packages", "dist-packages"] {
          let directory = root + "/" + name + "/" + kind
          if try FileStatus.ifPresent(directory)?.kind == .directory {
            directories.append(directory)
          }
        }
      }
    }
    return directories
  }

  /// `python3.11`: from the name of the program that it leads to, else the only one there is.
  private func version(in roots: [String]) throws -> String? {
    guard try FileStatus.ifPresent(path) != nil else { return nil }
    let name = FileSystem.name(of: try FileSystem.realPath(path))
    if name.wholeMatch(of: /python3\.[0-9]+/) != nil { return name }
    let names = Set(
      try roots.flatMap { try FileSystem().names(in: $0) }
        .filter { $0.wholeMatch(of: /python3\.[0-9]+/) != nil }
    )
    return names.count == 1 ? names.first : nil
  }

  /// Asks the interpreter itself where a package is, without importing it.
  ///
  /// - Parameters:
  ///   - package: The package's name, without dots.
  ///   - environment: The environment variables.
  /// - Returns: Its directories; none if it does not have it, or gives no answer.
  /// - Throws: `Stopped`.
  package func directories(of package: String, environment: [String: String]) throws -> [String] {
    // The finder of a package's specification does not execute the package. The working directory is no place of the project's.
    let script = """
      import importlib.util, os, sys
      sys.path = [p for p in sys.path if p]
      s = importlib.util.find_spec(sys.argv[1])
      for p in (s and s.submodule_search_locations) or []:
        sys.stdout.buffer.write(os.fsencode(p) + b"\\0")
      """
    var program = Program(path, ["-c", script, package], environment: environment)
    program.errors = .piped
    let result: ChildProcess.Result
    do {
      result = try ChildProcess.run(program, until: .now + .seconds(20), capturing: 1 << 20)
    } catch is ProcessError {
      return []
    }
    guard result.ending.isSuccess else { return [] }
    return result.output.text.split(separator: "\0").map(String.init)
  }
}
