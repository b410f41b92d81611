internal import PythonSyntax

/// Assignments to names, elements and attributes, and `del`.
extension Evaluator {
  func assign(_ value: PythonValue, to target: Expression, in scope: Scope) throws {
    switch target.kind {
    case .name(let name):
      scope.values[name] = value
    case .tuple(let targets), .list(let targets):
      try unpack(value, into: targets, at: target.position, in: scope)
    case .subscript(let container, let index):
      try set(
        try evaluate(index, in: scope),
        of: try evaluate(container, in: scope),
        to: value,
        at: target.position
      )
    case .attribute(let owner, let name):
      let owner = try evaluate(owner, in: scope)
      guard case .object(let object) = owner, object.set(name, to: value) else {
        throw notRead(
          "an assignment to '\(name)' of \(owner.typeName) is not read",
          at: target.position
        )
      }
    default:
      throw notRead("this assignment is not read", at: target.position)
    }
  }

  private func unpack(
    _ value: PythonValue,
    into targets: [Expression],
    at position: SourcePosition,
    in scope: Scope
  ) throws {
    guard let elements = value.elements else {
      throw raised("TypeError", "cannot unpack non-iterable \(value.typeName) object", at: position)
    }
    let starred = targets.firstIndex {
      if case .starred = $0.kind { return true }
      return false
    }
    guard let starred else {
      guard elements.count == targets.count else {
        let message =
          elements.count > targets.count
          ? "too many values to unpack (expected \(targets.count))"
          : "not enough values to unpack (expected \(targets.count), got \(elements.count))"
        throw raised("ValueError", message, at: position)
      }
      for (target, element) in zip(targets, elements) { try assign(element, to: target, in: scope) }
      return
    }
    let tail = targets.count - starred - 1
    guard elements.count >= starred + tail, case .starred(let middle) = targets[starred].kind else {
      throw raised(
        "ValueError",
        "not enough values to unpack (expected at least \(starred + tail), got \(elements.count))",
        at: position
      )
    }
    for (target, element) in zip(targets[..<starred], elements) {
      try assign(element, to: target, in: scope)
    }
    let list = PythonList(Array(elements[starred..<(elements.count - tail)]))
    try assign(.list(list), to: middle, in: scope)
    for (target, element) in zip(targets[(starred + 1)...], elements[(elements.count - tail)...]) {
      try assign(element, to: target, in: scope)
    }
  }

  private func set(
    _ index: PythonValue,
    of container: PythonValue,
    to value: PythonValue,
    at position: SourcePosition
  ) throws {
    switch (container, index) {
    case (.dictionary(let dictionary), _):
      guard dictionary.set(index, to: value) else {
        throw notRead("a key of type \(index.typeName) is not read", at: position)
      }
    case (.list(let list), .integer(let number)):
      let offset = number < 0 ? number + Int64(list.elements.count) : number
      guard offset >= 0, offset < list.elements.count else {
        throw raised("IndexError", "list assignment index out of range", at: position)
      }
      list.elements[Int(offset)] = value
    default:
      throw notRead(
        "an assignment into a value of type \(container.typeName) is not read",
        at: position
      )
    }
  }

  func augment(
    _ target: Expression,
    _ sign: BinaryOperator,
    _ value: Expression,
    at position: SourcePosition,
    in scope: Scope
  ) throws {
    let left = try evaluate(target, in: scope)
    let right = try evaluate(value, in: scope)
    // Python changes lists, sets and dictionaries in place, for all who hold them.
    switch (left, sign, right) {
    case (.list(let list), .add, _):
      let more = try iterated(right, at: position)
      if RunBudget.allows(bytes: 8 * more.count) { list.elements += more }
    case (.set(let set), .bitwiseOr, .set(let other)) where !set.isFrozen:
      for element in other.elements { _ = set.insert(element) }
    case (.set(let set), .subtract, .set(let other)) where !set.isFrozen:
      for element in other.elements { _ = set.remove(element) }
    case (.dictionary(let dictionary), .bitwiseOr, .dictionary(let other)):
      for item in other.items { _ = dictionary.set(item.key, to: item.value) }
    default:
      try assign(try binary(left, sign, right, at: position), to: target, in: scope)
      return
    }
    try assign(left, to: target, in: scope)
  }

  func delete(_ target: Expression, in scope: Scope) throws {
    switch target.kind {
    case .name(let name):
      guard scope.values.removeValue(forKey: name) != nil else {
        throw raised("NameError", "name '\(name)' is not defined", at: target.position)
      }
    case .subscript(let container, let index):
      let value = try evaluate(container, in: scope)
      let index = try evaluate(index, in: scope)
      guard case .dictionary(let dictionary) = value else {
        throw notRead("'del' of a part of \(value.typeName) is not read", at: target.position)
      }
      switch dictionary.index(of: index) {
      case .found(let place): dictionary.items.remove(at: place)
      case .absent: throw raised("KeyError", index.representation ?? "", at: target.position)
      case .unknown:
        throw notRead("a key of type \(index.typeName) is not read", at: target.position)
      }
    default:
      throw notRead("this 'del' is not read", at: target.position)
    }
  }
}
