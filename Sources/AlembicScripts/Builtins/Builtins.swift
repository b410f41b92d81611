internal import Revisions

/// Python's builtins that the reader knows.
enum Builtins {
  typealias Body = @Sendable (CallArguments, Evaluator) throws -> PythonValue

  /// The value of a builtin name; nil for all others.
  static func value(of name: String) -> PythonValue? {
    if evaluated[name] != nil { return .object(BuiltinFunction(name)) }
    if ExceptionClasses.builtin.contains(name) { return .exceptionClass(name) }
    return types.contains(name) ? .builtinType(name) : nil
  }

  /// The types that are called and asked about.
  private static let types: Set<String> = [
    "str", "int", "float", "bool", "list", "tuple", "dict", "set", "frozenset", "bytes", "object",
    "type", "range",
  ]

  /// Names that Python has without an import and the reader has not.
  static let unread: Set<String> = [
    "__build_class__", "__doc__", "__file__", "__import__", "aiter", "anext", "ascii", "bin",
    "breakpoint", "bytearray", "chr", "classmethod", "compile", "complex", "delattr", "dir",
    "divmod", "eval", "exec", "format", "hash", "help", "hex", "id", "input", "issubclass",
    "locals", "memoryview", "oct", "open", "ord", "pow", "property", "round", "setattr", "slice",
    "staticmethod", "super", "vars",
  ]

  /// The functions, by name.
  static let evaluated = sequences.merging(values) { first, _ in first }

  /// The only argument of a call.
  static func only(_ arguments: CallArguments, _ name: String) throws -> PythonValue {
    guard arguments.positional.count == 1, arguments.keywords.isEmpty else {
      throw arguments.notTaken("\(name)() takes exactly one argument here")
    }
    return arguments.positional[0]
  }

  /// What a value is gone through as.
  static func elements(
    of value: PythonValue,
    _ arguments: CallArguments
  ) throws -> [PythonValue] {
    if let elements = value.elements { return elements }
    if case .set = value {
      throw ScriptError.notRead(
        "the order of a set of these values is not read",
        at: arguments.location
      )
    }
    throw arguments.raised("TypeError", "'\(value.typeName)' object is not iterable")
  }
}

/// A builtin function: it belongs to no script, and so learns who calls it when it is looked up.
final class BuiltinFunction: PythonCallable {
  private let name: String

  init(_ name: String) {
    self.name = name
  }

  var typeName: String { "builtin_function_or_method" }
  func attribute(_ name: String) -> PythonValue? { nil }

  func call(_ arguments: CallArguments) throws -> PythonValue {
    guard let body = Builtins.evaluated[name], let evaluator = arguments.evaluator else {
      throw ScriptError.notRead("\(name)() is not read here", at: arguments.location)
    }
    return try body(arguments, evaluator)
  }
}
