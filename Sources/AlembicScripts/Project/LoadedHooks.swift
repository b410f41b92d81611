internal import PythonSyntax
internal import Revisions
internal import Schema
internal import Synchronization

/// What the modules that the scripts of a directory import change in SQLAlchemy, for every script of it.
///
/// alembic imports all scripts before it runs one, and a module may tell SQLAlchemy to write a type or an expression in its
/// own way (`@compiles`). The project's modules are looked through for that; of other packages only those that are known here.
struct LoadedHooks: Sendable {
  private struct Hook: Sendable {
    /// What it changes.
    var target: String
    /// Scripts that mention one of these may come out differently; nil for all.
    var names: Set<String>?
    var place: Revision.Location
  }

  private var hooks: [Hook] = []

  /// Packages that change a type of SQLAlchemy for SQLite when they are imported.
  private static let known = ["sqlalchemy_continuum": "BigInteger"]
  /// What makes expressions and statements of SQLAlchemy.
  private static let core: Set<String> = [
    "select", "insert", "update", "delete", "where", "and_", "or_", "not_", "case", "column",
    "table", "Table", "func",
  ]
  private static let limit = 2000

  /// Follows the imports of scripts.
  init(of scripts: some Collection<Script>) {
    guard let project = scripts.first?.project else { return }
    var seen: Set<String> = []
    var open: [(path: String, isPackage: Bool, module: String)] = []
    func follow(_ module: String) {
      // Importing a module runs the packages that it is in first.
      let parts = module.split(separator: ".").map(String.init)
      for count in parts.indices.map({ $0 + 1 }) {
        let name = parts.prefix(count).joined(separator: ".")
        guard seen.count < Self.limit, seen.insert(name).inserted else { continue }
        if let file = project.file(of: name) { open.append((file.path, file.isPackage, name)) }
      }
    }
    func take(_ lines: ImportLines, _ path: String, _ package: [String]) {
      for item in lines.imports {
        let module = Self.absolute(item.module, in: package)
        if let first = module.split(separator: ".").first.map(String.init),
          let type = Self.known[first]
        {
          let place = Revision.Location(path: path, line: 1, column: 1)
          hooks.append(Hook(target: type, names: [type], place: place))
        }
        follow(module)
        for name in item.names where name != "*" { follow("\(module).\(name)") }
      }
    }
    for script in scripts {
      take(ImportLines(script.module), script.path, [])
      takeHooks(of: script)
    }
    while let file = open.popLast() {
      guard let bytes = project.bytes(file.path) else { continue }
      let lines = ImportLines(bytes)
      let parts = file.module.split(separator: ".").map(String.init)
      take(lines, file.path, file.isPackage ? parts : parts.dropLast())
      for compiled in lines.compiled {
        guard let hook = Self.hook(compiled.arguments, lines) else { continue }
        let place = Revision.Location(path: file.path, line: compiled.line, column: 1)
        hooks.append(Hook(target: hook.target, names: hook.names, place: place))
      }
    }
  }

  /// Takes what a script itself changes: it is refused for that, and the others must not come out differently either.
  private mutating func takeHooks(of script: Script) {
    let statements = script.module.body.filter { $0.hookIntoSQLAlchemy == "@compiles" }
    guard !statements.isEmpty else { return }
    let evaluator = ScriptCheck(script).evaluator
    guard evaluator.moduleRefusal != nil else { return }
    for statement in statements {
      for compiled in statement.compiledForSQLite where !evaluator.isOwn(compiled) {
        guard let name = compiled.lastPart else { continue }
        let isNarrow = ColumnType.names.contains(name)
        hooks.append(
          Hook(
            target: name,
            names: isNarrow ? [name] : Self.expressions.contains(name) ? Self.core : nil,
            place: evaluator.location(statement.position)
          )
        )
      }
    }
  }

  /// The name of a module that may be relative to a package.
  private static func absolute(_ module: String, in package: [String]) -> String {
    let dots = module.prefix { $0 == "." }.count
    guard dots > 0 else { return module }
    let base = package.dropLast(min(dots - 1, package.count))
    let rest = module.dropFirst(dots)
    return (base + (rest.isEmpty ? [] : [String(rest)])).joined(separator: ".")
  }

  /// What `@compiles(arguments)` changes of SQLAlchemy on SQLite; nil if nothing.
  private static func hook(
    _ arguments: String,
    _ lines: ImportLines
  ) -> (target: String, names: Set<String>?)? {
    let parts = arguments.split(separator: ",").map { part in
      String(part.filter { !$0.isWhitespace && $0 != "'" && $0 != "\"" })
    }
    guard let target = parts.first else { return nil }
    let dialects = parts.dropFirst().filter { !$0.isEmpty }
    guard dialects.isEmpty || dialects.contains("sqlite") else { return nil }
    let root = String(target.prefix { $0 != "." })
    // A class of the project is the project's own business: nothing else is written by it.
    guard
      let origin = lines.imports.last(where: { $0.bound.contains(root) })?.module,
      origin.hasPrefix("sqlalchemy")
    else { return nil }
    let name = String(target.split(separator: ".").last ?? "")
    if ColumnType.names.contains(name) || target.contains("functions.") { return (name, [name]) }
    return (name, expressions.contains(name) ? core : nil)
  }

  /// Classes that no DDL is made of.
  private static let expressions: Set<String> = [
    "BinaryExpression", "UnaryExpression", "BooleanClauseList", "Select", "Insert", "Update",
    "Delete", "Case", "Cast", "Over",
  ]

  /// Refuses a script that may come out differently.
  func check(_ script: Script) throws(ScriptError) {
    for hook in hooks {
      let position = hook.names.map { names in script.module.position(ofAny: names) }
      // Without names it is everything.
      if case .some(.none) = position { continue }
      let place = (position ?? nil) ?? SourcePosition(line: 1, column: 1)
      throw ScriptError.notRead(
        "'\(hook.target)' is not what SQLAlchemy makes of it, as @compiles in a module that the scripts import changes it (\(hook.place.path), line \(hook.place.line)); that is not read",
        at: Revision.Location(path: script.path, line: place.line, column: place.column)
      )
    }
  }
}

/// The hooks of a directory, looked for once, and only when they are asked for.
final class KnownHooks: Sendable {
  private let known = Mutex<LoadedHooks?>(nil)

  func value(_ scripts: some Collection<Script>) -> LoadedHooks {
    known.withLock { known in
      let hooks = known ?? LoadedHooks(of: scripts)
      known = hooks
      return hooks
    }
  }
}

extension Module {
  /// Where one of these names or attributes stands first, at any depth.
  fileprivate func position(ofAny names: Set<String>) -> SourcePosition? {
    for statement in body {
      if let position = statement.position(ofAny: names) { return position }
    }
    return nil
  }
}

extension Statement {
  fileprivate func position(ofAny names: Set<String>) -> SourcePosition? {
    for expression in childExpressions {
      if let position = expression.position(ofAny: names) { return position }
    }
    for statement in childStatements {
      if let position = statement.position(ofAny: names) { return position }
    }
    return nil
  }
}

extension Expression {
  fileprivate func position(ofAny names: Set<String>) -> SourcePosition? {
    switch kind {
    case .name(let name) where names.contains(name): return position
    case .attribute(_, let name) where names.contains(name): return position
    default: break
    }
    for child in children {
      if let position = child.position(ofAny: names) { return position }
    }
    return nil
  }
}
