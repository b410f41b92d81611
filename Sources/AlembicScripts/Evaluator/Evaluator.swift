internal import PythonSyntax
internal import Revisions

/// Runs a script's syntax tree: a strict subset of Python, in which nothing is guessed.
///
/// What it does not know it refuses with the place. `ScriptCheck` finds such places before anything runs; what is left for
/// here are values of the wrong kind, which Python would raise for as well.
final class Evaluator {
  let path: String
  let module: Module
  let globals: Scope
  let actions: (any MigrationActions)?
  /// What the run may still take.
  let budget: RunBudget
  /// The first statement of the top level that could not be run, if any.
  private(set) var moduleRefusal: ScriptError?
  // A function may be defined in a loop: which names are local in it is found out once.
  private var localNames: [SourcePosition: Set<String>] = [:]

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - path: The script's path, for locations.
  ///   - module: The script's tree.
  ///   - actions: What `op` acts on; nil while only identifiers are read.
  ///   - limits: What the run may take.
  init(
    path: String,
    module: Module,
    actions: (any MigrationActions)?,
    limits: RunLimits = RunLimits()
  ) {
    self.path = path
    self.module = module
    self.actions = actions
    budget = RunBudget(limits)
    globals = Scope(outer: Builtins.scope)
  }

  deinit {
    globals.values = [:]
    budget.releaseAll()
  }

  /// Runs the top level; a name whose value cannot be made becomes one that must not be used.
  func loadModule() {
    RunBudget.$current.withValue(budget) {
      for statement in module.body where budget.exceeded == nil { load(statement) }
    }
  }

  private func load(_ statement: Statement) {
    do {
      _ = try execute(statement, in: globals)
    } catch {
      var refusal = located(error, at: statement.position)
      // Of a chain of names only the first reason counts: with all of them, each would be longer than the one before.
      if let reason = refusal.reason { refusal.message = reason }
      let names = statement.isSimpleBinding ? statement.boundNames : []
      for name in names { globals.values[name] = .unread(refusal) }
      let isFatal = names.isEmpty || budget.exceeded != nil
      if isFatal, moduleRefusal == nil { moduleRefusal = refusal }
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

  /// Calls a function that the script defines.
  func call(_ function: PythonFunction, _ arguments: CallArguments) throws -> PythonValue {
    let scope = Scope(outer: function.scope)
    scope.locals = function.locals
    try bind(arguments, to: function, in: scope)
    guard case .returned(let value) = try execute(function.definition.body, in: scope) else {
      return .none
    }
    return value
  }

  /// The names that are local in a function: its parameters, and what is assigned anywhere in it.
  func localNames(of definition: FunctionDefinition, at position: SourcePosition) -> Set<String> {
    if let names = localNames[position] { return names }
    let names = Set(
      definition.body.flatMap(\.allBoundNames) + definition.parameters.all.map(\.name)
    )
    localNames[position] = names
    return names
  }

  private func bind(
    _ arguments: CallArguments,
    to function: PythonFunction,
    in scope: Scope
  ) throws {
    let definition = function.definition
    let parameters = definition.parameters
    guard budget.allows(work: parameters.all.count) else { return }
    let byPosition = parameters.positionalOnly + parameters.positional
    guard arguments.positional.count <= byPosition.count else {
      throw arguments.raised(
        "TypeError",
        "\(definition.name)() takes \(byPosition.count) positional arguments but \(arguments.positional.count) were given"
      )
    }
    for (parameter, value) in zip(byPosition, arguments.positional) {
      scope.values[parameter.name] = value
    }
    let byName = Set((parameters.positional + parameters.keywordOnly).map(\.name))
    for (name, value) in arguments.keywords {
      guard byName.contains(name), scope.values[name] == nil else {
        throw arguments.raised(
          "TypeError",
          "\(definition.name)() got an unexpected keyword argument '\(name)'"
        )
      }
      scope.values[name] = value
    }
    for parameter in byPosition + parameters.keywordOnly where scope.values[parameter.name] == nil {
      guard let given = function.defaults[parameter.name] else {
        throw arguments.raised(
          "TypeError",
          "\(definition.name)() missing required argument: '\(parameter.name)'"
        )
      }
      scope.values[parameter.name] = given
    }
  }

  /// Runs a step inside the one under way, unless the budget is used up before it or by it.
  func step<Result>(at position: SourcePosition, _ body: () throws -> Result) throws -> Result {
    guard budget.enter() else { throw budget.refusal(at: location(position)) }
    defer { budget.leave() }
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
}
