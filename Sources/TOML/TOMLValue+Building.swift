/// Putting the entries of a document together; a step into a list of tables leads into its last one.
extension TOMLValue {
  /// Sets the value of a path of keys that is not there yet.
  mutating func set(
    _ path: [String],
    _ value: TOMLValue,
    or error: TOMLError
  ) throws(TOMLError) {
    try change(path, or: error) { (old: TOMLValue?) throws(TOMLError) in
      guard old == nil else { throw error }
      return value
    }
  }

  /// Makes a table, unless it is there.
  mutating func open(_ path: [String], or error: TOMLError) throws(TOMLError) {
    try change(path, or: error) { (old: TOMLValue?) throws(TOMLError) in
      guard let old else { return .table([:]) }
      guard case .table = old else { throw error }
      return old
    }
  }

  /// Adds a table to a list of them.
  mutating func append(_ path: [String], or error: TOMLError) throws(TOMLError) {
    try change(path, or: error) { (old: TOMLValue?) throws(TOMLError) in
      guard let old else { return .array([.table([:])]) }
      guard case .array(let tables) = old else { throw error }
      return .array(tables + [.table([:])])
    }
  }

  /// Whether a path leads through a list of tables: then the same header may come again, for the next of them.
  func isInList(_ path: [String]) -> Bool {
    var value: TOMLValue? = self
    for key in path {
      guard case .table(let table) = value else { return false }
      value = table[key]
      if case .array(let values) = value {
        if key != path.last { return true }
        value = values.last
      }
    }
    return false
  }

  private mutating func change(
    _ path: [String],
    or error: TOMLError,
    _ body: (TOMLValue?) throws(TOMLError) -> TOMLValue
  ) throws(TOMLError) {
    guard let key = path.first else { return }
    switch self {
    case .table(var table):
      if path.count == 1 {
        table[key] = try body(table[key])
      } else {
        var inner = table[key] ?? .table([:])
        try inner.change(Array(path.dropFirst()), or: error, body)
        table[key] = inner
      }
      self = .table(table)
    case .array(var values):
      guard var last = values.popLast() else { throw error }
      try last.change(path, or: error, body)
      self = .array(values + [last])
    case .string, .boolean, .other: throw error
    }
  }
}
