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

  /// Where a key is.
  enum Place {
    case found(Int)
    case absent
    /// The reader cannot tell whether the keys are equal.
    case unknown
  }

  func index(of key: PythonValue) -> Place {
    for (index, item) in items.enumerated() {
      switch item.key.equals(key) {
      case true?: return .found(index)
      case nil: return .unknown
      case false?: continue
      }
    }
    return key.equals(key) == true ? .absent : .unknown
  }
}

/// A function that the script defines, with the scope it was defined in.
final class PythonFunction {
  let definition: FunctionDefinition
  let scope: Scope
  /// The defaults of its parameters: evaluated once, where it is defined.
  let defaults: [String: PythonValue]
  /// The names that are assigned anywhere in it, and so are local everywhere in it.
  let locals: Set<String>

  init(
    _ definition: FunctionDefinition,
    scope: Scope,
    defaults: [String: PythonValue],
    locals: Set<String>
  ) {
    self.definition = definition
    self.scope = scope
    self.defaults = defaults
    self.locals = locals
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
  /// The names that are local here, whether they have a value yet or not.
  var locals: Set<String> = []
  let outer: Scope?

  init(outer: Scope? = nil) {
    self.outer = outer
  }

  /// The value of a name; nil if it has none, also where it is local and has none yet.
  func lookUp(_ name: String) -> PythonValue? {
    if let value = values[name] { return value }
    return locals.contains(name) ? nil : outer?.lookUp(name)
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

  /// The elements of a list as they are now.
  var listElements: [PythonValue]? {
    guard case .list(let list) = self else { return nil }
    return list.elements
  }

  /// The elements of a list or a tuple, where they are and not copied.
  var storage: [PythonValue]? {
    switch self {
    case .list(let list): list.elements
    case .tuple(let elements): elements
    default: nil
    }
  }

  /// How many bytes about are in the value and below it, each counted as often as it is there.
  var weight: Int {
    switch self {
    case .string(let text): 16 + text.utf8.count
    case .schema(let value): value.weight
    case .list, .tuple: Self.weight(of: storage ?? [])
    default: 16
    }
  }

  /// The weight of several values; of what is nested in them, only that of strings and the like.
  static func weight(of values: [PythonValue]) -> Int {
    values.reduce(0) { sum, value in
      sum + (value.storage.map { 16 * $0.count } ?? value.weight)
    }
  }

  /// The elements of a sequence, or the keys of a dictionary; nil for what cannot be gone through.
  var elements: [PythonValue]? {
    switch self {
    case .list(let list): list.elements
    case .tuple(let elements): elements
    case .dictionary(let dictionary):
      RunBudget.allows(bytes: 8 * dictionary.items.count) ? dictionary.items.map(\.key) : nil
    case .string(let text):
      // Each is a value of its own.
      RunBudget.allows(bytes: 64 * text.utf8.count)
        ? text.unicodeScalars.map { .string(String($0)) } : nil
    default: nil
    }
  }

  /// Whether two values are equal as Python's `==` has it; nil where the reader does not know.
  func equals(_ other: PythonValue, depth: Int = 0) -> Bool? {
    // A list may contain itself.
    guard depth < 50, RunBudget.allows(work: 1) else { return nil }
    switch (self, other) {
    case (.none, .none): return true
    case (.string(let left), .string(let right)):
      // Swift compares by canonical equivalence, Python scalar by scalar.
      guard left.utf8.count == right.utf8.count else { return false }
      guard RunBudget.allows(work: left.utf8.count / 16) else { return nil }
      return left.utf8.elementsEqual(right.utf8)
    case (.tuple(let left), .tuple(let right)): return Self.equal(left, right, depth)
    case (.list(let left), .list(let right)):
      return Self.equal(left.elements, right.elements, depth)
    default: break
    }
    if let left = wholeNumber, let right = other.wholeNumber { return left == right }
    if let left = number, let right = other.number { return left == right }
    if isPlain, other.isPlain { return false }
    return nil
  }

  /// The number of an integer or a boolean.
  var wholeNumber: Int64? {
    switch self {
    case .boolean(let value): value ? 1 : 0
    case .integer(let value): value
    default: nil
    }
  }

  /// The number of an integer, a boolean or a float; nil also where a float cannot say it exactly.
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

  private static func equal(
    _ left: [PythonValue],
    _ right: [PythonValue],
    _ depth: Int
  ) -> Bool? {
    guard left.count == right.count else { return false }
    for (one, other) in zip(left, right) {
      guard let isEqual = one.equals(other, depth: depth + 1) else { return nil }
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
  var representation: String? { representation(depth: 0) }

  private func representation(depth: Int) -> String? {
    guard depth < 50, RunBudget.allows(work: 1) else { return nil }
    switch self {
    case .none: return "None"
    case .boolean(let value): return value ? "True" : "False"
    case .integer(let value): return String(value)
    case .float(let value):
      return value.magnitude < 1e16 && value.magnitude >= 1e-4 || value == 0 ? "\(value)" : nil
    case .string(let text):
      // Quotes, and up to four characters for one.
      return RunBudget.allows(bytes: 4 * text.utf8.count + 2)
        ? PythonText.representation(text) : nil
    case .list(let list): return Self.joined(list.elements, depth).map { "[\($0)]" }
    case .tuple(let elements):
      return Self.joined(elements, depth).map { elements.count == 1 ? "(\($0),)" : "(\($0))" }
    case .exception(let exception):
      return Self.joined(exception.arguments, depth).map { "\(exception.name)(\($0))" }
    default: return nil
    }
  }

  private static func joined(_ values: [PythonValue], _ depth: Int) -> String? {
    var texts: [String] = []
    for value in values {
      guard let text = value.representation(depth: depth + 1) else { return nil }
      guard RunBudget.allows(bytes: text.utf8.count + 2) else { return nil }
      texts.append(text)
    }
    return texts.joined(separator: ", ")
  }
}
