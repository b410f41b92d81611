internal import DurableFiles
internal import Processes
internal import Synchronization

/// The Pythons that a user's shell has, and the packages in them: found by looking, and by asking only where looking does not tell.
///
/// Nothing of a package is executed: XManager's imports take seconds, and fail where a cloud library is missing.
package struct PythonEnvironment: Sendable {
  /// A package that was found.
  package struct Package: Hashable, Sendable {
    /// Its directory.
    package var directory: String
    /// Whose it is; nil for one on `PYTHONPATH` or a path of the project.
    package var interpreter: Interpreter?
  }

  private let environment: [String: String]
  private let workingDirectory: String
  private let named: String?
  private let answers = Answers()

  /// What Pythons were asked already: starting one takes longer than all the rest.
  private final class Answers: Sendable {
    let known = Mutex<[Interpreter: [String: [String]]]>([:])
  }

  /// Describes where to look.
  ///
  /// - Parameters:
  ///   - environment: The environment variables.
  ///   - workingDirectory: What relative paths are relative to.
  ///   - named: The Python that the user has named; nil for those of the environment.
  package init(environment: [String: String], workingDirectory: String, named: String? = nil) {
    self.environment = environment
    self.workingDirectory = workingDirectory
    self.named = named
  }

  /// The Pythons, the likeliest first: the one that is named, or those of the active virtual environment, of the programs
  /// `xmanager` and `alembic` on PATH, and `python3` and `python` on PATH.
  ///
  /// - Returns: The ones that are there, each once.
  /// - Throws: `FileError`.
  package func interpreters() throws -> [Interpreter] {
    if let named {
      return [Interpreter(path: named.contains("/") ? absolute(named) : try find(named) ?? named)]
    }
    var paths: [String] = []
    for variable in ["VIRTUAL_ENV", "CONDA_PREFIX"] {
      guard let prefix = environment[variable], !prefix.isEmpty else { continue }
      paths += ["python", "python3"].map { absolute(prefix) + "/bin/" + $0 }
    }
    for program in ["xmanager", "alembic"] {
      if let script = try find(program), let python = try python(ofScript: script) {
        paths.append(python)
      }
    }
    paths += try ["python3", "python"].compactMap(find)
    var seen: Set<String> = []
    return try paths.filter { path in
      guard try FileStatus.ifPresent(path)?.kind == .file else { return false }
      // Two names in one directory are one Python; one program in two directories may be two environments.
      return seen.insert(FileSystem.directory(of: path)).inserted
    }
    .map { Interpreter(path: $0) }
  }

  /// Finds a package as Python would, without importing it.
  ///
  /// - Parameters:
  ///   - name: The package's name, with dots for what lies inside it.
  ///   - first: Directories to look into before all others, as the project's `prepend_sys_path` names them.
  /// - Returns: Its place; nil if no Python has it.
  /// - Throws: `FileError`, `Stopped`.
  package func package(_ name: String, prepending first: [String] = []) throws -> Package? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let top = parts.first, !parts.contains(""), !name.contains("/") else { return nil }
    let inside = parts.dropFirst().map { "/" + $0 }.joined()
    func found(_ directory: String) throws -> Bool {
      try FileStatus.ifPresent(directory + inside)?.kind == .directory
    }
    let paths = (environment["PYTHONPATH"] ?? "").split(separator: ":").map(String.init)
    for path in first + paths {
      let directory = absolute(path) + "/" + top
      if try found(directory) { return Package(directory: directory + inside, interpreter: nil) }
    }
    let interpreters = try interpreters()
    for interpreter in interpreters {
      for path in try interpreter.usualDirectories() where try found(path + "/" + top) {
        return Package(directory: path + "/" + top + inside, interpreter: interpreter)
      }
      for directory in try directories(of: top, in: interpreter) where try found(directory) {
        return Package(directory: directory + inside, interpreter: interpreter)
      }
    }
    return nil
  }

  private func directories(of package: String, in interpreter: Interpreter) throws -> [String] {
    if let known = answers.known.withLock({ $0[interpreter]?[package] }) { return known }
    let found = try interpreter.directories(of: package, environment: environment)
    answers.known.withLock { $0[interpreter, default: [:]][package] = found }
    return found
  }

  /// The Python of a script that pip has installed: its first line, or what the line after `#!/bin/sh` executes where the path is long.
  private func python(ofScript path: String) throws -> String? {
    let file: ReadableFile
    do {
      file = try ReadableFile(opening: path)
    } catch {
      // A program that can be executed and not read is no script of pip's.
      return nil
    }
    guard let bytes = try file.read(Int(min(file.size, 1024)), at: 0) else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self)
      .split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
    guard let first = lines.first, first.hasPrefix("#!") else { return nil }
    let words = first.dropFirst(2).split(separator: " ")
    if words.first == "/bin/sh", lines.count > 1 {
      // '''exec' /long/path/python "$0" "$@"
      let parts = lines[1].split(separator: " ")
      guard parts.count > 1, parts[0] == "'''exec'" else { return nil }
      let quoted = parts[1].filter { $0 != "\"" }
      return quoted.hasPrefix("/") ? String(quoted) : nil
    }
    guard let program = words.first, words.count == 1,
      FileSystem.name(of: String(program)).hasPrefix("python")
    else { return nil }
    return String(program)
  }

  /// A program on PATH; where a shim of pyenv is first there, the program that it leads to.
  private func find(_ program: String) throws -> String? {
    var directories = environment["PATH"] ?? ""
    while true {
      let found = Program.find(program, on: directories, from: workingDirectory).map(absolute)
      guard let found, let shim = try PyenvShim.recognised(found) else { return found }
      switch try shim.target(environment, workingDirectory) {
      case .program(let path): return path
      case .unknown: return found
      case .system:
        let own = FileSystem.directory(of: found)
        let others = directories.split(separator: ":", omittingEmptySubsequences: false)
          .filter { absolute(String($0)) != own && $0 != own + "/" }
        let rest = others.joined(separator: ":")
        // A directory of another spelling is still there.
        guard rest != directories else { return found }
        directories = rest
      }
    }
  }

  private func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : workingDirectory + "/" + path
  }
}
