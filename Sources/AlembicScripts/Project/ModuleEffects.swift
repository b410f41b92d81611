internal import PythonSyntax

/// What a module does to other modules when it is imported: names that it gives another value, lists that it adds to,
/// listeners that it registers.
///
/// alembic imports every script, and with it all that they import, before it runs one. What is found here is what could make
/// SQLAlchemy, or a module of the project, other than it is read.
struct ModuleEffects {
  /// One of them.
  struct Effect {
    /// What is changed: an absolute dotted name.
    var target: String
    /// What is done to it, as words behind "as".
    var deed: String
    var position: SourcePosition
  }

  /// What a file is, and so which of its statements count.
  enum Role {
    /// A module that is imported: its top level is run.
    case module
    /// A script: its functions are run too.
    case script
    /// env.py: it is run to its end, and its settings of alembic's context are looked at elsewhere.
    case environment
  }

  private(set) var effects: [Effect] = []
  private var origins: ImportedNames
  private let role: Role

  /// Looks through a module.
  ///
  /// - Parameters:
  ///   - module: Its tree.
  ///   - package: The package that relative imports in it are relative to.
  ///   - role: What it is.
  init(of module: Module, in package: [String], as role: Role) {
    self.role = role
    origins = ImportedNames(of: module, in: package)
    walk(module.body, isTopLevel: true)
  }

  private mutating func walk(_ statements: [Statement], isTopLevel: Bool) {
    for statement in statements {
      take(statement, isTopLevel: isTopLevel)
      if case .functionDefinition(let function) = statement.kind {
        let outside = origins
        origins = origins.inside(function)
        // What a function does to SQLAlchemy, something will have it do: nobody writes such a function for nothing.
        walk(function.body, isTopLevel: role == .environment && isTopLevel)
        origins = outside
      } else {
        walk(statement.importedStatements, isTopLevel: isTopLevel)
      }
    }
  }

  private mutating func take(_ statement: Statement, isTopLevel: Bool) {
    for target in statement.changedPlaces {
      add(target, "it is given another value", isTopLevel || role == .script)
    }
    for expression in statement.childExpressions { takeChanges(in: expression, isTopLevel) }
    switch statement.kind {
    case .functionDefinition(let definition):
      for decorator in definition.decorators { take(decorator: decorator, isTopLevel) }
    case .classDefinition(let definition):
      for decorator in definition.decorators { take(decorator: decorator, isTopLevel) }
      if definition.body.contains(where: \.namesSQLite) {
        effects.append(
          Effect(
            target: "alembic.ddl.sqlite",
            deed: "a class of the project's takes its place",
            position: statement.position
          )
        )
      }
    case .expression(let value):
      guard case .call(let function, let arguments) = value.kind else { break }
      takeCall(function, arguments, isTopLevel)
      // A function may change what stands in its own module.
      if isTopLevel, role != .environment { add(module: function, "another module calls it") }
      if case .attribute(let value, "update") = function.kind {
        add(value, "it is changed", isTopLevel || role == .script)
      }
    default: break
    }
  }

  /// Takes calls of methods that change what they are called on, at any depth of an expression.
  private mutating func takeChanges(in expression: Expression, _ isTopLevel: Bool) {
    if case .lambda = expression.kind { return }
    if case .call(let function, let arguments) = expression.kind,
      case .attribute(let value, let method) = function.kind, Self.changing.contains(method),
      // A table has a method of this name too.
      method != "insert" || arguments.count == 2
    {
      add(value, "it is changed", isTopLevel || role == .script)
    }
    for child in expression.children { takeChanges(in: child, isTopLevel) }
  }

  private mutating func take(decorator: Expression, _ isTopLevel: Bool) {
    if case .call(let function, let arguments) = decorator.kind {
      takeCall(function, arguments, isTopLevel)
      add(module: function, "another module calls it")
    } else {
      add(module: decorator, "another module calls it")
    }
  }

  /// Takes a call that registers something, or that sets an attribute.
  private mutating func takeCall(
    _ function: Expression,
    _ arguments: [Argument],
    _ isTopLevel: Bool
  ) {
    switch function.lastPart {
    case "setattr"?, "delattr"?:
      if let first = arguments.first?.value {
        add(first, "it is given other attributes", isTopLevel || role == .script)
      }
    case "exec"? where isTopLevel && function.kind == .name("exec"):
      effects.append(
        Effect(
          target: "sqlalchemy",
          deed: "exec() may change it",
          position: function.position
        )
      )
    case "listen"?, "listens_for"?:
      guard isTopLevel, let target = arguments.first?.value,
        let event = arguments.dropFirst().first,
        // Others have functions of this name too.
        origins.absolute(function)?.hasPrefix("sqlalchemy") != false
      else { return }
      let isOwn = origins.isOwn(target)
      guard Self.concerns(event.value.stringLiteral, origins.absolute(target), isOwn: isOwn) else {
        return
      }
      effects.append(
        Effect(
          target: origins.absolute(target) ?? "sqlalchemy",
          deed: "its events are listened to",
          position: function.position
        )
      )
    case "implementation_for"?:
      guard let target = origins.absolute(function), target.hasPrefix("alembic") else { return }
      effects.append(
        Effect(target: target, deed: "it is given another operation", position: function.position)
      )
    default: break
    }
  }

  /// Whether a listener could do something to what a migration does.
  ///
  /// What happens when a connection is made, and what an ORM does, is no migration's business. DDL is made of tables and
  /// columns of the script's own: it is listened to only by who listens to a class of SQLAlchemy.
  private static func concerns(_ event: String?, _ target: String?, isOwn: Bool) -> Bool {
    guard let event else { return true }
    if running.contains(event) { return true }
    return making.contains(event) && !isOwn && target?.hasPrefix("sqlalchemy") != false
  }

  private mutating func add(_ place: Expression, _ deed: String, _ isRun: Bool) {
    guard let target = origins.absolute(place) else { return }
    let isLibrary = ImportedNames.isLibrary(target)
    guard isLibrary || isRun, !ImportedNames.isOfNoConcern(target) else { return }
    effects.append(Effect(target: target, deed: deed, position: place.position))
  }

  /// Adds what is called, if it is no function of a library, whose functions change nothing by being called.
  private mutating func add(module function: Expression, _ deed: String) {
    guard let target = origins.absolute(function), !ImportedNames.isLibrary(target),
      !ImportedNames.isOfNoConcern(target)
    else { return }
    effects.append(Effect(target: target, deed: deed, position: function.position))
  }

  /// Methods of lists, dictionaries and sets that change them.
  private static let changing: Set<String> = [
    "append", "extend", "insert", "setdefault", "pop", "popitem", "remove", "discard",
    "clear", "add", "sort", "reverse", "__setitem__", "__setattr__", "__delitem__", "__delattr__",
  ]
  /// Events of connections while statements run (https://docs.sqlalchemy.org/en/20/core/events.html).
  private static let running: Set<String> = [
    "before_execute", "after_execute", "before_cursor_execute", "after_cursor_execute",
    "do_execute", "do_executemany", "do_execute_no_params", "do_setinputsizes",
    "commit", "rollback", "savepoint", "rollback_savepoint", "release_savepoint",
    "set_connection_execution_options", "set_engine_execution_options",
  ]
  /// Events of tables and columns.
  private static let making: Set<String> = [
    "before_create", "after_create", "before_drop", "after_drop", "column_reflect",
    "before_parent_attach", "after_parent_attach",
  ]
}

extension Statement {
  /// The attributes and elements that the statement gives a value, or takes away.
  fileprivate var changedPlaces: [Expression] {
    let targets: [Expression] =
      switch kind {
      case .assign(let targets, _), .delete(let targets): targets
      case .augmentedAssign(let target, _, _), .for(let target, _, _, _, _): [target]
      case .annotatedAssign(let target, _, let value, _): value == nil ? [] : [target]
      case .with(let items, _, _): items.compactMap(\.target)
      default: []
      }
    return targets.flatMap(\.changedPlaces)
  }

  /// The statements of its blocks that are run by an import: not those for type checkers, or for the file as the program.
  var importedStatements: [Statement] {
    guard case .if(let branches, let orElse) = kind else { return childStatements }
    return branches.filter { !$0.test.isNeverOfImport }.flatMap(\.body) + orElse
  }

  /// Whether it is `__dialect__ = "sqlite"`, by which alembic takes a class for what SQLite needs.
  fileprivate var namesSQLite: Bool {
    guard case .assign(let targets, let value) = kind else { return false }
    return targets.contains { $0.lastPart == "__dialect__" } && value.stringLiteral == "sqlite"
  }
}

extension Expression {
  /// Whether it is `TYPE_CHECKING`, or `__name__ == "__main__"`.
  fileprivate var isNeverOfImport: Bool {
    if lastPart == "TYPE_CHECKING" { return true }
    guard case .comparison(let left, let operators, let values) = kind else { return false }
    return left.lastPart == "__name__" && operators == [.equal]
      && values.map(\.stringLiteral) == ["__main__"]
  }

  fileprivate var changedPlaces: [Expression] {
    switch kind {
    case .attribute, .subscript: [self]
    case .tuple(let elements), .list(let elements): elements.flatMap(\.changedPlaces)
    case .starred(let value): value.changedPlaces
    default: []
    }
  }
}
