internal import DurableFiles
internal import PythonSyntax
internal import Revisions

/// Where the modules of a project are: the packages that hold the scripts, and what stands beside them.
struct ProjectFiles: Sendable {
  /// Directories in which a top-level module of the project may stand, nearest first.
  private let roots: [String]
  private let files: FileSystem?

  /// No project: scripts that stand by themselves.
  static let none = ProjectFiles()

  private init() {
    roots = []
    files = nil
  }

  /// The project around a directory of scripts.
  init(around directory: String, files: FileSystem) {
    var roots: [String] = []
    var current = directory
    // What lies further up is not the project's.
    for _ in 0..<8 {
      let parent = FileSystem.directory(of: current)
      guard parent != current, parent != "/" else { break }
      roots.append(parent)
      current = parent
    }
    self.roots = roots
    self.files = files
    scripts = directory
  }

  private var scripts = ""
  /// The types that the user has named.
  var types = MappedTypes()

  /// The file of an absolute module, and whether it is a package.
  ///
  /// Only the packages that the scripts are in count, and what stands beside them outside of an installation: what else is
  /// installed on a machine must not decide what a script is.
  func file(of module: String) -> (path: String, isPackage: Bool)? {
    let parts = module.split(separator: ".").map(String.init)
    guard let first = parts.first, !first.isEmpty else { return nil }
    for root in roots {
      let isInstalled = ["site-packages", "dist-packages"].contains(FileSystem.name(of: root))
      let isAround = (scripts + "/").hasPrefix("\(root)/\(first)/")
      guard isAround || (!isInstalled && exists("\(root)/\(first)/__init__.py")) else { continue }
      let base = ([root] + parts).joined(separator: "/")
      if exists(base + "/__init__.py") { return (base + "/__init__.py", true) }
      if exists(base + ".py") { return (base + ".py", false) }
    }
    return nil
  }

  /// The file that an import of a module runs, which may also be a file by itself or in a directory without `__init__.py`.
  ///
  /// Of such a file nothing is read but what it changes: whether it is really the one depends on the path that Python searches.
  func importedFile(of module: String) -> (path: String, isPackage: Bool)? {
    if let file = file(of: module) { return file }
    let parts = module.split(separator: ".").map(String.init)
    guard let first = parts.first, StandardModule.named(first) == nil else { return nil }
    for root in roots
    where !["site-packages", "dist-packages"].contains(FileSystem.name(of: root)) {
      let path = ([root] + parts).joined(separator: "/") + ".py"
      if exists(path) { return (path, false) }
    }
    return nil
  }

  /// The file of the module that a dotted name lies in; nil if it is none of the project's.
  func nearestFile(of name: String) -> String? {
    var parts = name.split(separator: ".").map(String.init)
    while !parts.isEmpty {
      if let file = file(of: parts.joined(separator: ".")) { return file.path }
      parts.removeLast()
    }
    return nil
  }

  /// The bytes of a file; nil if it cannot be read.
  private func bytes(_ path: String) -> [UInt8]? {
    guard let files else { return nil }
    do {
      return try ReadableFile.contents(of: path, limit: 8 << 20, calls: files.calls)
    } catch {
      return nil
    }
  }

  /// The syntax tree of a file; nil if it cannot be read or is no Python.
  func tree(_ path: String) -> Module? {
    guard let bytes = bytes(path) else { return nil }
    do {
      return try Module.parse(bytes: bytes)
    } catch {
      return nil
    }
  }

  /// Whether a word stands in any Python file of the project; true where there are too many to tell.
  func mentions(_ word: String) -> Bool {
    guard let files, let top = roots.last(where: { exists($0 + "/__init__.py") }) ?? roots.first
    else {
      return true
    }
    var open = [top]
    var count = 0
    while let directory = open.popLast() {
      let names: [String]
      do { names = try files.names(in: directory) } catch { continue }
      for name in names where !name.hasPrefix(".") && !Self.ignored.contains(name) {
        let path = directory + "/" + name
        count += 1
        guard count < 20_000 else { return true }
        guard name.hasSuffix(".py") else {
          if isDirectory(path) { open.append(path) }
          continue
        }
        do {
          let bytes = try ReadableFile.contents(of: path, limit: 8 << 20, calls: files.calls)
          if String(decoding: bytes, as: UTF8.self).contains(word) { return true }
        } catch { return true }
      }
    }
    return false
  }

  /// Directories that are not the project's own.
  private static let ignored: Set<String> = [
    "node_modules", "venv", "site-packages", "__pycache__",
  ]

  private func isDirectory(_ path: String) -> Bool {
    do { return try FileStatus.ifPresent(path)?.kind == .directory } catch { return false }
  }

  private func exists(_ path: String) -> Bool {
    do { return try FileStatus.ifPresent(path)?.kind == .file } catch { return false }
  }
}
