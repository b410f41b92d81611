package import DurableFiles
internal import PythonSyntax
package import Revisions

/// A directory of migration scripts: every file read, the graph linked, ready to be planned on.
package struct ScriptDirectory: Sendable {
  /// The graph of all scripts.
  package let graph: RevisionGraph
  private let scripts: [String: Script]
  private let environment: String?
  private let hooks = KnownHooks()
  private let checks = KnownChecks()

  /// Reads all scripts of some versions directories.
  ///
  /// Which names count is alembic's rule: they end in `.py` and do not begin with `.#` or `__init__`; sorted by name. A file
  /// that is reached twice counts once.
  ///
  /// - Parameters:
  ///   - directories: The versions directories; one that is not there is empty, as for alembic.
  ///   - environment: The directory of env.py, which may give names to constraints; nil if there is none.
  ///   - isRecursive: Whether the directories below them count too.
  ///   - mayBeEmpty: Whether a directory without scripts is fine.
  ///   - types: What types of other packages are on SQLite.
  ///   - files: The file system to use.
  /// - Throws: `ScriptError`, `RevisionError`, each with its place.
  package init(
    versions directories: [String],
    environment: String? = nil,
    isRecursive: Bool = false,
    mayBeEmpty: Bool = false,
    types: MappedTypes = MappedTypes(),
    files: FileSystem = FileSystem()
  ) throws {
    self.environment = environment
    let metadata = environment.map { TargetMetadata(directory: $0, files: files) }
    var scripts: [Script] = []
    var seen: Set<String> = []
    for directory in directories where try FileStatus.ifPresent(directory) != nil {
      var project = ProjectFiles(around: directory, files: files)
      project.types = types
      let found = try Self.paths(in: FileSystem.realPath(directory), isRecursive, files)
      for path in found where seen.insert(path).inserted {
        let bytes: [UInt8]
        do {
          bytes = try ReadableFile.contents(of: path, limit: 8 << 20, calls: files.calls)
        } catch {
          throw ScriptError(.unreadable, error.description, hint: "every script must be readable")
        }
        var script = try Script(path: path, bytes: bytes, project: project)
        script.metadata = metadata
        scripts.append(script)
      }
    }
    guard mayBeEmpty || !scripts.isEmpty else {
      throw ScriptError(
        .configuration,
        "there are no migration scripts in \(directories.map(\.shownAsPath).joined(separator: ", "))",
        hint: "name the directory that holds 'versions' with --scripts, or the ini file with -c"
      )
    }
    graph = try RevisionGraph(scripts.map(\.revision))
    self.scripts = Dictionary(scripts.map { ($0.revision.id, $0) }) { first, _ in first }
  }

  /// The scripts of a directory in alembic's order: its own by name, then those of each directory below it.
  private static func paths(
    in directory: String,
    _ isRecursive: Bool,
    _ files: FileSystem
  ) throws -> [String] {
    var paths: [String] = []
    var below: [String] = []
    for name in try files.names(in: directory) {
      let path = directory + "/" + name
      let isScript = isScriptName(name)
      guard isRecursive || isScript else { continue }
      // A link to a directory is not followed, one to a script is.
      switch try FileStatus.ifPresent(path, followingLinks: false)?.kind {
      case .directory? where name != "__pycache__": below.append(path)
      case .symbolicLink? where isScript: paths.append(try FileSystem.realPath(path))
      case .directory?, .symbolicLink?, nil: continue
      default: if isScript { paths.append(path) }
      }
    }
    guard isRecursive else { return paths }
    for path in below { paths += try self.paths(in: path, isRecursive, files) }
    return paths
  }

  /// The script of a revision.
  ///
  /// - Parameter id: The whole id.
  /// - Returns: The script; nil if there is none.
  package func script(of id: String) -> Script? { scripts[id] }

  /// Refuses the first construct of a plan's scripts that the native engine does not know, before anything is run.
  ///
  /// - Parameter plan: The plan.
  /// - Throws: `ScriptError` with its place.
  package func check(_ plan: Plan) throws(ScriptError) {
    guard let function = plan.direction.function else { return }
    let hooks = hooks.value(scripts.values, environment: environment)
    for step in plan.steps {
      guard let script = scripts[step.revision.id] else { continue }
      try hooks.check(script, using: try checks.check(function, of: script))
      // What a table is made of has names by the project's convention.
      if let metadata = script.metadata, !metadata.isFound,
        script.module.body.contains(where: \.mentionsCreateTable)
      {
        _ = try metadata.convention()
      }
    }
  }

  /// The first construct of a revision's script that the native engine does not know.
  ///
  /// - Parameters:
  ///   - id: The whole id.
  ///   - direction: Which way it is run.
  /// - Returns: What it is; nil if it knows all of it, as far as can be told from the text.
  package func refusal(of id: String, in direction: Plan.Direction) -> ScriptError? {
    guard let script = scripts[id], let function = direction.function else { return nil }
    do throws(ScriptError) {
      let used = try checks.check(function, of: script)
      try hooks.value(scripts.values, environment: environment).check(script, using: used)
      return nil
    } catch {
      return error
    }
  }

  private static func isScriptName(_ name: String) -> Bool {
    name.hasSuffix(".py") && !name.hasPrefix(".#") && !name.hasPrefix("__init__")
  }
}
