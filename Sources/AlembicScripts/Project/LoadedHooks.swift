internal import PythonSyntax
internal import Revisions
internal import Schema
internal import Synchronization

/// What the modules that the scripts of a directory and its env.py import change in SQLAlchemy, and in each other.
///
/// alembic imports all scripts before it runs one, and a module may tell SQLAlchemy to write a type or an expression in its
/// own way (`@compiles`), or put something else in the place of what it has. The project's modules are looked through for
/// that; of other packages only those that are known here.
struct LoadedHooks: Sendable {
  private struct Hook: Sendable {
    /// What it changes.
    var target: String
    /// How it does that, as words behind "as".
    var deed: String
    /// Scripts that mention one of these may come out differently; nil for all.
    var names: Set<String>?
    var place: Revision.Location
  }

  private var hooks: [Hook] = []
  /// The files of modules that others change, by their paths.
  private var changed: [String: Hook] = [:]

  /// Packages that change a type of SQLAlchemy for SQLite when they are imported.
  private static let known = ["sqlalchemy_continuum": "BigInteger"]
  /// What makes expressions and statements of SQLAlchemy.
  private static let core: Set<String> = [
    "select", "insert", "update", "delete", "where", "and_", "or_", "not_", "case", "column",
    "table", "Table", "func",
  ]

  /// Follows the imports of scripts, and of the env.py beside them.
  ///
  /// - Parameters:
  ///   - scripts: The scripts.
  ///   - environment: The directory of env.py; nil if there is none.
  init(of scripts: some Collection<Script>, environment: String?) {
    guard let project = scripts.first?.project else { return }
    let path = environment.map { $0 + "/env.py" }
    let tree = path.flatMap { project.tree($0) }
    let modules = ImportedModules(
      of: scripts,
      environment: path.flatMap { path in tree.map { (path, $0) } },
      in: project
    )
    if !modules.isWhole, let first = modules.files.first {
      hooks.append(
        Hook(
          target: "sqlalchemy",
          deed: "perhaps one of the modules changes it that are not looked through, being too many",
          place: Revision.Location(path: first.path, line: 1, column: 1)
        )
      )
    }
    for file in modules.files {
      for name in file.imports {
        guard let type = Self.known[String(name.prefix { $0 != "." })] else { continue }
        let place = Revision.Location(path: file.path, line: 1, column: 1)
        hooks.append(
          Hook(target: type, deed: Self.compiles, names: [type], place: place)
        )
      }
      takeCompiled(in: file)
      for effect in ModuleEffects(of: file.module, in: file.package, as: file.role).effects {
        let place = Revision.Location(
          path: file.path,
          line: effect.position.line,
          column: effect.position.column
        )
        let hook = Hook(target: effect.target, deed: effect.deed, names: nil, place: place)
        if ImportedNames.isLibrary(effect.target) {
          hooks.append(hook)
        } else if let other = project.nearestFile(of: effect.target), other != file.path {
          changed[other] = changed[other] ?? hook
        }
      }
    }
    for script in scripts { takeHooks(of: script) }
  }

  private static let compiles = "@compiles in a module that the scripts import changes it"

  /// Takes what the functions of a module are the compilers of.
  private mutating func takeCompiled(in file: ImportedModules.File) {
    guard file.role != .script else { return }
    lazy var names = ImportedNames(of: file.module, in: file.package)
    for statement in file.module.body {
      for compiled in statement.compiledForSQLite {
        // A class of the project is the project's own business: nothing else is written by it.
        guard let target = names.absolute(compiled), target.hasPrefix("sqlalchemy"),
          let name = compiled.lastPart
        else { continue }
        takeCompiled(
          name,
          isNarrow: target.contains("functions.") || Self.rare.contains(name),
          Revision.Location(path: file.path, line: statement.position.line, column: 1)
        )
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
        takeCompiled(name, isNarrow: false, evaluator.location(statement.position))
      }
    }
  }

  /// Takes a compiler of a class.
  ///
  /// - Parameters:
  ///   - name: The class.
  ///   - isNarrow: Whether nothing but what mentions it comes out differently, as is so for every type.
  ///   - place: Where the compiler is.
  private mutating func takeCompiled(
    _ name: String,
    isNarrow: Bool,
    _ place: Revision.Location
  ) {
    let names: Set<String>? =
      isNarrow || ColumnType.names.contains(name)
      ? [name] : Self.expressions.contains(name) ? Self.core : nil
    hooks.append(Hook(target: name, deed: Self.compiles, names: names, place: place))
  }

  /// Classes that no DDL is made of.
  private static let expressions: Set<String> = [
    "BinaryExpression", "UnaryExpression", "BooleanClauseList", "Select", "Insert", "Update",
    "Delete", "Case", "Cast", "Over",
  ]

  /// Classes of expressions that no statement is made of here: a script that uses one is refused for that.
  private static let rare: Set<String> = [
    "Values", "CTE", "Lateral", "TableSample", "TextualSelect",
  ]

  /// Refuses a script that may come out differently.
  ///
  /// - Parameters:
  ///   - script: The script.
  ///   - used: The files of the project that it takes something of.
  /// - Throws: `ScriptError` with the place.
  func check(_ script: Script, using used: Set<String>) throws(ScriptError) {
    for hook in hooks {
      let position = hook.names.map { names in script.module.position(ofAny: names) }
      // Without names it is everything.
      if case .some(.none) = position { continue }
      throw Self.refusal(of: script, hook, at: position ?? nil)
    }
    for path in used.sorted() {
      if let hook = changed[path] { throw Self.refusal(of: script, hook, at: nil) }
    }
  }

  private static func refusal(
    of script: Script,
    _ hook: Hook,
    at position: SourcePosition?
  ) -> ScriptError {
    let place = position ?? SourcePosition(line: 1, column: 1)
    let maker =
      ImportedNames.isLibrary(hook.target) || hook.deed == compiles
      ? "SQLAlchemy makes of it" : "its module makes of it"
    return .notRead(
      "'\(hook.target)' is not what \(maker), as \(hook.deed) (\(hook.place.path), line \(hook.place.line)); that is not read",
      at: Revision.Location(path: script.path, line: place.line, column: place.column)
    )
  }
}

/// The hooks of a directory, looked for once, and only when they are asked for.
final class KnownHooks: Sendable {
  private let known = Mutex<LoadedHooks?>(nil)

  func value(
    _ scripts: some Collection<Script>,
    environment: String?
  ) -> LoadedHooks {
    known.withLock { known in
      let hooks = known ?? LoadedHooks(of: scripts, environment: environment)
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
