internal import PythonSyntax
internal import Schema

/// Walks everything that a function of a script can reach, before anything is run, and refuses what is not read.
///
/// The rule is that of the run: a construct that `Evaluator` does not know, a name that has no readable value, an argument
/// that a function of `op` or `sa` does not take. All branches count, since which one runs depends on the database; but not
/// those that SQLite never takes, such as after `if bind.dialect.name == "postgresql"`.
final class ScriptCheck {
  let evaluator: Evaluator
  /// The functions that were checked, and what was known of their arguments then.
  private var checked: [ObjectIdentifier: [String]] = [:]
  private var depth = 0
  // Functions that were reached too deep to be followed there; they are marked as checked.
  private var postponed: [PythonFunction] = []
  private let isOwner: Bool

  /// How many calls deep functions are followed with what is known of their arguments.
  private static let deepest = 30

  init(_ script: Script, limits: RunLimits = RunLimits()) {
    isOwner = true
    evaluator = Evaluator(
      path: script.path,
      module: script.module,
      context: nil,
      project: script.project,
      limits: limits
    )
    evaluator.loadModule()
  }

  deinit {
    if isOwner { evaluator.close() }
  }

  /// A check of a module of the project, which a script reaches.
  private init(_ evaluator: Evaluator, _ checked: [ObjectIdentifier: [String]], depth: Int) {
    isOwner = false
    self.evaluator = evaluator
    self.checked = checked
    self.depth = depth
  }

  /// Checks a function of the script and all that it calls.
  ///
  /// - Parameter name: `upgrade` or `downgrade`.
  /// - Throws: `ScriptError` with the place of the first construct that is not read.
  func check(function name: String) throws(ScriptError) {
    let outcome = RunBudget.$current.withValue(evaluator.budget) {
      Result { () throws(ScriptError) in try checkFunction(name) }
    }
    try outcome.get()
  }

  /// Runs a step of the check inside the one under way: what a script calls may nest deeper than any stack.
  func step(
    at position: SourcePosition,
    _ body: () throws(ScriptError) -> Void
  ) throws(ScriptError) {
    let budget = evaluator.budget
    defer { budget.leave() }
    guard budget.enter() else { throw budget.refusal(at: evaluator.location(position)) }
    try body()
  }

  private func checkFunction(_ name: String) throws(ScriptError) {
    // What fails on the top level fails before `upgrade` is called: nothing was touched, and nothing can be run.
    if let refusal = evaluator.moduleRefusal {
      throw .notRead(refusal.description, at: refusal.location)
    }
    switch evaluator.globals.values[name] {
    case .function(let function)?:
      let parameters = function.definition.parameters.all
      guard parameters.allSatisfy({ $0.defaultValue != nil }) else {
        throw notRead("a function '\(name)' with parameters is not read", parameters[0].position)
      }
      try check(function)
      while let next = postponed.popLast() { try checkPostponed(next) }
    case .unread(let error)?: throw error
    default:
      throw ScriptError(
        .configuration,
        "the script has no function '\(name)'",
        at: evaluator.location(SourcePosition(line: 1, column: 1)),
        hint: "add the function; alembic needs it too"
      )
    }
  }

  /// Checks a function that was reached too deep, as one that is called with anything.
  private func checkPostponed(_ function: PythonFunction) throws(ScriptError) {
    guard function.evaluator === evaluator else {
      let other = ScriptCheck(function.evaluator, checked, depth: 0)
      try other.checkPostponed(function)
      checked = other.checked
      postponed += other.postponed
      return
    }
    depth += 1
    defer { depth -= 1 }
    try check(function.definition, in: CheckScope())
  }

  /// Checks a function, once for all that is known of its arguments.
  func check(
    _ function: PythonFunction,
    _ arguments: [String: StaticShape] = [:]
  ) throws(ScriptError) {
    guard function.evaluator === evaluator else {
      let other = ScriptCheck(function.evaluator, checked, depth: depth)
      try other.check(function, arguments)
      checked = other.checked
      postponed += other.postponed
      return
    }
    let known = arguments.compactMapValues { $0.isUseful ? $0 : nil }
    let key = known.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.key)" }
      .joined(separator: ",")
    let identity = ObjectIdentifier(function)
    let earlier = checked[identity, default: []]
    // Checked with nothing known, it is checked for everything; and it is not checked for ever.
    guard !earlier.contains(""), !earlier.contains(key) else { return }
    let isLast = earlier.count >= 4 || depth > Self.deepest
    checked[identity, default: []].append(isLast ? "" : key)
    // A chain of calls may be longer than any stack.
    guard depth <= Self.deepest else {
      postponed.append(function)
      return
    }
    depth += 1
    defer { depth -= 1 }
    try check(function.definition, in: CheckScope(), arguments: isLast ? [:] : known)
  }

  func check(
    _ definition: FunctionDefinition,
    in outer: CheckScope,
    arguments: [String: StaticShape] = [:]
  ) throws(ScriptError) {
    var scope = outer
    // A name that is assigned anywhere in a function is local everywhere in it.
    let bound = definition.body.flatMap(\.allBoundNames)
    let parameters = definition.parameters.all
    var counts: [String: Int] = [:]
    for name in bound + parameters.map(\.name) { counts[name, default: 0] += 1 }
    for name in bound {
      scope.shapes[name] = .anything
      scope.unread[name] = nil
    }
    for parameter in parameters {
      scope.shapes[parameter.name] =
        counts[parameter.name] == 1 ? arguments[parameter.name] ?? .anything : .anything
      if let value = parameter.defaultValue { try check(value, outer) }
    }
    scope.singles = Set(counts.filter { $0.value == 1 }.keys).intersection(bound)
    try check(definition.body, &scope)
  }

  func notRead(_ message: String, _ position: SourcePosition) -> ScriptError {
    evaluator.notRead(message, at: position)
  }

  /// Functions that a value holds may be called through it.
  func checkFunctions(
    in value: PythonValue,
    at position: SourcePosition,
    depth: Int = 0
  ) throws(ScriptError) {
    guard depth < 20 else { return }
    // What holds one thing many times is looked through as often.
    guard evaluator.budget.allows(work: 1) else {
      throw evaluator.budget.refusal(at: evaluator.location(position))
    }
    switch value {
    case .function(let function): try check(function)
    case .list(let list):
      for element in list.elements {
        try checkFunctions(in: element, at: position, depth: depth + 1)
      }
    case .tuple(let elements):
      for element in elements {
        try checkFunctions(in: element, at: position, depth: depth + 1)
      }
    case .dictionary(let dictionary):
      for item in dictionary.items {
        try checkFunctions(in: item.value, at: position, depth: depth + 1)
      }
    case .object(let object) where object is GlobalsObject:
      for value in evaluator.globals.values.values {
        if case .function(let function) = value { try check(function) }
      }
    default: return
    }
  }
}

extension StaticShape {
  /// Whether it says anything.
  fileprivate var isUseful: Bool {
    switch self {
    case .handed(.anything): false
    case .handed: true
    case .known: constant != nil
    }
  }

  /// A text that tells it from others.
  fileprivate var key: String {
    switch self {
    case .known(let value): value.representation ?? value.typeName
    case .handed(let kind): "\(kind)"
    }
  }
}
