internal import PythonSyntax

/// The files that Python runs when it imports the scripts of a directory and its env.py: these themselves, and what of the project
/// they import, one through the other.
struct ImportedModules {
  /// One file.
  struct File {
    var path: String
    var module: Module
    /// The package that its relative imports are relative to.
    var package: [String]
    var role: ModuleEffects.Role
    /// The absolute names of the modules that it imports, and of the names out of them, which may be modules too.
    var imports: [String]
  }

  private(set) var files: [File] = []
  /// Whether these are all of them.
  private(set) var isWhole = true

  private static let limit = 2000

  /// Follows the imports of scripts and of env.py.
  ///
  /// - Parameters:
  ///   - scripts: The scripts.
  ///   - environment: The tree of env.py and its path; nil if there is none, or none that can be read.
  ///   - project: Where the modules are.
  init(
    of scripts: some Sequence<Script>,
    environment: (path: String, module: Module)?,
    in project: ProjectFiles
  ) {
    var seen: Set<String> = []
    var open: [(path: String, isPackage: Bool, module: String)] = []
    func take(_ path: String, _ tree: Module, _ package: [String], _ role: ModuleEffects.Role) {
      let imports = Self.imports(of: tree.body, in: package, isModule: role == .module)
      files.append(
        File(path: path, module: tree, package: package, role: role, imports: imports)
      )
      for name in imports {
        // Importing a module runs the packages that it is in first.
        let parts = name.split(separator: ".").map(String.init)
        for count in parts.indices.map({ $0 + 1 }) {
          let name = parts.prefix(count).joined(separator: ".")
          guard seen.insert(name).inserted else { continue }
          if let file = project.importedFile(of: name) {
            open.append((file.path, file.isPackage, name))
          }
        }
      }
    }
    for script in scripts { take(script.path, script.module, [], .script) }
    if let environment { take(environment.path, environment.module, [], .environment) }
    var paths = Set(files.map(\.path))
    while let file = open.popLast() {
      guard files.count < Self.limit else {
        isWhole = false
        break
      }
      guard paths.insert(file.path).inserted, let tree = project.tree(file.path) else { continue }
      let parts = file.module.split(separator: ".").map(String.init)
      take(file.path, tree, file.isPackage ? parts : parts.dropLast(), .module)
    }
  }

  /// What is imported by statements and those below them; the functions of a module are left out, as they are not run.
  private static func imports(
    of statements: [Statement],
    in package: [String],
    isModule: Bool
  ) -> [String] {
    var names: [String] = []
    for statement in statements {
      switch statement.kind {
      case .import(let imported): names += imported.map(\.name)
      case .importFrom(let module, let imported, let level):
        let dots = String(repeating: ".", count: level)
        let base = ImportedNames.absolute(dots + (module ?? ""), in: package)
        names.append(base)
        names += imported.filter { $0.name != "*" }.map { "\(base).\($0.name)" }
      case .functionDefinition where isModule: continue
      default: names += imports(of: statement.importedStatements, in: package, isModule: isModule)
      }
    }
    return names
  }
}
