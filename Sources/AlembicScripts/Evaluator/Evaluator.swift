internal import PythonSyntax
internal import Revisions
internal import Schema

/// Runs a script's syntax tree: a strict subset of Python, in which nothing is guessed.
///
/// What it does not know it refuses with the place. `ScriptCheck` finds such places before anything runs; what is left for
/// here are values of the wrong kind, which Python would raise for as well.
final class Evaluator {
  let path: String
  let module: Module
  let globals: Scope
  /// What `op` acts on; nil while nothing is run.
  let context: MigrationContext?
  /// The project's own modules, shared by all scripts of a run.
  let modules: ProjectModules
  /// The first statement of the top level that could not be run, if any.
  private(set) var moduleRefusal: ScriptError?
  /// Whether it changes SQLAlchemy for everybody, being a module of the project.
  var altersSQLAlchemy = false
  /// The dotted name of a module of the project; nil for a script, which belongs to no package.
  var moduleName: String?
  /// Exceptions that are being handled, the innermost last.
  var handled: [any Error] = []
  /// What the run may still take: the modules of a project share it with the script.
  let budget: RunBudget

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - path: The script's path, for locations.
  ///   - module: The script's tree.
  ///   - context: What `op` acts on; nil while only identifiers are read.
  ///   - project: Where the project's own modules are.
  ///   - modules: The modules that were read already.
  ///   - limits: What the run may take, unless it is part of another one.
  init(
    path: String,
    module: Module,
    context: MigrationContext?,
    project: ProjectFiles = .none,
    modules: ProjectModules? = nil,
    limits: RunLimits = RunLimits()
  ) {
    budget = RunBudget.current ?? RunBudget(limits)
    self.path = path
    self.module = module
    self.context = context
    self.modules = modules ?? ProjectModules(project, context)
    globals = Scope(outer: BuiltinScope())
    // The name that alembic gives to the module of a script.
    let file = path.split(separator: "/").last.map(String.init) ?? path
    globals.values["__name__"] = .string(PythonText.identifier(file))
  }

  /// Runs the top level; a name whose value cannot be made becomes one that must not be used.
  ///
  /// - Parameter isLenient: Whether a statement that is not read only makes the names in it unusable, as in the modules of an
  ///   application that a script takes one constant from.
  func loadModule(isLenient: Bool = false) {
    RunBudget.$current.withValue(budget) { load(isLenient: isLenient) }
  }

  /// Lets go of every value of the run, none of which is used afterwards.
  ///
  /// A function holds the script that it stands in, and the script holds the function.
  func close() {
    globals.values = [:]
    budget.releaseAll()
  }

  private func load(isLenient: Bool) {
    for statement in module.body where budget.exceeded == nil {
      do {
        if let hook = disturbance(by: statement) {
          throw notRead(
            "\(hook) is not read: it changes what SQLAlchemy does",
            at: statement.position
          )
        }
        _ = try execute(statement, in: globals)
      } catch {
        var refusal = located(error, at: statement.position)
        // Of a chain of names only the first reason counts: with all of them, each would be longer than the one before.
        if let reason = refusal.reason { refusal.message = reason }
        let isHook = disturbance(by: statement) != nil
        let isBinding = statement.isSimpleBinding && !isHook
        let isTolerated = isLenient && !isHook && !touchesSQLAlchemy(statement)
        for name in isBinding || isTolerated ? statement.allBoundNames : [] {
          globals.values[name] = .unread(refusal)
        }
        let isFatal = !isBinding && !isTolerated || budget.exceeded != nil
        if isFatal, moduleRefusal == nil { moduleRefusal = refusal }
      }
    }
  }

  /// Whether a statement names `op`, `sa` or something out of them, and so might change them.
  private func touchesSQLAlchemy(_ statement: Statement) -> Bool {
    statement.names.contains { name in
      if case .object(let object)? = globals.values[name], object is any SharedModule {
        return true
      }
      return false
    }
  }

  /// Calls a function of the script that takes no arguments.
  ///
  /// - Parameter name: `upgrade` or `downgrade`.
  /// - Throws: `ScriptError` with the place, or what the actions threw.
  func callFunction(_ name: String) throws {
    guard case .function(let function)? = globals.values[name] else {
      throw ScriptError(
        .raised("AttributeError"),
        "the script has no function '\(name)'",
        at: Revision.Location(path: path, line: 1, column: 1)
      )
    }
    let place = Revision.Location(path: path, line: 1, column: 1)
    try RunBudget.$current.withValue(budget) {
      _ = try call(function, CallArguments(positional: [], keywords: [], location: place))
    }
  }

  /// Calls a function that a script defines.
  func call(_ function: PythonFunction, _ arguments: CallArguments) throws -> PythonValue {
    guard function.evaluator === self else {
      return try function.evaluator.call(function, arguments)
    }
    let scope = Scope(outer: function.scope)
    scope.locals = function.locals
    try bind(arguments, to: function, in: scope)
    guard case .returned(let value) = try execute(function.definition.body, in: scope) else {
      return .none
    }
    return value
  }

  private func bind(
    _ arguments: CallArguments,
    to function: PythonFunction,
    in scope: Scope
  ) throws {
    let name = function.definition.name
    let parameters = function.definition.parameters
    guard budget.allows(work: parameters.all.count + arguments.positional.count) else { return }
    let byPosition = parameters.positionalOnly + parameters.positional
    let extra = arguments.positional.dropFirst(byPosition.count)
    if let variadic = parameters.variadic {
      scope.values[variadic.name] = .tuple(Array(extra))
    } else if !extra.isEmpty {
      throw arguments.raised(
        "TypeError",
        "\(name)() takes \(byPosition.count) positional arguments but \(arguments.positional.count) were given"
      )
    }
    for (parameter, value) in zip(byPosition, arguments.positional) {
      scope.values[parameter.name] = value
    }
    let byName = Set((parameters.positional + parameters.keywordOnly).map(\.name))
    let rest = PythonDictionary([])
    for (keyword, value) in arguments.keywords {
      if byName.contains(keyword) {
        guard scope.values[keyword] == nil else {
          throw arguments.raised(
            "TypeError",
            "\(name)() got multiple values for argument '\(keyword)'"
          )
        }
        scope.values[keyword] = value
      } else if parameters.keywordVariadic != nil {
        _ = rest.set(.string(keyword), to: value)
      } else {
        throw arguments.raised(
          "TypeError",
          "\(name)() got an unexpected keyword argument '\(keyword)'"
        )
      }
    }
    if let variadic = parameters.keywordVariadic {
      scope.values[variadic.name] = .dictionary(rest)
    }
    for parameter in byPosition + parameters.keywordOnly where scope.values[parameter.name] == nil {
      guard let given = function.defaults[parameter.name] else {
        throw arguments.raised(
          "TypeError",
          "\(name)() missing required argument: '\(parameter.name)'"
        )
      }
      scope.values[parameter.name] = given
    }
  }

  /// Runs a step inside the one under way, unless the budget is used up before it or by it.
  func step<Result>(at position: SourcePosition, _ body: () throws -> Result) throws -> Result {
    defer { budget.leave() }
    guard budget.enter() else { throw budget.refusal(at: location(position)) }
    do {
      let result = try body()
      guard budget.exceeded == nil else { throw budget.refusal(at: location(position)) }
      return result
    } catch {
      throw budget.exceeded == nil ? error : budget.refusal(at: location(position))
    }
  }

  func location(_ position: SourcePosition) -> Revision.Location {
    Revision.Location(path: path, line: position.line, column: position.column)
  }

  func notRead(_ message: String, at position: SourcePosition) -> ScriptError {
    .notRead(message, at: location(position))
  }

  func raised(_ exception: String, _ message: String, at position: SourcePosition) -> ScriptError {
    ScriptError(.raised(exception), message, at: location(position))
  }

  /// An error with a place: its own, or the one of the statement that ran.
  func located(_ error: any Error, at position: SourcePosition) -> ScriptError {
    guard var error = error as? ScriptError else {
      return ScriptError(.raised("Exception"), String(describing: error), at: location(position))
    }
    error.location = error.location ?? location(position)
    return error
  }

  /// An error of the schema as what Python would have raised, or as what we do not do.
  static func scriptError(_ error: SchemaError, at location: Revision.Location?) -> ScriptError {
    error.code == .refused
      ? .notRead(error.message, at: location)
      : ScriptError(.raised(error.code.exception), error.message, at: location)
  }
}

extension ScriptError {
  /// Runs a body whose errors of the schema get a place.
  static func located<Result>(
    at location: Revision.Location,
    _ body: () throws -> Result
  ) throws -> Result {
    do { return try body() } catch let error as SchemaError {
      throw Evaluator.scriptError(error, at: location)
    }
  }
}
