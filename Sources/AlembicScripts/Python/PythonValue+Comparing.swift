/// Equality and order, as Python has them.
extension PythonValue {
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
    case (.bytes(let left), .bytes(let right)):
      return RunBudget.allows(work: left.count / 16) ? left == right : nil
    case (.tuple(let left), .tuple(let right)): return Self.equal(left, right, depth)
    case (.list(let left), .list(let right)):
      return Self.equal(left.elements, right.elements, depth)
    case (.dictionary(let left), .dictionary(let right)): return Self.equal(left, right, depth)
    case (.set(let left), .set(let right)):
      guard left.elements.count == right.elements.count else { return false }
      for element in left.elements {
        guard let isThere = right.contains(element) else { return nil }
        if !isThere { return false }
      }
      return true
    case (.object(let object), _): return object.equals(other)
    case (_, .object(let object)): return object.equals(self)
    case (.schema(.finalName(let name)), .string(let text)),
      (.string(let text), .schema(.finalName(let name))):
      return name == text
    case (.builtinType(let left), .builtinType(let right)): return left == right
    case (.exceptionClass(let left), .exceptionClass(let right)): return left == right
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
    case .none, .boolean, .integer, .float, .string, .bytes, .list, .tuple, .dictionary, .set: true
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

  private static func equal(
    _ left: PythonDictionary,
    _ right: PythonDictionary,
    _ depth: Int
  ) -> Bool? {
    guard left.items.count == right.items.count else { return false }
    for item in left.items {
      switch right.index(of: item.key) {
      case .absent: return false
      case .unknown: return nil
      case .found(let place):
        guard let isEqual = item.value.equals(right.items[place].value, depth: depth + 1) else {
          return nil
        }
        if !isEqual { return false }
      }
    }
    return true
  }

  /// Less than 0 if the value comes before another one, 0 if they are equal; nil where Python raises or the reader does not know.
  func order(_ other: PythonValue, depth: Int = 0) -> Int? {
    guard depth < 50, RunBudget.allows(work: 1) else { return nil }
    if let left = wholeNumber, let right = other.wholeNumber {
      return left < right ? -1 : left == right ? 0 : 1
    }
    if let left = number, let right = other.number {
      return left < right ? -1 : left == right ? 0 : left > right ? 1 : nil
    }
    switch (self, other) {
    case (.string(let left), .string(let right)):
      guard RunBudget.allows(work: min(left.utf8.count, right.utf8.count) / 4) else { return nil }
      if left.unicodeScalars.elementsEqual(right.unicodeScalars) { return 0 }
      return left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars) {
        $0.value < $1.value
      } ? -1 : 1
    case (.bytes(let left), .bytes(let right)):
      return left == right ? 0 : left.lexicographicallyPrecedes(right) ? -1 : 1
    case (.tuple(let left), .tuple(let right)): return Self.order(left, right, depth)
    case (.list(let left), .list(let right)):
      return Self.order(left.elements, right.elements, depth)
    case (.object(let left as DateValue), .object(let right as DateValue)):
      return left.order(right)
    default: return nil
    }
  }

  private static func order(
    _ left: [PythonValue],
    _ right: [PythonValue],
    _ depth: Int
  ) -> Int? {
    for (one, other) in zip(left, right) {
      guard let isEqual = one.equals(other, depth: depth + 1) else { return nil }
      if !isEqual { return one.order(other, depth: depth + 1) }
    }
    return left.count < right.count ? -1 : left.count == right.count ? 0 : 1
  }
}
