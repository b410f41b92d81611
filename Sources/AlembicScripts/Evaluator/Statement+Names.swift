internal import PythonSyntax

/// Which names statements bind and mention.
extension Statement {
  /// The names that the statement binds in its scope.
  var boundNames: [String] {
    let targets: [String] =
      switch kind {
      case .assign(let targets, _): targets.flatMap(\.targetNames)
      case .annotatedAssign(let target, _, _, _), .augmentedAssign(let target, _, _):
        target.targetNames
      case .import(let names): names.map { $0.asName ?? $0.firstPart }
      case .importFrom(_, let names, _): names.map { $0.asName ?? $0.name }
      case .functionDefinition(let definition): [definition.name]
      case .classDefinition(let definition): [definition.name]
      case .typeAlias(let name, _, _): [name]
      case .for(let target, _, _, _, _): target.targetNames
      case .with(let items, _, _): items.flatMap { $0.target?.targetNames ?? [] }
      case .try(let clauses): clauses.handlers.compactMap(\.name)
      case .delete(let targets): targets.flatMap(\.targetNames)
      default: []
      }
    return targets + childExpressions.flatMap(\.walrusNames)
  }

  /// The names that the statement and the statements below it bind, functions and classes inside left out.
  var allBoundNames: [String] {
    switch kind {
    case .functionDefinition, .classDefinition: boundNames
    default: boundNames + childStatements.flatMap(\.allBoundNames)
    }
  }

  /// All names that the statement mentions, at any depth.
  var names: [String] {
    childExpressions.flatMap(\.names) + childStatements.flatMap(\.names)
  }

  /// Whether it is a string by itself.
  var isDocstring: Bool {
    if case .expression(let value) = kind { return value.stringLiteral != nil }
    return false
  }

  /// Whether `create_table` stands in the statement, at any depth.
  var mentionsCreateTable: Bool { mention(of: ["create_table"]) != nil }

  /// The first place where something of an object is asked for by one of these names.
  func mention(of names: Set<String>) -> SourcePosition? {
    for expression in childExpressions {
      if let place = expression.mention(of: names) { return place }
    }
    for statement in childStatements {
      if let place = statement.mention(of: names) { return place }
    }
    return nil
  }

  /// Whether all that the statement does is to bind names: then only using them is wrong if it cannot be read.
  var isSimpleBinding: Bool {
    switch kind {
    case .import, .functionDefinition, .classDefinition, .typeAlias: true
    case .importFrom(_, let names, _): !names.contains { $0.name == "*" }
    case .assign(let targets, _): targets.allSatisfy { $0.isNames }
    case .annotatedAssign(let target, _, _, _): target.isNames
    default: false
    }
  }

  /// What the statement hooks into SQLAlchemy, if it does: `@compiles` for SQLite, an event listener.
  var hookIntoSQLAlchemy: String? {
    let decorators: [Expression] =
      switch kind {
      case .functionDefinition(let definition): definition.decorators
      case .classDefinition(let definition): definition.decorators
      case .expression(let value): [value]
      default: []
      }
    for decorator in decorators {
      guard case .call(let function, let arguments) = decorator.kind else { continue }
      switch function.lastPart {
      case "compiles":
        // Given for other databases only, it changes nothing here.
        let dialects = arguments.dropFirst().compactMap(\.value.stringLiteral)
        if dialects.isEmpty || dialects.contains("sqlite") { return "@compiles" }
      case "listens_for", "listen":
        // What happens when a connection is made is not a script's business.
        let event = arguments.dropFirst().first?.value.stringLiteral ?? ""
        if !["connect", "first_connect", "checkout", "begin"].contains(event) {
          return "an event listener"
        }
      case "setattr", "exec", "eval": return "\(function.lastPart ?? "")()"
      default: continue
      }
    }
    return nil
  }
}

extension Expression {
  /// The same of an expression.
  fileprivate func mention(of names: Set<String>) -> SourcePosition? {
    if case .attribute(_, let name) = kind, names.contains(name) { return position }
    for child in children {
      if let place = child.mention(of: names) { return place }
    }
    return nil
  }

  /// Whether it is a name, or several.
  fileprivate var isNames: Bool {
    switch kind {
    case .name: true
    case .tuple(let elements), .list(let elements): elements.allSatisfy(\.isNames)
    case .starred(let value): value.isNames
    default: false
    }
  }

  /// The names that an assignment to the expression binds.
  var targetNames: [String] {
    switch kind {
    case .name(let name): [name]
    case .tuple(let elements), .list(let elements): elements.flatMap(\.targetNames)
    case .starred(let value): value.targetNames
    default: []
    }
  }

  /// All names in the expression, at any depth.
  var names: [String] {
    if case .name(let name) = kind { return [name] }
    return children.flatMap(\.names)
  }

  /// The names that `:=` binds in it.
  fileprivate var walrusNames: [String] {
    switch kind {
    case .lambda: return []
    case .named(let target, let value): return target.targetNames + value.walrusNames
    default: return children.flatMap(\.walrusNames)
    }
  }

  /// The last part of a dotted name.
  var lastPart: String? {
    switch kind {
    case .name(let name), .attribute(_, let name): name
    default: nil
    }
  }

  /// The text of a string literal.
  var stringLiteral: String? {
    if case .constant(.string(let text)) = kind { return text }
    return nil
  }
}

extension Statement.Kind {
  /// What to call the statement in a message.
  var shownName: String {
    switch self {
    case .match: "'match'"
    case .global: "'global'"
    case .nonlocal: "'nonlocal'"
    case .typeAlias: "a type alias"
    case .for, .with: "an asynchronous statement"
    default: "this statement"
    }
  }
}
