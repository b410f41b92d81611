internal import PythonSyntax
internal import Schema

/// A value while a script runs: Python's own kinds, and what `op` and `sa` hand out.
indirect enum PythonValue {
  case none
  case boolean(Bool)
  case integer(Int64)
  case float(Double)
  case string(String)
  case list(PythonList)
  case tuple([PythonValue])
  case dictionary(PythonDictionary)
  case function(PythonFunction)
  case native(NativeFunction)
  case object(any PythonObject)
  case schema(SchemaValue)
  case exceptionClass(String)
  case exception(PythonException)
  /// A name whose value the reader could not make; using it is the error.
  case unread(ScriptError)
}

/// A list: shared by all who hold it, as in Python.
final class PythonList {
  var elements: [PythonValue]

  init(_ elements: [PythonValue]) {
    self.elements = elements
  }
}

/// A dictionary with string or integer keys, in insertion order.
final class PythonDictionary {
  var items: [(key: PythonValue, value: PythonValue)]

  init(_ items: [(key: PythonValue, value: PythonValue)]) {
    self.items = items
  }
}

/// A function that the script defines, with the scope it was defined in.
final class PythonFunction {
  let definition: FunctionDefinition
  let scope: Scope

  init(_ definition: FunctionDefinition, scope: Scope) {
    self.definition = definition
    self.scope = scope
  }
}

/// A function of ours.
struct NativeFunction {
  var name: String
  var call: (CallArguments) throws -> PythonValue
}

/// An object of ours with attributes: a module, the bind, an inspector, batch operations.
protocol PythonObject: AnyObject {
  /// What Python would call its type.
  var typeName: String { get }
  /// The value of an attribute; nil if it has none of this name.
  func attribute(_ name: String) -> PythonValue?
}

/// What a raised exception carries.
struct PythonException {
  var name: String
  var arguments: [PythonValue]
}

/// Names and their values: of the module, or of one call.
final class Scope {
  var values: [String: PythonValue] = [:]
  let outer: Scope?

  init(outer: Scope? = nil) {
    self.outer = outer
  }

  func lookUp(_ name: String) -> PythonValue? {
    values[name] ?? outer?.lookUp(name)
  }
}

extension PythonValue {
  /// What Python would call the value's type.
  var typeName: String {
    switch self {
    case .none: "NoneType"
    case .boolean: "bool"
    case .integer: "int"
    case .float: "float"
    case .string: "str"
    case .list: "list"
    case .tuple: "tuple"
    case .dictionary: "dict"
    case .function, .native: "function"
    case .object(let object): object.typeName
    case .schema(let value): value.typeName
    case .exceptionClass: "type"
    case .exception(let exception): exception.name
    case .unread: "unknown"
    }
  }

  /// Whether Python takes the value for true.
  var isTrue: Bool {
    switch self {
    case .none: false
    case .boolean(let value): value
    case .integer(let value): value != 0
    case .float(let value): value != 0
    case .string(let value): !value.isEmpty
    case .list(let list): !list.elements.isEmpty
    case .tuple(let elements): !elements.isEmpty
    case .dictionary(let dictionary): !dictionary.items.isEmpty
    default: true
    }
  }

  /// The elements of a sequence, or the keys of a dictionary; nil for what cannot be gone through.
  var elements: [PythonValue]? {
    switch self {
    case .list(let list): list.elements
    case .tuple(let elements): elements
    case .dictionary(let dictionary): dictionary.items.map(\.key)
    case .string(let text): text.unicodeScalars.map { .string(String($0)) }
    default: nil
    }
  }

  /// Whether two values are equal as Python's `==` has it; nil where the reader does not know.
  func equals(_ other: PythonValue) -> Bool? {
    switch (self, other) {
    case (.none, .none): return true
    case (.string(let left), .string(let right)):
      // Swift compares by canonical equivalence, Python scalar by scalar.
      return Array(left.unicodeScalars) == Array(right.unicodeScalars)
    case (.tuple(let left), .tuple(let right)): return Self.equal(left, right)
    case (.list(let left), .list(let right)): return Self.equal(left.elements, right.elements)
    default: break
    }
    if let left = number, let right = other.number { return left == right }
    if isPlain, other.isPlain { return false }
    return nil
  }

  /// The number of an integer, a boolean or a float.
  var number: Double? {
    switch self {
    case .boolean(let value): value ? 1 : 0
    case .integer(let value): Double(exactly: value)
    case .float(let value): value
    default: nil
    }
  }

  private var isPlain: Bool {
    switch self {
    case .none, .boolean, .integer, .float, .string, .list, .tuple: true
    default: false
    }
  }

  private static func equal(_ left: [PythonValue], _ right: [PythonValue]) -> Bool? {
    guard left.count == right.count else { return false }
    for (one, other) in zip(left, right) {
      guard let isEqual = one.equals(other) else { return nil }
      if !isEqual { return false }
    }
    return true
  }

  /// The value as Python's `str` writes it; nil where the reader does not know.
  var text: String? {
    switch self {
    case .string(let text): text
    case .exception(let exception):
      exception.arguments.count == 1 ? exception.arguments[0].text : representation
    default: representation
    }
  }

  /// The value as Python's `repr` writes it; nil where the reader does not know.
  var representation: String? {
    switch self {
    case .none: return "None"
    case .boolean(let value): return value ? "True" : "False"
    case .integer(let value): return String(value)
    case .float(let value):
      return value.magnitude < 1e16 && value.magnitude >= 1e-4 || value == 0 ? "\(value)" : nil
    case .string(let text): return PythonText.representation(text)
    case .list(let list): return Self.joined(list.elements).map { "[\($0)]" }
    case .tuple(let elements):
      return Self.joined(elements).map { elements.count == 1 ? "(\($0),)" : "(\($0))" }
    case .exception(let exception):
      return Self.joined(exception.arguments).map { "\(exception.name)(\($0))" }
    default: return nil
    }
  }

  private static func joined(_ values: [PythonValue]) -> String? {
    var texts: [String] = []
    for value in values {
      guard let text = value.representation else { return nil }
      texts.append(text)
    }
    return texts.joined(separator: ", ")
  }
}
