internal import PythonSyntax

/// Builtin functions over what can be gone through.
extension Builtins {
  static let sequences: [String: Body] = [
    "len": { arguments, _ in
      let value = try only(arguments, "len")
      if case .set(let set) = value { return .integer(Int64(set.elements.count)) }
      if case .bytes(let bytes) = value { return .integer(Int64(bytes.count)) }
      if case .iterator = value {
        throw arguments.raised("TypeError", "object of type 'generator' has no len()")
      }
      guard let elements = value.elements else {
        throw arguments.raised("TypeError", "object of type '\(value.typeName)' has no len()")
      }
      return .integer(Int64(elements.count))
    },
    "enumerate": { arguments, _ in
      var start: Int64 = 0
      let given = arguments.keywords.first { $0.name == "start" }?.value
      if let value = given ?? arguments.positional.dropFirst().first {
        guard case .integer(let number) = value else {
          throw arguments.raised("TypeError", "an integer is required")
        }
        start = number
      }
      guard let value = arguments.positional.first else {
        throw arguments.notTaken("enumerate() missing required argument 'iterable'")
      }
      let pairs = try elements(of: value, arguments).enumerated().map {
        PythonValue.tuple([.integer(start &+ Int64($0.offset)), $0.element])
      }
      return .iterator(PythonIterator(pairs))
    },
    "zip": { arguments, _ in
      guard arguments.keywords.isEmpty else {
        throw ScriptError.notRead("the arguments of zip() are not read", at: arguments.location)
      }
      let columns = try arguments.positional.map { try elements(of: $0, arguments) }
      let count = columns.map(\.count).min() ?? 0
      return .iterator(
        PythonIterator((0..<count).map { index in .tuple(columns.map { $0[index] }) })
      )
    },
    "any": { arguments, _ in
      .boolean(try elements(of: try only(arguments, "any"), arguments).contains(where: \.isTrue))
    },
    "all": { arguments, _ in
      .boolean(try elements(of: try only(arguments, "all"), arguments).allSatisfy(\.isTrue))
    },
    "sum": { arguments, evaluator in
      var total = PythonValue.integer(0)
      guard arguments.positional.count == 1, arguments.keywords.isEmpty else {
        throw ScriptError.notRead("the arguments of sum() are not read", at: arguments.location)
      }
      for element in try elements(of: arguments.positional[0], arguments) {
        total = try evaluator.binary(total, .add, element, at: arguments.position)
      }
      return total
    },
    "sorted": { arguments, evaluator in
      let value = try only(arguments.withoutKeywords, "sorted")
      let all: [PythonValue]
      // The order that a set has makes no difference to what comes out sorted.
      if case .set(let set) = value {
        all = set.elements
      } else {
        all = try elements(of: value, arguments)
      }
      return .list(PythonList(try sorted(all, arguments, evaluator)))
    },
    "reversed": { arguments, _ in
      let value = try only(arguments, "reversed")
      return .iterator(PythonIterator(try elements(of: value, arguments).reversed()))
    },
    "min": { arguments, evaluator in try extreme(arguments, evaluator, isMinimum: true) },
    "max": { arguments, evaluator in try extreme(arguments, evaluator, isMinimum: false) },
    "map": { arguments, evaluator in
      guard arguments.positional.count == 2, arguments.keywords.isEmpty else {
        throw ScriptError.notRead("map() over several values is not read", at: arguments.location)
      }
      let values = try elements(of: arguments.positional[1], arguments).map {
        try evaluator.call(arguments.positional[0], arguments.with([$0]))
      }
      return .iterator(PythonIterator(values))
    },
    "filter": { arguments, evaluator in
      guard arguments.positional.count == 2, arguments.keywords.isEmpty else {
        throw arguments.notTaken("filter expected 2 arguments")
      }
      let test = arguments.positional[0]
      let values = try elements(of: arguments.positional[1], arguments).filter { element in
        if case .none = test { return element.isTrue }
        return try evaluator.call(test, arguments.with([element])).isTrue
      }
      return .iterator(PythonIterator(values))
    },
    "next": { arguments, _ in
      guard case .iterator(let iterator)? = arguments.positional.first,
        arguments.positional.count <= 2, arguments.keywords.isEmpty
      else {
        throw ScriptError.notRead("next() of this value is not read", at: arguments.location)
      }
      if let value = iterator.next() { return value }
      guard arguments.positional.count == 2 else {
        throw arguments.raised("StopIteration", "")
      }
      return arguments.positional[1]
    },
    "iter": { arguments, _ in
      let value = try only(arguments, "iter")
      if case .iterator = value { return value }
      return .iterator(PythonIterator(try elements(of: value, arguments)))
    },
  ]

  /// Elements in Python's order, stable, by `key=` and `reverse=`.
  static func sorted(
    _ elements: [PythonValue],
    _ arguments: CallArguments,
    _ evaluator: Evaluator
  ) throws -> [PythonValue] {
    var key = PythonValue.none
    var isReversed = false
    for (name, value) in arguments.keywords {
      switch name {
      case "key": key = value
      case "reverse": isReversed = value.isTrue
      default: throw arguments.notTaken("'\(name)' is an invalid keyword argument")
      }
    }
    var keyed = try elements.map { element in
      if case .none = key { return (key: element, element: element) }
      return (key: try evaluator.call(key, arguments.with([element])), element: element)
    }
    // Reversed twice, so that what is equal keeps its order, as in Python.
    if isReversed { keyed.reverse() }
    try keyed.sort { try isBefore($0.key, $1.key, arguments) }
    if isReversed { keyed.reverse() }
    return keyed.map(\.element)
  }

  private static func isBefore(
    _ left: PythonValue,
    _ right: PythonValue,
    _ arguments: CallArguments
  ) throws -> Bool {
    if let order = left.order(right) { return order < 0 }
    throw arguments.raised(
      "TypeError",
      "'<' not supported between instances of '\(left.typeName)' and '\(right.typeName)'"
    )
  }

  private static func extreme(
    _ arguments: CallArguments,
    _ evaluator: Evaluator,
    isMinimum: Bool
  ) throws -> PythonValue {
    let name = isMinimum ? "min" : "max"
    var candidates = arguments.positional
    if candidates.count == 1 {
      if case .set(let set) = candidates[0] {
        candidates = set.elements
      } else {
        candidates = try elements(of: candidates[0], arguments)
      }
    }
    var key = PythonValue.none
    var fallback: PythonValue?
    for (keyword, value) in arguments.keywords {
      switch keyword {
      case "key": key = value
      case "default": fallback = value
      default: throw arguments.notTaken("\(name)() got an unexpected keyword argument")
      }
    }
    func measured(_ value: PythonValue) throws -> PythonValue {
      if case .none = key { return value }
      return try evaluator.call(key, arguments.with([value]))
    }
    guard var best = candidates.first else {
      guard let fallback else {
        throw arguments.raised("ValueError", "\(name)() arg is an empty sequence")
      }
      return fallback
    }
    var measure = try measured(best)
    for candidate in candidates.dropFirst() {
      let next = try measured(candidate)
      if try isMinimum ? isBefore(next, measure, arguments) : isBefore(measure, next, arguments) {
        (best, measure) = (candidate, next)
      }
    }
    return best
  }
}
