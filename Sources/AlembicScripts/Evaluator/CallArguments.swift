internal import PythonSyntax
internal import Revisions
internal import Schema

/// The arguments of one call, evaluated, and read out by name and kind.
struct CallArguments {
  var positional: [PythonValue]
  var keywords: [(name: String, value: PythonValue)]
  var location: Revision.Location
  /// The script that calls; what sorts by a function of the script calls it through here.
  var evaluator: Evaluator?

  /// The place as a position in the script.
  var position: SourcePosition { SourcePosition(line: location.line, column: location.column) }

  /// The same call without its keywords.
  var withoutKeywords: CallArguments {
    var arguments = self
    arguments.keywords = []
    return arguments
  }

  /// A call from the same place with other arguments.
  func with(_ positional: [PythonValue]) -> CallArguments {
    CallArguments(positional: positional, keywords: [], location: location, evaluator: evaluator)
  }

  /// Matches the arguments with a signature.
  func bound(to signature: Signature) throws(ScriptError) -> BoundArguments {
    var values: [String: PythonValue] = [:]
    var others: [(name: String, value: PythonValue)] = []
    for (name, value) in zip(signature.positional, positional) { values[name] = value }
    let rest = Array(positional.dropFirst(signature.positional.count))
    if !rest.isEmpty, !signature.isVariadic {
      throw notTaken(
        "\(signature.name) takes \(signature.positional.count) positional arguments but \(positional.count) were given"
      )
    }
    for (name, value) in keywords {
      guard signature.takes(name) else {
        throw .notRead("the argument '\(name)' of \(signature.name) is not read", at: location)
      }
      if signature.takesAnyKeyword, !signature.positional.contains(name),
        !signature.keywords.contains(name)
      {
        others.append((name, value))
        continue
      }
      if signature.ignores(name) { continue }
      guard values[name] == nil else {
        throw notTaken("\(signature.name) got multiple values for argument '\(name)'")
      }
      values[name] = value
    }
    for name in signature.positional.prefix(signature.required) where values[name] == nil {
      throw notTaken("\(signature.name) missing required argument: '\(name)'")
    }
    if let schema = values["schema"], case .none = schema {
    } else if values["schema"] != nil {
      throw .notRead("a schema of \(signature.name) is not read", at: location)
    }
    return BoundArguments(
      name: signature.name,
      values: values,
      rest: rest,
      others: others,
      location: location,
      evaluator: evaluator
    )
  }

  /// Arguments that are not read here; Python may take them, so that no script may catch it.
  func notTaken(_ message: String) -> ScriptError {
    ScriptError.notRead("\(message), or such a call is not read", at: location)
  }

  func raised(_ exception: String, _ message: String) -> ScriptError {
    ScriptError(.raised(exception), message, at: location)
  }
}

extension CallArguments {
  /// How many bytes about are in the arguments.
  var weight: Int {
    PythonValue.weight(of: positional) + PythonValue.weight(of: keywords.map(\.value))
  }
}

/// Arguments by parameter name, read out as the kind that is wanted.
struct BoundArguments {
  var name: String
  var values: [String: PythonValue]
  var rest: [PythonValue]
  /// What was given by names that the signature does not list.
  var others: [(name: String, value: PythonValue)] = []
  var location: Revision.Location
  /// The script that calls.
  var evaluator: Evaluator?

  func string(_ parameter: String) throws(ScriptError) -> String {
    guard let value = try optionalString(parameter) else {
      throw wrongKind(parameter, values[parameter] ?? .none)
    }
    return value
  }

  func optionalString(_ parameter: String) throws(ScriptError) -> String? {
    switch values[parameter] {
    case nil, .some(.none): return nil
    case .string(let text), .schema(.finalName(let text)): return text
    case .some(let value): throw wrongKind(parameter, value)
    }
  }

  func optionalBoolean(_ parameter: String) throws(ScriptError) -> Bool? {
    switch values[parameter] {
    case nil, .some(.none): return nil
    case .boolean(let value): return value
    case .integer(0): return false
    case .integer(1): return true
    case .some(let value): throw wrongKind(parameter, value)
    }
  }

  func boolean(_ parameter: String) throws(ScriptError) -> Bool {
    try optionalBoolean(parameter) ?? false
  }

  func strings(_ parameter: String) throws(ScriptError) -> [String] {
    guard let value = values[parameter], let elements = value.elements else {
      throw wrongKind(parameter, values[parameter] ?? .none)
    }
    if case .string = value { throw wrongKind(parameter, value) }
    var strings: [String] = []
    for element in elements {
      switch element {
      case .string(let text), .schema(.finalName(let text)): strings.append(text)
      default: throw wrongKind(parameter, element)
      }
    }
    return strings
  }

  func optionalType(_ parameter: String) throws(ScriptError) -> ColumnType? {
    guard let value = values[parameter], case let given = value else { return nil }
    if case .none = given { return nil }
    do {
      if let type = try given.columnType { return type }
    } catch {
      throw ScriptError(.raised(error.code.exception), error.message, at: location)
    }
    throw wrongKind(parameter, given)
  }

  /// A default as SQLAlchemy takes it: a string, which it quotes, or SQL.
  func optionalDefault(_ parameter: String) throws(ScriptError) -> ServerDefault? {
    switch values[parameter] {
    case nil, .some(.none): return nil
    case .string(let text): return .string(text)
    case .schema(.text(let text)): return .text(text)
    case .core(let expression): return .expression(try expression.literalSQL(location))
    case .some(let value):
      throw ScriptError(
        .raised("ArgumentError"),
        "the argument '\(parameter)' of \(name) must be a string or SQL, not \(value.typeName)",
        at: location
      )
    }
  }

  func wrongKind(_ parameter: String, _ value: PythonValue) -> ScriptError {
    // Python may take it, so that no script may catch it.
    ScriptError.notRead(
      "the argument '\(parameter)' of \(name) cannot be a value of type \(value.typeName), or that is not read",
      at: location
    )
  }
}
