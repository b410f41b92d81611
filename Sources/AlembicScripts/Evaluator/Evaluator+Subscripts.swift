internal import PythonSyntax

/// Subscripts and slices.
extension Evaluator {
  func element(of value: Expression, at index: Expression, in scope: Scope) throws -> PythonValue {
    let container = try evaluate(value, in: scope)
    // `TypeDecorator[str]` is the class; what stands in the brackets is for those who check types.
    if case .object(let object) = container, object is TypeName { return container }
    if case .slice(let lower, let upper, let step) = index.kind {
      return try slice(
        container,
        try lower.map { try evaluate($0, in: scope) } ?? .none,
        try upper.map { try evaluate($0, in: scope) } ?? .none,
        try step.map { try evaluate($0, in: scope) } ?? .none,
        at: index.position
      )
    }
    return try element(of: container, at: try evaluate(index, in: scope), position: value.position)
  }

  func element(
    of value: PythonValue,
    at index: PythonValue,
    position: SourcePosition
  ) throws -> PythonValue {
    if case .dictionary(let dictionary) = value {
      switch dictionary.index(of: index) {
      case .found(let place): return dictionary.items[place].value
      case .absent: throw raised("KeyError", index.representation ?? "", at: position)
      case .unknown: throw notRead("a key of type \(index.typeName) is not read", at: position)
      }
    }
    if case .object(let object) = value, let element = object.element(at: index) {
      if case .unread(let error) = element { throw error }
      return element
    }
    if case .core(let expression) = value, let item = expression.jsonItem(at: index) {
      return .core(item)
    }
    guard let elements = value.sequence, case .integer(let number) = index else {
      throw notRead("this subscript of a value of type \(value.typeName) is not read", at: position)
    }
    let offset = number < 0 ? number + Int64(elements.count) : number
    guard offset >= 0, offset < elements.count else {
      let name = value.typeName == "str" ? "string" : value.typeName
      throw raised("IndexError", "\(name) index out of range", at: position)
    }
    return elements[Int(offset)]
  }

  private func slice(
    _ value: PythonValue,
    _ lower: PythonValue,
    _ upper: PythonValue,
    _ step: PythonValue,
    at position: SourcePosition
  ) throws -> PythonValue {
    guard let elements = value.sequence else {
      throw notRead("a slice of a value of type \(value.typeName) is not read", at: position)
    }
    let step = try bound(step, at: position) ?? 1
    guard step != 0 else { throw raised("ValueError", "slice step cannot be zero", at: position) }
    let count = elements.count
    func place(_ value: Int?, _ missing: Int) -> Int {
      guard let value else { return missing }
      let least = step < 0 ? -1 : 0
      let most = step < 0 ? count - 1 : count
      return value < 0 ? max(value + count, least) : min(value, most)
    }
    let start = place(try bound(lower, at: position), step < 0 ? count - 1 : 0)
    let end = place(try bound(upper, at: position), step < 0 ? -1 : count)
    var taken: [PythonValue] = []
    var index = start
    while step > 0 ? index < end : index > end {
      if elements.indices.contains(index) { taken.append(elements[index]) }
      let (next, overflow) = index.addingReportingOverflow(step)
      if overflow { break }
      index = next
    }
    return value.rebuilt(of: taken)
  }

  private func bound(_ value: PythonValue, at position: SourcePosition) throws -> Int? {
    switch value {
    case .none: return nil
    case .integer(let number):
      // What lies outside of every sequence is outside, however far.
      return Int(clamping: max(min(number, 1 << 40), -(1 << 40)))
    default:
      throw raised(
        "TypeError",
        "slice indices must be integers or None or have an __index__ method",
        at: position
      )
    }
  }
}

extension PythonValue {
  /// The elements of a value that is reached into by number.
  fileprivate var sequence: [PythonValue]? {
    switch self {
    case .list, .tuple, .string: elements
    case .bytes(let bytes): bytes.map { .integer(Int64($0)) }
    case .object(let object): object.elements
    default: nil
    }
  }

  /// A value of the same kind out of some of its elements.
  fileprivate func rebuilt(of elements: [PythonValue]) -> PythonValue {
    switch self {
    case .list: .list(PythonList(elements))
    case .string: .string(elements.compactMap(\.text).joined())
    case .bytes:
      .bytes(elements.compactMap { $0.wholeNumber.map { UInt8(truncatingIfNeeded: $0) } })
    default: .tuple(elements)
    }
  }
}
