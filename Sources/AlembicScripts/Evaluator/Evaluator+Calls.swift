internal import PythonSyntax
internal import Revisions
internal import Schema

/// Calls.
extension Evaluator {
  func call(
    _ function: Expression,
    _ arguments: [Argument],
    at position: SourcePosition,
    in scope: Scope
  ) throws -> PythonValue {
    let callee = try evaluate(function, in: scope)
    var call = CallArguments(
      positional: [],
      keywords: [],
      location: location(position),
      evaluator: self
    )
    for argument in arguments {
      let value = try evaluate(argument.value, in: scope)
      switch argument.kind {
      case .positional: call.positional.append(value)
      case .keyword(let name): call.keywords.append((name, value))
      case .unpackedSequence:
        guard let elements = value.elements else {
          throw raised("TypeError", "argument after * must be an iterable", at: argument.position)
        }
        guard RunBudget.allows(bytes: 8 * elements.count) else { break }
        call.positional += elements
      case .unpackedMapping:
        guard case .dictionary(let dictionary) = value else {
          throw raised("TypeError", "argument after ** must be a mapping", at: argument.position)
        }
        for item in dictionary.items {
          guard case .string(let name) = item.key else {
            throw raised("TypeError", "keywords must be strings", at: argument.position)
          }
          call.keywords.append((name, item.value))
        }
      }
    }
    return try self.call(callee, call)
  }

  /// Calls a value.
  func call(_ callee: PythonValue, _ arguments: CallArguments) throws -> PythonValue {
    // What is made of the arguments is about as large as they are.
    guard RunBudget.allows(bytes: arguments.weight) else { return .none }
    do {
      switch callee {
      case .function(let function): return try call(function, arguments)
      case .native(let function): return try function.call(arguments)
      case .builtinType(let name): return try Builtins.construct(name, arguments, in: self)
      case .exceptionClass(let name):
        if modules.exceptions.isOpaque(name) {
          let refusal = ScriptError.notRead("the message of a \(name) is not read", at: nil)
          return .exception(PythonException(name: name, arguments: [.unread(refusal)]))
        }
        guard arguments.keywords.isEmpty else {
          throw ScriptError.notRead("keywords of an exception are not read", at: arguments.location)
        }
        return .exception(PythonException(name: name, arguments: arguments.positional))
      case .schema(.typeName(let name)):
        return .schema(.type(try TypeReader.type(name, arguments)))
      case .schema(.dialectType(let name, let dialect)):
        return .schema(.type(try TypeReader.type(name, in: dialect, arguments)))
      case .object(let object as any PythonCallable): return try object.call(arguments)
      case let value:
        throw arguments.notTaken("'\(value.typeName)' object is not callable")
      }
    } catch let error as SchemaError {
      throw Self.scriptError(error, at: arguments.location)
    }
  }

  /// The values of the parameters that have a default, evaluated where the function is defined.
  func defaults(of parameters: Parameters, in scope: Scope) throws -> [String: PythonValue] {
    var defaults: [String: PythonValue] = [:]
    for parameter in parameters.all {
      guard let value = parameter.defaultValue else { continue }
      defaults[parameter.name] = try evaluate(value, in: scope)
    }
    return defaults
  }
}
