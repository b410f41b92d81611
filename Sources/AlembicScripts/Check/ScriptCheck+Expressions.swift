internal import PythonSyntax
internal import Schema

/// Expressions.
extension ScriptCheck {
  /// Attributes that some value of the run has; whether this one has it, only the run can tell.
  private static let attributes = ValueMethods.names
    .union(Directives.inspector.keys)
    .union(["engine", "dialect", "name"])

  /// Statements that would end our transaction, or leave the one file that we guard.
  private static let transactionControl: Set<String> = [
    "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE", "ATTACH", "DETACH", "VACUUM",
  ]

  /// PRAGMAs whose effect is another one inside our transaction.
  private static let refusedPragmas: Set<String> = [
    "writable_schema", "journal_mode", "locking_mode", "synchronous", "query_only",
  ]

  func check(_ expression: Expression, _ scope: CheckScope) throws(ScriptError) {
    switch expression.kind {
    case .name(let name):
      try check(name: name, at: expression.position, scope)
    case .attribute(let value, let name):
      try check(value, scope)
      try check(attribute: name, of: value, at: expression.position, scope)
    case .call(let function, let arguments):
      switch function.kind {
      case .name, .attribute: try check(function, scope)
      default:
        throw notRead(
          "a call of what is neither a name nor an attribute is not read",
          function.position
        )
      }
      for argument in arguments { try check(argument.value, scope) }
      try check(callOf: function, arguments, scope)
    case .formattedString(let parts):
      for part in parts {
        guard case .field(let field) = part else { continue }
        guard field.specification == nil, field.conversion != .ascii else {
          throw notRead("a format in an f-string is not read", field.position)
        }
        try check(field.value, scope)
      }
    case .constant(let constant):
      guard constant.isRead else { throw notRead("this literal is not read", expression.position) }
    case .dictionary(let items):
      for item in items where item.key == nil {
        throw notRead("a dictionary unpacked into another is not read", item.value.position)
      }
      try checkChildren(of: expression, scope)
    case .subscript(_, let index):
      if case .slice = index.kind { throw notRead("a slice is not read", index.position) }
      try checkChildren(of: expression, scope)
    case .binaryOperation(_, let sign, _):
      guard sign == .add || sign == .subtract || sign == .multiply else {
        throw notRead("the operator '\(sign.symbol)' is not read", expression.position)
      }
      try checkChildren(of: expression, scope)
    case .unaryOperation(.invert, _):
      throw notRead("the operator '~' is not read", expression.position)
    case .tuple, .list, .unaryOperation, .booleanOperation, .comparison, .conditional:
      try checkChildren(of: expression, scope)
    default:
      throw notRead("\(expression.kind.shownName) is not read", expression.position)
    }
  }

  private func checkChildren(of expression: Expression, _ scope: CheckScope) throws(ScriptError) {
    for child in expression.children { try check(child, scope) }
  }

  private func check(
    attribute name: String,
    of value: Expression,
    at position: SourcePosition,
    _ scope: CheckScope
  ) throws(ScriptError) {
    let owner: String
    let isKnown: Bool
    switch shape(of: value, scope) {
    case .op: (owner, isKnown) = ("op", Directives.op[name] != nil)
    case .batch: (owner, isKnown) = ("batch_op", Directives.batch[name] != nil)
    case .sqlalchemy: (owner, isKnown) = ("sqlalchemy", SQLAlchemyModule.knows(name))
    case .function: (owner, isKnown) = ("func", Directives.functions[name] != nil)
    case .anything: (owner, isKnown) = ("a value", Self.attributes.contains(name))
    }
    guard isKnown else { throw notRead("'\(name)' of \(owner) is not read", position) }
  }

  private func check(
    callOf function: Expression,
    _ arguments: [Argument],
    _ scope: CheckScope
  ) throws(ScriptError) {
    let signature: Signature?
    switch function.kind {
    case .attribute(let value, let name):
      switch shape(of: value, scope) {
      case .op: signature = Directives.op[name]
      case .batch: signature = Directives.batch[name]
      case .sqlalchemy: signature = Directives.sqlalchemy[name]
      case .function: signature = Directives.functions[name]
      case .anything: signature = nil
      }
    default: signature = nil
    }
    if let problem = signature?.problem(with: arguments) {
      throw notRead(problem.message, problem.position)
    }
    if signature?.name == "op.execute" || signature?.name == "batch_op.execute",
      let argument = arguments.first
    {
      try check(sql: argument.value)
    }
  }

  /// SQL that is written out can be refused before anything runs; SQL that is computed is refused when it is run.
  private func check(sql argument: Expression) throws(ScriptError) {
    var text = argument
    if case .call(_, let arguments) = argument.kind, let first = arguments.first {
      text = first.value
    }
    guard case .constant(.string(let sql)) = text.kind else { return }
    let word = sql.drop { $0.isWhitespace }.prefix { $0.isLetter }.uppercased()
    guard !Self.transactionControl.contains(word) else {
      throw notRead(
        "\(word) in a migration is not run: it would end the transaction that keeps the database safe",
        argument.position
      )
    }
    let pragma = sql.lowercased().split { !$0.isLetter && $0 != "_" && $0 != "=" }
    if word == "PRAGMA", let name = pragma.dropFirst().first?.split(separator: "=").first,
      sql.contains("="),
      Self.refusedPragmas.contains(String(name))
    {
      throw notRead(
        "PRAGMA \(name) in a migration is not run: inside a transaction it has another effect, or none",
        argument.position
      )
    }
    do {
      _ = try SQLText.rendered(sql)
    } catch {
      throw notRead(error.message, argument.position)
    }
  }
}

extension Constant {
  /// Whether the evaluator makes a value of the constant.
  fileprivate var isRead: Bool {
    switch self {
    case .none, .true, .false, .integer(_, .some), .float, .string: true
    case .integer, .ellipsis, .imaginary, .bytes: false
    }
  }
}
