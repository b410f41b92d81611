internal import PythonSyntax

/// Loops and `with`.
extension Evaluator {
  private static let mostRounds = 1_000_000

  func loop(
    _ target: Expression,
    _ iterable: Expression,
    _ body: [Statement],
    _ orElse: [Statement],
    in scope: Scope
  ) throws -> Flow {
    let value = try evaluate(iterable, in: scope)
    // What is left of an iterator after `break` is there for the next loop.
    if case .iterator(let iterator) = value {
      return try loop(target, { iterator.next() }, body, orElse, at: iterable.position, in: scope)
    }
    let elements = try iterated(value, at: iterable.position)
    var index = 0
    let watched = value.watchedSize
    // A list that grows meanwhile is followed, as in Python.
    let next: () throws -> PythonValue? = {
      if let watched, let now = value.watchedSize, now != watched {
        let what = if case .set = value { "Set" } else { "dictionary" }
        throw self.raised(
          "RuntimeError",
          "\(what) changed size during iteration",
          at: iterable.position
        )
      }
      let current = value.listElements ?? elements
      guard index < current.count else { return nil }
      defer { index += 1 }
      return current[index]
    }
    return try loop(target, next, body, orElse, at: iterable.position, in: scope)
  }

  private func loop(
    _ target: Expression,
    _ next: () throws -> PythonValue?,
    _ body: [Statement],
    _ orElse: [Statement],
    at position: SourcePosition,
    in scope: Scope
  ) throws -> Flow {
    var rounds = 0
    while let element = try next() {
      try count(&rounds, at: position)
      try assign(element, to: target, in: scope)
      switch try execute(body, in: scope) {
      case .next, .continued: continue
      case .broke: return .next
      case .returned(let value): return .returned(value)
      }
    }
    return try execute(orElse, in: scope)
  }

  func loop(
    while test: Expression,
    _ body: [Statement],
    _ orElse: [Statement],
    in scope: Scope
  ) throws -> Flow {
    var rounds = 0
    while try isTrue(test, in: scope) {
      try count(&rounds, at: test.position)
      switch try execute(body, in: scope) {
      case .next, .continued: continue
      case .broke: return .next
      case .returned(let value): return .returned(value)
      }
    }
    return try execute(orElse, in: scope)
  }

  private func count(_ rounds: inout Int, at position: SourcePosition) throws {
    rounds += 1
    guard rounds <= Self.mostRounds else {
      throw notRead("a loop of more than a million rounds is not read", at: position)
    }
  }

  func with(
    _ items: ArraySlice<WithItem>,
    _ body: [Statement],
    in scope: Scope
  ) throws -> Flow {
    guard let item = items.first else { return try execute(body, in: scope) }
    return try step(at: item.context.position) {
      try with(item, items.dropFirst(), body, in: scope)
    }
  }

  private func with(
    _ item: WithItem,
    _ rest: ArraySlice<WithItem>,
    _ body: [Statement],
    in scope: Scope
  ) throws -> Flow {
    let context = try evaluate(item.context, in: scope)
    guard case .object(let object) = context, let manager = object as? any PythonContextManager
    else {
      throw notRead(
        "'with' of a value of type \(context.typeName) is not read",
        at: item.context.position
      )
    }
    return try manager.run { entered in
      if let target = item.target { try assign(entered, to: target, in: scope) }
      // An exception inside the block leaves through here: what was queued is then not applied, as in alembic.
      return try with(rest, body, in: scope)
    }
  }
}

/// An object that `with` can enter and leave.
protocol PythonContextManager: PythonObject {
  /// What `as` gets.
  func enter() -> PythonValue
  /// Ends the block after a body that did not raise.
  func leave() throws
  /// Runs a body between entering and leaving.
  func run(_ body: (PythonValue) throws -> Evaluator.Flow) throws -> Evaluator.Flow
}

extension PythonContextManager {
  func run(_ body: (PythonValue) throws -> Evaluator.Flow) throws -> Evaluator.Flow {
    let flow = try body(enter())
    try leave()
    return flow
  }
}
