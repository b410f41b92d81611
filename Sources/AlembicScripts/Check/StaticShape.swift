internal import PythonSyntax

/// What is known of a value before anything runs.
enum StaticShape {
  /// The value itself: a module, a function, a constant.
  case known(PythonValue)
  /// What a function of ours will hand out.
  case handed(StaticValue)

  static var anything: StaticShape { .handed(.anything) }

  /// An attribute of the value, as far as it is known.
  func attribute(_ name: String, in evaluator: Evaluator) -> StaticShape {
    switch (self, name) {
    case (.known(.object(let object)), _):
      object.attribute(name).map { .known($0) } ?? .anything
    case (.handed(.bind), "engine"), (.handed(.context), "bind"), (.handed(.context), "connection"):
      .handed(.bind)
    case (.handed(.bind), "dialect"), (.handed(.context), "dialect"),
      (.handed(.inspector), "dialect"):
      .handed(.dialect)
    case (.handed(.bind), "begin_nested"):
      BindDirectives.all[name].map { .known($0.value(on: nil)) } ?? .anything
    case (.handed(.context), "impl"): .handed(.context)
    case (.handed(.bind), "name"), (.handed(.dialect), "name"): .known(.string("sqlite"))
    case (.handed(.dialect), "dialect_description"): .known(.string("sqlite+pysqlite"))
    case (.handed(.context), "as_sql"): .known(.boolean(false))
    case (.handed, _): .anything
    case (.known(let value), _):
      ValueMethods.method(name, of: value, in: evaluator).map { .known($0) } ?? .anything
    }
  }

  /// Whether the value has an attribute; nil where only the run can tell.
  func has(_ name: String, in evaluator: Evaluator) -> Bool? {
    switch self {
    case .known(.object(let object)): object.attribute(name) != nil
    case .known(.unread): nil
    case .known(let value): ValueMethods.method(name, of: value, in: evaluator) != nil
    case .handed(.bind):
      BindDirectives.all[name] != nil || ["engine", "dialect", "name"].contains(name)
    case .handed(.context):
      ["dialect", "bind", "connection", "as_sql", "impl", "autocommit_block"].contains(name)
    case .handed(.dialect): ["name", "dialect_description", "type_descriptor"].contains(name)
    case .handed(.batch): BatchDirectives.all[name] != nil
    case .handed(.inspector): name == "dialect" || InspectorDirectives.all[name] != nil
    case .handed(.savepoint): NestedTransaction.names.contains(name)
    case .handed(.anything): nil
    }
  }

  /// What to call the value in a message.
  var shownName: String {
    switch self {
    case .known(let value): value.typeName
    case .handed(.bind): "Connection"
    case .handed(.context): "MigrationContext"
    case .handed(.dialect): "SQLiteDialect"
    case .handed(.batch): "batch_op"
    case .handed(.inspector): "inspector"
    case .handed(.savepoint): "NestedTransaction"
    case .handed(.anything): "a value"
    }
  }

  /// A constant, of which it does not matter when it is looked at.
  var constant: PythonValue? {
    guard case .known(let value) = self else { return nil }
    switch value {
    case .none, .boolean, .integer, .float, .string: return value
    default: return nil
    }
  }
}

/// What is known of the local names while a function is checked.
struct CheckScope {
  var shapes: [String: StaticShape] = [:]
  /// Names imported from modules that are not read, and why they are not.
  var unread: [String: ScriptError] = [:]
  /// Names that are assigned at one place only: what is known of them there is known of them everywhere.
  var singles: Set<String> = []

  /// Binds an imported name; one that is not read must not be used.
  mutating func bind(_ name: String, _ value: PythonValue) {
    if case .unread(let error) = value {
      shapes[name] = nil
      unread[name] = error
    } else {
      shapes[name] = .known(value)
      unread[name] = nil
    }
  }
}
