/// Python's builtins that the reader knows.
enum Builtins {
  /// The names of all of them.
  static let names = Set(functions.keys).union(exceptions)

  /// The exceptions that a script may raise.
  private static let exceptions: Set<String> = [
    "Exception", "RuntimeError", "ValueError", "TypeError", "KeyError", "NotImplementedError",
    "AssertionError", "LookupError", "IndexError", "AttributeError", "OSError",
  ]

  /// The scope outside of every module.
  static var scope: Scope {
    let scope = Scope()
    for (name, body) in functions {
      scope.values[name] = .native(NativeFunction(name: name, call: body))
    }
    for name in exceptions { scope.values[name] = .exceptionClass(name) }
    return scope
  }

  private static let functions: [String: @Sendable (CallArguments) throws -> PythonValue] = [
    "len": { arguments in
      let value = try only(arguments, "len")
      if case .string(let text) = value, RunBudget.allows(work: text.utf8.count / 16) {
        return .integer(Int64(text.unicodeScalars.count))
      }
      guard let elements = value.storage ?? value.elements else {
        throw arguments.raised("TypeError", "object of type '\(value.typeName)' has no len()")
      }
      return .integer(Int64(elements.count))
    },
    "bool": { arguments in .boolean(try only(arguments, "bool").isTrue) },
    "str": { arguments in
      let value = try only(arguments, "str")
      guard let text = value.text else {
        throw ScriptError.notRead(
          "str() of a value of type \(value.typeName) is not read",
          at: arguments.location
        )
      }
      return .string(text)
    },
    "list": { arguments in
      if arguments.positional.isEmpty { return .list(PythonList([])) }
      return .list(PythonList(try elements(arguments, "list")))
    },
    "tuple": { arguments in
      if arguments.positional.isEmpty { return .tuple([]) }
      return .tuple(try elements(arguments, "tuple"))
    },
    "range": { arguments in
      let bounds = try arguments.positional.map { value -> Int64 in
        guard case .integer(let number) = value else {
          throw arguments.raised(
            "TypeError",
            "'\(value.typeName)' object cannot be interpreted as an integer"
          )
        }
        return number
      }
      guard bounds.count == 1 || bounds.count == 2, arguments.keywords.isEmpty else {
        throw ScriptError.notRead("range() with a step is not read", at: arguments.location)
      }
      let start = bounds.count == 2 ? bounds[0] : 0
      let end = bounds[bounds.count - 1]
      guard end > start else { return .list(PythonList([])) }
      // What a migration goes through is small; a larger range is a mistake that must not take all memory.
      let (count, overflow) = end.subtractingReportingOverflow(start)
      guard !overflow, count < 1_000_000, RunBudget.allows(bytes: 64 * Int(count)) else {
        throw ScriptError.notRead(
          "a range of more than a million numbers is not read",
          at: arguments.location
        )
      }
      return .list(PythonList((start..<end).map { .integer($0) }))
    },
  ]

  private static func only(_ arguments: CallArguments, _ name: String) throws -> PythonValue {
    guard arguments.positional.count == 1, arguments.keywords.isEmpty else {
      throw arguments.raised("TypeError", "\(name)() takes exactly one argument here")
    }
    return arguments.positional[0]
  }

  private static func elements(_ arguments: CallArguments, _ name: String) throws -> [PythonValue] {
    let value = try only(arguments, name)
    guard let elements = value.elements else {
      throw arguments.raised("TypeError", "'\(value.typeName)' object is not iterable")
    }
    return elements
  }
}
