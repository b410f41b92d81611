internal import PythonSyntax

/// `try`, as far as Python could catch what was thrown; what the reader refuses, no script catches.
extension Evaluator {
  func attempt(
    _ clauses: TryStatement,
    at position: SourcePosition,
    in scope: Scope
  ) throws -> Flow {
    guard !clauses.isStarred else { throw notRead("'except*' is not read", at: position) }
    if let error = Modules.conditionalImport(in: clauses, self) { throw error }
    var flow: Flow
    do {
      flow = try guarded(clauses, in: scope)
    } catch {
      guard Raised(error) != nil else { throw error }
      switch try execute(clauses.finally, in: scope) {
      case .next: throw error
      // `return` in a finally swallows the exception, as in Python.
      case let ended: return ended
      }
    }
    switch try execute(clauses.finally, in: scope) {
    case .next: break
    case let ended: flow = ended
    }
    return flow
  }

  private func guarded(_ clauses: TryStatement, in scope: Scope) throws -> Flow {
    let flow: Flow
    do {
      flow = try execute(clauses.body, in: scope)
    } catch {
      guard let raised = Raised(error) else { throw error }
      for handler in clauses.handlers where try matches(raised, handler, in: scope) {
        handled.append(error)
        defer { handled.removeLast() }
        if let name = handler.name { scope.values[name] = named(raised) }
        // Python deletes the name at the end of the clause.
        defer { if let name = handler.name { scope.values[name] = nil } }
        return try execute(handler.body, in: scope)
      }
      throw error
    }
    guard case .next = flow else { return flow }
    return try execute(clauses.orElse, in: scope)
  }

  /// The exception as `as` names it.
  private func named(_ raised: Raised) -> PythonValue {
    let name = raised.exception.name
    guard modules.exceptions.isOpaque(name) else { return .exception(raised.exception) }
    let refusal = ScriptError.notRead("the message of a \(name) is not read", at: nil)
    return .exception(PythonException(name: name, arguments: [.unread(refusal)]))
  }

  private func matches(
    _ raised: Raised,
    _ handler: ExceptHandler,
    in scope: Scope
  ) throws -> Bool {
    guard let type = handler.type else { return true }
    let value = try evaluate(type, in: scope)
    let candidates: [PythonValue]
    if case .tuple(let elements) = value { candidates = elements } else { candidates = [value] }
    for candidate in candidates {
      guard case .exceptionClass(let name) = candidate else {
        throw notRead(
          "an 'except' of a value of type \(candidate.typeName) is not read",
          at: handler.position
        )
      }
      if modules.exceptions.isKind(raised.exception.name, of: name) { return true }
    }
    return false
  }
}

/// Something that was thrown and that Python would have raised.
struct Raised {
  /// The exception.
  var exception: PythonException

  /// The exception behind an error; nil for refusals and for what ends the run whatever a script says.
  init?(_ error: any Error) {
    guard let exception = Self.exception(of: error) else { return nil }
    self.exception = exception
  }

  private static func exception(of error: any Error) -> PythonException? {
    switch error {
    case let error as ScriptError:
      guard case .raised(let name) = error.code else { return nil }
      // The message of a KeyError is its key as Python writes it.
      let isQuoted =
        name == "KeyError" && error.message.utf8.count > 1 && error.message.hasPrefix("'")
      let message = isQuoted ? String(error.message.dropFirst().dropLast()) : error.message
      if name == "JSONDecodeError" {
        let refusal = ScriptError.notRead("the message of a JSONDecodeError is not read", at: nil)
        return PythonException(name: name, arguments: [.unread(refusal)])
      }
      return PythonException(name: name, arguments: message.isEmpty ? [] : [.string(message)])
    case let failure as ActionFailure:
      if let cause = failure.cause as? any DatabaseFailure {
        guard let name = cause.exceptionName else { return nil }
        return PythonException(name: name, arguments: [.string(cause.exceptionText)])
      }
      return (failure.cause as? ScriptError).flatMap(exception)
    default: return nil
    }
  }
}
