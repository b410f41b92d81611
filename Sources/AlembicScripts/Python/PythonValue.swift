internal import PythonSyntax
internal import Schema

/// A value while a script runs: Python's own kinds, and what `op` and `sa` hand out.
enum PythonValue {
  case none
  case boolean(Bool)
  case integer(Int64)
  case float(Double)
  case string(String)
  case bytes([UInt8])
  case list(PythonList)
  case tuple([PythonValue])
  case dictionary(PythonDictionary)
  case set(PythonSet)
  /// A generator, or what `zip`, `map`, `reversed` and their kin give: gone through once.
  case iterator(PythonIterator)
  case function(PythonFunction)
  indirect case native(NativeFunction)
  case object(any PythonObject)
  indirect case schema(SchemaValue)
  /// An SQL expression.
  indirect case core(CoreExpression)
  case exceptionClass(String)
  indirect case exception(PythonException)
  /// `str`, `int`, `list` and their kin: called, and asked about by `isinstance`.
  case builtinType(String)
  /// A name whose value the reader could not make; using it is the error.
  indirect case unread(ScriptError)
}

/// A function that the script defines, with the scope it was defined in.
final class PythonFunction {
  let definition: FunctionDefinition
  let scope: Scope
  /// The defaults of its parameters: evaluated once, where it is defined.
  let defaults: [String: PythonValue]
  /// The names that are assigned anywhere in it, and so are local everywhere in it.
  private(set) lazy var locals = definition.localNames
  /// The script that it stands in.
  let evaluator: Evaluator

  init(
    _ definition: FunctionDefinition,
    scope: Scope,
    defaults: [String: PythonValue],
    evaluator: Evaluator
  ) {
    self.definition = definition
    self.scope = scope
    self.defaults = defaults
    self.evaluator = evaluator
  }
}

extension FunctionDefinition {
  /// The names that are assigned anywhere in the function, and its parameters.
  var localNames: Set<String> {
    Set(body.flatMap(\.allBoundNames) + parameters.all.map(\.name))
  }
}

/// A function of ours.
struct NativeFunction {
  var name: String
  /// What it takes, as far as that can be checked before a run.
  var signature: Signature?
  /// What is known of its value before a run.
  var result = StaticValue.anything
  var call: (CallArguments) throws -> PythonValue
}

/// An object of ours with attributes: a module, the bind, an inspector, batch operations.
protocol PythonObject: AnyObject {
  /// What Python would call its type.
  var typeName: String { get }
  /// The value of an attribute; nil if it has none of this name.
  func attribute(_ name: String) -> PythonValue?
  /// What `object[index]` gives; nil if the reader does not know.
  func element(at index: PythonValue) -> PythonValue?
  /// What it is gone through as; nil if it cannot be.
  var elements: [PythonValue]? { get }
  /// Whether Python takes it for true.
  var isTrue: Bool { get }
  /// Sets an attribute.
  ///
  /// - Returns: False if that is not read.
  func set(_ name: String, to value: PythonValue) -> Bool
  /// The object as `str` writes it; nil where the reader does not know.
  var text: String? { get }
  /// The object as `repr` writes it; nil where the reader does not know.
  var representation: String? { get }
  /// Whether it is equal to another value; nil where the reader does not know.
  func equals(_ other: PythonValue) -> Bool?
  /// Whether a value is in it; nil where the reader goes through it to find out.
  func contains(_ value: PythonValue) -> Bool?
}

extension PythonObject {
  func element(at index: PythonValue) -> PythonValue? { nil }
  var elements: [PythonValue]? { nil }
  var isTrue: Bool { true }
  func set(_ name: String, to value: PythonValue) -> Bool { false }
  var text: String? { nil }
  var representation: String? { nil }
  func contains(_ value: PythonValue) -> Bool? { nil }
  func equals(_ other: PythonValue) -> Bool? {
    if case .object(let object) = other, object === self { return true }
    return nil
  }
}

/// An object that can be called: a class of the script.
protocol PythonCallable: PythonObject {
  /// Calls it.
  func call(_ arguments: CallArguments) throws -> PythonValue
}

/// What a raised exception carries.
struct PythonException {
  var name: String
  var arguments: [PythonValue]
}

/// Names and their values: of the module, or of one call.
class Scope {
  var values: [String: PythonValue] = [:]
  /// The names that are local here, whether they have a value yet or not.
  var locals: Set<String> = []
  let outer: Scope?

  init(outer: Scope? = nil) {
    self.outer = outer
  }

  /// The value of a name; nil if it has none, also where it is local and has none yet.
  func lookUp(_ name: String) -> PythonValue? {
    if let value = values[name] {
      guard case .object(let object as BoundImport) = value else { return value }
      let imported = object.value
      values[name] = imported
      return imported
    }
    return locals.contains(name) ? nil : outer?.lookUp(name)
  }
}

/// The scope outside of every module: of its many names a script uses a few, so each is made when it is looked up.
final class BuiltinScope: Scope {
  override func lookUp(_ name: String) -> PythonValue? {
    if let value = values[name] { return value }
    guard let value = Builtins.value(of: name) else { return nil }
    // One function is one object as long as the script runs.
    values[name] = value
    return value
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
    case .bytes: "bytes"
    case .list: "list"
    case .tuple: "tuple"
    case .dictionary: "dict"
    case .set: "set"
    case .iterator: "iterator"
    case .function, .native: "function"
    case .object(let object): object.typeName
    case .schema(let value): value.typeName
    case .core: "ClauseElement"
    case .exceptionClass, .builtinType: "type"
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
    case .bytes(let value): !value.isEmpty
    case .list(let list): !list.elements.isEmpty
    case .tuple(let elements): !elements.isEmpty
    case .dictionary(let dictionary): !dictionary.items.isEmpty
    case .set(let set): !set.elements.isEmpty
    case .object(let object): object.isTrue
    default: true
    }
  }

  /// How many bytes about are in the value, and in what it holds, each counted as often as it is there.
  var weight: Int {
    switch self {
    case .string(let text), .schema(.text(let text)): 16 + text.utf8.count
    case .bytes(let bytes): 16 + bytes.count
    case .schema(.column(let column)): 64 + column.name.utf8.count
    case .list(let list): Self.weight(of: list.elements)
    case .tuple(let elements): Self.weight(of: elements)
    default: 16
    }
  }

  /// The weight of several values; of what is nested in them, only how much it is.
  static func weight(of values: [PythonValue]) -> Int {
    values.reduce(0) { sum, value in
      switch value {
      case .list(let list): sum + 16 * list.elements.count
      case .tuple(let elements): sum + 16 * elements.count
      default: sum + value.weight
      }
    }
  }

  /// The elements of a list as they are now.
  var listElements: [PythonValue]? {
    guard case .list(let list) = self else { return nil }
    return list.elements
  }

  /// The size that must not change while a loop goes through it; nil for what may grow.
  var watchedSize: Int? {
    switch self {
    case .dictionary(let dictionary): dictionary.items.count
    case .set(let set): set.elements.count
    case .list(let list): list.dictionary?.items.count
    default: nil
    }
  }

  /// The elements of a sequence, or the keys of a dictionary; nil for what cannot be gone through, or not in a known order.
  ///
  /// An iterator is empty afterwards.
  var elements: [PythonValue]? {
    switch self {
    case .list(let list): list.elements
    case .tuple(let elements): elements
    case .dictionary(let dictionary): dictionary.items.map(\.key)
    case .set(let set): set.orderedElements
    case .iterator(let iterator): iterator.drain()
    case .string(let text):
      // Each is a value of its own.
      RunBudget.allows(bytes: 64 * text.utf8.count)
        ? text.unicodeScalars.map { .string(String($0)) } : nil
    case .object(let object): object.elements
    default: nil
    }
  }
}
