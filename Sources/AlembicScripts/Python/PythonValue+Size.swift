/// How much there is in a value, so that nobody sets out to go through what has no end.
extension PythonValue {
  /// Whether it has at most a million parts, each counted as often as it is there.
  ///
  /// A list that holds one list twice, which holds one list twice, and so on forty times, is small in memory and has more
  /// parts than any run could compare or write out; one that holds itself has no end at all.
  var isFinite: Bool {
    var rest = 1_000_000
    return takeParts(from: &rest, depth: 0)
  }

  private func takeParts(from rest: inout Int, depth: Int) -> Bool {
    rest -= 1
    guard rest > 0, depth < 50 else { return false }
    switch self {
    case .list(let list): return Self.takeParts(of: list.elements, from: &rest, depth)
    case .tuple(let elements): return Self.takeParts(of: elements, from: &rest, depth)
    case .set(let set): return Self.takeParts(of: set.elements, from: &rest, depth)
    case .exception(let exception):
      return Self.takeParts(of: exception.arguments, from: &rest, depth)
    case .dictionary(let dictionary):
      for item in dictionary.items {
        guard item.key.takeParts(from: &rest, depth: depth + 1),
          item.value.takeParts(from: &rest, depth: depth + 1)
        else { return false }
      }
      return true
    default: return true
    }
  }

  private static func takeParts(
    of values: [PythonValue],
    from rest: inout Int,
    _ depth: Int
  ) -> Bool {
    for value in values {
      guard value.takeParts(from: &rest, depth: depth + 1) else { return false }
    }
    return true
  }
}
