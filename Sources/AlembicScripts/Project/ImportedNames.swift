internal import PythonSyntax

/// What the names of a module stand for that it imports from others.
struct ImportedNames {
  private var origins: [String: String] = [:]
  /// Modules of which everything is imported.
  private var wholes: [String] = []
  /// Names of the module's own, which no star can mean.
  private var own: Set<String> = []

  /// Takes the imports of a module at any depth, and the names that it gives to what it imports.
  ///
  /// - Parameters:
  ///   - module: Its tree.
  ///   - package: The package that relative imports are relative to.
  init(of module: Module, in package: [String]) {
    take(module.body, package)
  }

  private mutating func take(_ statements: [Statement], _ package: [String]) {
    for statement in statements {
      switch statement.kind {
      case .import(let names):
        for name in names {
          origins[name.asName ?? name.firstPart] = name.asName == nil ? name.firstPart : name.name
        }
      case .importFrom(let module, let names, let level):
        let dots = String(repeating: ".", count: level)
        let base = Self.absolute(dots + (module ?? ""), in: package)
        for name in names {
          if name.name == "*" {
            wholes.append(base)
          } else {
            origins[name.asName ?? name.name] = base.isEmpty ? name.name : "\(base).\(name.name)"
          }
        }
      case .assign(let targets, let value):
        guard value.isDotted, let origin = absolute(value) else {
          own.formUnion(statement.boundNames)
          break
        }
        for name in targets.flatMap(\.targetNames) where origins[name] == nil {
          origins[name] = origin
        }
      default:
        own.formUnion(statement.boundNames)
        take(statement.childStatements, package)
      }
    }
  }

  /// The names inside a function: its parameters and what it binds hide what is imported outside.
  func inside(_ function: FunctionDefinition) -> ImportedNames {
    var names = self
    let bound = function.parameters.all.map(\.name) + function.body.flatMap(\.valueNames)
    for name in bound { names.origins[name] = nil }
    names.own.formUnion(bound)
    return names
  }

  /// The absolute dotted name of what an expression leads to; nil if it begins with nothing that was imported.
  func absolute(_ expression: Expression) -> String? {
    switch expression.kind {
    case .name(let name):
      origins[name] ?? (own.contains(name) ? nil : wholes.last.map { "\($0).\(name)" })
    case .attribute(let value, let name): absolute(value).map { "\($0).\(name)" }
    case .subscript(let value, _): absolute(value)
    // What a function of a library makes is not the library's.
    case .call(let value, _): absolute(value).flatMap { Self.isLibrary($0) ? nil : $0 }
    default: nil
    }
  }

  /// Whether an expression leads to something that the module itself makes.
  func isOwn(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .name(let name): own.contains(name) && origins[name] == nil
    case .attribute(let value, _), .subscript(let value, _), .call(let value, _): isOwn(value)
    default: false
    }
  }

  /// The name of a module that may be relative to a package.
  static func absolute(_ module: String, in package: [String]) -> String {
    let dots = module.prefix { $0 == "." }.count
    guard dots > 0 else { return module }
    let base = package.dropLast(min(dots - 1, package.count))
    let rest = module.dropFirst(dots)
    return (base + (rest.isEmpty ? [] : [String(rest)])).joined(separator: ".")
  }

  /// Whether it is something of a library that scripts are read with.
  static func isLibrary(_ name: String) -> Bool {
    let first = name.prefix { $0 != "." }
    return ["sqlalchemy", "alembic", "sqlmodel"].contains(first)
      || StandardModule.named(String(first)) != nil
  }

  /// Whether no migration on SQLite comes out differently by a change to it.
  static func isOfNoConcern(_ name: String) -> Bool {
    for prefix in harmless where name == prefix || name.hasPrefix(prefix + ".") { return true }
    let dialects = "sqlalchemy.dialects."
    return name.hasPrefix(dialects) && name != dialects + "sqlite"
      && !name.hasPrefix(dialects + "sqlite.")
  }

  /// What alembic's other commands need, loggers, and what says something to readers and type checkers only.
  private static let harmless = [
    // Conventions for names are looked at elsewhere.
    "sqlmodel.SQLModel.metadata", "alembic.context", "alembic.autogenerate", "alembic.config",
    "alembic.command", "logging",
    "warnings", "typing", "typing_extensions", "collections",
  ]
}

extension Statement {
  /// The names that it binds, and the statements below it, by anything but an import.
  fileprivate var valueNames: [String] {
    switch kind {
    case .import, .importFrom, .global: []
    case .functionDefinition, .classDefinition: boundNames
    default: boundNames + childStatements.flatMap(\.valueNames)
    }
  }
}

extension Expression {
  /// Whether it is a name with or without attributes.
  fileprivate var isDotted: Bool {
    switch kind {
    case .name: true
    case .attribute(let value, _): value.isDotted
    default: false
    }
  }
}
