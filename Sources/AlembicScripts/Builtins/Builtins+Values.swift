internal import Schema

/// Builtin functions over single values, and the types that make values.
extension Builtins {
  static let values: [String: Body] = [
    // What a script says to a terminal changes no database.
    "print": { _, _ in .none },
    "repr": { arguments, _ in
      let value = try only(arguments, "repr")
      guard let text = value.representation else {
        throw ScriptError.notRead(
          "repr() of a value of type \(value.typeName) is not read",
          at: arguments.location
        )
      }
      return .string(text)
    },
    "abs": { arguments, _ in
      switch try only(arguments, "abs") {
      case .integer(let value) where value != Int64.min: return .integer(value < 0 ? -value : value)
      case .float(let value): return .float(value.magnitude)
      case let value:
        throw ScriptError.notRead("abs() of \(value.typeName) is not read", at: arguments.location)
      }
    },
    "isinstance": { arguments, _ in
      guard arguments.positional.count == 2, arguments.keywords.isEmpty else {
        throw arguments.notTaken("isinstance expected 2 arguments")
      }
      guard let answer = isInstance(arguments.positional[0], of: arguments.positional[1]) else {
        throw ScriptError.notRead("this isinstance() is not read", at: arguments.location)
      }
      return .boolean(answer)
    },
    "hasattr": { arguments, evaluator in
      guard arguments.positional.count == 2, case .string(let name) = arguments.positional[1],
        case .object(let object) = arguments.positional[0], object is RowObject
      else {
        throw ScriptError.notRead("hasattr() of this value is not read", at: arguments.location)
      }
      return .boolean(object.attribute(name) != nil)
    },
    "getattr": { arguments, evaluator in
      guard arguments.positional.count == 2, case .string(let name) = arguments.positional[1] else {
        throw ScriptError.notRead("this getattr() is not read", at: arguments.location)
      }
      return try evaluator.attribute(name, of: arguments.positional[0], at: arguments.position)
    },
    "callable": { arguments, _ in
      switch try only(arguments, "callable") {
      case .function, .native, .builtinType, .exceptionClass: return .boolean(true)
      case .object(let object) where object is any PythonCallable: return .boolean(true)
      case .none, .boolean, .integer, .float, .string, .list, .dictionary, .tuple:
        return .boolean(false)
      default: throw ScriptError.notRead("this callable() is not read", at: arguments.location)
      }
    },
    "globals": { arguments, evaluator in
      guard arguments.positional.isEmpty else {
        throw arguments.notTaken("globals() takes no arguments")
      }
      return .object(GlobalsObject(evaluator))
    },
  ]

  /// `isinstance`; nil where the reader does not know.
  private static func isInstance(_ value: PythonValue, of type: PythonValue) -> Bool? {
    if case .tuple(let types) = type {
      var answers: [Bool] = []
      for type in types {
        guard let answer = isInstance(value, of: type) else { return nil }
        answers.append(answer)
      }
      return answers.contains(true)
    }
    switch (value, type) {
    case (_, .builtinType("object")): return true
    case (.boolean, .builtinType("int")): return true
    case (.object(let object as any PythonTyped), .builtinType): return object.isInstance(of: type)
    case (.object(let object as any PythonTyped), .object): return object.isInstance(of: type)
    case (.object, _), (.schema, .builtinType), (.core, _), (.iterator, _): return nil
    case (.schema(.type(let one)), .schema(.typeName(let name))): return one.isKind(of: name)
    case (.schema, _): return nil
    case (_, .builtinType(let name)): return value.typeName == name
    case (_, .object(let object)) where object is TypeName: return false
    default: return nil
    }
  }

  /// Calls a type: `str(x)`, `list(x)`, `dict(a=1)`.
  static func construct(
    _ name: String,
    _ arguments: CallArguments,
    in evaluator: Evaluator
  ) throws -> PythonValue {
    if name == "dict" { return try dictionary(arguments) }
    if name == "range" { return try range(arguments) }
    if arguments.positional.isEmpty, arguments.keywords.isEmpty {
      switch name {
      case "str": return .string("")
      case "int": return .integer(0)
      case "float": return .float(0)
      case "bool": return .boolean(false)
      case "list": return .list(PythonList([]))
      case "tuple": return .tuple([])
      case "set": return .set(PythonSet())
      case "frozenset": return .set(PythonSet(isFrozen: true))
      case "bytes": return .bytes([])
      default: throw ScriptError.notRead("\(name)() is not read", at: arguments.location)
      }
    }
    let value = try only(arguments, name)
    switch name {
    case "bool": return .boolean(value.isTrue)
    case "str":
      guard let text = value.text else {
        throw ScriptError.notRead(
          "str() of a value of type \(value.typeName) is not read",
          at: arguments.location
        )
      }
      return .string(text)
    case "list": return .list(PythonList(try elements(of: value, arguments)))
    case "tuple": return .tuple(try elements(of: value, arguments))
    case "set", "frozenset":
      let all: [PythonValue]
      if case .set(let set) = value {
        all = set.elements
      } else {
        all = try elements(of: value, arguments)
      }
      guard let set = PythonSet(all, isFrozen: name == "frozenset") else {
        throw ScriptError.notRead("a set of these values is not read", at: arguments.location)
      }
      return .set(set)
    case "int": return try integer(value, arguments)
    case "float": return try float(value, arguments)
    default: throw ScriptError.notRead("\(name)() of a value is not read", at: arguments.location)
    }
  }

  private static func dictionary(_ arguments: CallArguments) throws -> PythonValue {
    let dictionary = PythonDictionary([])
    guard arguments.positional.count <= 1 else {
      throw arguments.notTaken("dict expected at most 1 argument")
    }
    var pairs: [(PythonValue, PythonValue)] = []
    switch arguments.positional.first {
    case nil: break
    case .dictionary(let other)?: pairs = other.items.map { ($0.key, $0.value) }
    case .object(let row as RowMapping)?: pairs = row.pairs
    case let value?:
      for element in try elements(of: value, arguments) {
        guard let parts = element.elements, parts.count == 2 else {
          throw arguments.raised("TypeError", "cannot convert dictionary update sequence element")
        }
        pairs.append((parts[0], parts[1]))
      }
    }
    pairs += arguments.keywords.map { (.string($0.name), $0.value) }
    for (key, value) in pairs {
      guard dictionary.set(key, to: value) else {
        throw ScriptError.notRead(
          "a key of type \(key.typeName) is not read",
          at: arguments.location
        )
      }
    }
    return .dictionary(dictionary)
  }

  private static func range(_ arguments: CallArguments) throws -> PythonValue {
    let bounds = try arguments.positional.map { value -> Int64 in
      guard let number = value.wholeNumber else {
        throw arguments.raised(
          "TypeError",
          "'\(value.typeName)' object cannot be interpreted as an integer"
        )
      }
      return number
    }
    guard (1...3).contains(bounds.count), arguments.keywords.isEmpty else {
      throw arguments.notTaken("range expected at most 3 arguments")
    }
    let start = bounds.count > 1 ? bounds[0] : 0
    let end = bounds.count > 1 ? bounds[1] : bounds[0]
    let step = bounds.count > 2 ? bounds[2] : 1
    guard step != 0 else {
      throw arguments.raised("ValueError", "range() arg 3 must not be zero")
    }
    // What a migration goes through is small; a larger range is a mistake that must not take all memory.
    let (distance, overflow) = end.subtractingReportingOverflow(start)
    let (quotient, isTooFar) = distance.dividedReportingOverflow(by: step)
    guard !overflow, !isTooFar, quotient < 1_000_000 else {
      throw ScriptError.notRead(
        "a range of more than a million numbers is not read",
        at: arguments.location
      )
    }
    let count =
      quotient < 0
      ? 0 : quotient + (distance % step == 0 ? 0 : (distance < 0) == (step < 0) ? 1 : 0)
    return .list(PythonList((0..<count).map { .integer(start &+ $0 &* step) }))
  }
}

/// An object that knows of which Python types it is.
protocol PythonTyped: PythonObject {
  /// Whether it is of a type; nil where the reader does not know.
  func isInstance(of type: PythonValue) -> Bool?
}

/// `globals()`: the names of the script, to be looked up by text, as templates for several databases do.
final class GlobalsObject: PythonObject {
  private let evaluator: Evaluator

  init(_ evaluator: Evaluator) {
    self.evaluator = evaluator
  }

  var typeName: String { "dict" }
  func attribute(_ name: String) -> PythonValue? { nil }

  func element(at index: PythonValue) -> PythonValue? {
    guard case .string(let name) = index else { return nil }
    return evaluator.globals.lookUp(name)
  }
}
