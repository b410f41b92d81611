internal import PythonSyntax

/// The project's own modules, read as scripts when something of them is used.
final class ProjectModules {
  /// The exceptions that scripts and modules define.
  let exceptions = ExceptionClasses()
  private let project: ProjectFiles
  private let context: MigrationContext?
  private var evaluators: [String: Evaluator] = [:]
  /// How many imports are being followed one through the other.
  private var depth = 0

  init(_ project: ProjectFiles, _ context: MigrationContext?) {
    self.project = project
    self.context = context
  }

  /// The files of which something was used.
  var files: Set<String> { Set(evaluators.keys) }

  /// What the user says of a type, or of a module that leads to one.
  func mapped(_ name: String) -> PythonValue? { project.types.value(name) }

  /// The module that `import a.b` names; nil if it is not the project's.
  func module(_ name: String, from evaluator: Evaluator) -> PythonValue? {
    guard let file = project.file(of: name) else { return nil }
    return .object(ModuleObject(name, file.path, self))
  }

  /// Whether an import leads to a module of the project.
  func has(_ place: LazyImport, from evaluator: Evaluator) -> Bool {
    guard let name = absoluteName(place, from: evaluator) else { return false }
    return project.file(of: name) != nil || project.file(of: "\(name).\(place.name)") != nil
  }

  /// What `from module import name` gives.
  func value(of place: LazyImport, from evaluator: Evaluator) -> PythonValue {
    // Two modules may import one name from each other.
    guard depth < 50, let name = absoluteName(place, from: evaluator) else {
      return .unread(place.refusal)
    }
    depth += 1
    defer { depth -= 1 }
    if let file = project.file(of: name),
      let value = loaded(name, file.path)?.exported(place.name)
    {
      return value
    }
    if let file = project.file(of: "\(name).\(place.name)") {
      return .object(ModuleObject("\(name).\(place.name)", file.path, self))
    }
    return .unread(place.refusal)
  }

  /// The dotted name that an import means; a relative one is relative to the module that it stands in.
  private func absoluteName(_ place: LazyImport, from evaluator: Evaluator) -> String? {
    guard place.level > 0 else { return place.module }
    // alembic runs a script without a package: there is nothing that it could be relative to.
    guard let own = evaluator.moduleName else { return nil }
    let isPackage = evaluator.path.hasSuffix("/__init__.py")
    var parts = own.split(separator: ".").map(String.init)
    let up = place.level - (isPackage ? 1 : 0)
    guard up <= parts.count else { return nil }
    parts.removeLast(up)
    if let module = place.module { parts += module.split(separator: ".").map(String.init) }
    return parts.isEmpty ? nil : parts.joined(separator: ".")
  }

  /// A module with its top level run; nil if it cannot be read.
  func loaded(_ name: String, _ path: String) -> Evaluator? {
    if let known = evaluators[path] { return known }
    guard evaluators.count < 500, let tree = project.tree(path) else { return nil }
    let evaluator = Evaluator(path: path, module: tree, context: context, modules: self)
    evaluator.moduleName = name
    evaluator.globals.values["__name__"] = .string(name)
    // Known before it is run: modules may import each other.
    evaluators[path] = evaluator
    evaluator.loadModule(isLenient: true)
    return evaluator
  }

  /// The submodule of a package.
  func submodule(_ name: String, of module: String) -> PythonValue? {
    guard let file = project.file(of: "\(module).\(name)") else { return nil }
    return .object(ModuleObject("\(module).\(name)", file.path, self))
  }
}

/// A module of the project; it is read when something of it is used.
final class ModuleObject: PythonObject {
  private let name: String
  private let path: String
  private let modules: ProjectModules

  init(_ name: String, _ path: String, _ modules: ProjectModules) {
    self.name = name
    self.path = path
    self.modules = modules
  }

  var typeName: String { "module '\(name)'" }

  func attribute(_ name: String) -> PythonValue? {
    if let value = modules.loaded(self.name, path)?.exported(name) { return value }
    return modules.submodule(name, of: self.name)
  }
}

/// A name to be imported, and why it is not read if it is not.
struct LazyImport {
  var module: String?
  var level: Int
  var name: String
  var refusal: ScriptError
}

/// An imported name that is looked up when it is used: modules of an application import far more than a script needs.
final class BoundImport: PythonObject {
  private let place: LazyImport
  private let evaluator: Evaluator

  init(_ place: LazyImport, _ evaluator: Evaluator) {
    self.place = place
    self.evaluator = evaluator
  }

  var typeName: String { place.name }
  func attribute(_ name: String) -> PythonValue? { nil }

  /// What it stands for.
  var value: PythonValue { evaluator.modules.value(of: place, from: evaluator) }
}

extension Evaluator {
  /// What the module gives to others under a name; nil if it has none.
  ///
  /// A module that changes SQLAlchemy, or that does what cannot be read to it, gives nothing.
  func exported(_ name: String) -> PythonValue? {
    if let refusal = moduleRefusal { return .unread(refusal) }
    guard let value = globals.values[name] else { return nil }
    if altersSQLAlchemy, case .function = value {
      return .unread(
        notRead(
          "a function of a module that changes what SQLAlchemy does is not read",
          at: SourcePosition(line: 1, column: 1)
        )
      )
    }
    if case .object(let object as BoundImport) = value { return object.value }
    return value
  }
}
