/// The methods of `list`, `dict` and `set`.
extension ValueMethods {
  static let lists: [String: Method<PythonList>] = [
    "append": Method(1...1) { list, arguments, _ in
      list.elements += arguments
      return PythonValue.none
    },
    "extend": Method(1...1) { list, arguments, call in
      let more = try Builtins.elements(of: arguments[0], call)
      guard RunBudget.allows(bytes: 8 * more.count) else { return nil }
      list.elements += more
      return PythonValue.none
    },
    "insert": Method(2...2) { list, arguments, _ in
      guard case .integer(let number) = arguments[0] else { return nil }
      let count = Int64(list.elements.count)
      let place = number < 0 ? max(0, number + count) : min(number, count)
      list.elements.insert(arguments[1], at: Int(place))
      return PythonValue.none
    },
    "pop": Method(0...1) { list, arguments, call in
      guard !list.elements.isEmpty else { throw call.raised("IndexError", "pop from empty list") }
      guard let first = arguments.first else { return list.elements.removeLast() }
      guard case .integer(let number) = first else { return nil }
      let offset = number < 0 ? number + Int64(list.elements.count) : number
      guard offset >= 0, offset < list.elements.count else {
        throw call.raised("IndexError", "pop index out of range")
      }
      return list.elements.remove(at: Int(offset))
    },
    "remove": Method(1...1) { list, arguments, call in
      for (place, element) in list.elements.enumerated() {
        guard let isEqual = element.equals(arguments[0]) else { return nil }
        if isEqual {
          list.elements.remove(at: place)
          return PythonValue.none
        }
      }
      throw call.raised("ValueError", "list.remove(x): x not in list")
    },
    "reverse": Method(0...0) { list, _, _ in
      list.elements.reverse()
      return PythonValue.none
    },
    "index": Method(1...1) { list, arguments, call in
      for (place, element) in list.elements.enumerated() {
        guard let isEqual = element.equals(arguments[0]) else { return nil }
        if isEqual { return .integer(Int64(place)) }
      }
      throw call.raised("ValueError", "\(arguments[0].representation ?? "value") is not in list")
    },
    "count": Method(1...1) { list, arguments, _ in
      var count: Int64 = 0
      for element in list.elements {
        guard let isEqual = element.equals(arguments[0]) else { return nil }
        if isEqual { count += 1 }
      }
      return .integer(count)
    },
    "copy": Method(0...0) { list, _, _ in .list(PythonList(list.elements)) },
    "clear": Method(0...0) { list, _, _ in
      list.elements = []
      return PythonValue.none
    },
  ]

  static let dictionaries: [String: Method<PythonDictionary>] = [
    "items": Method(0...0) { dictionary, _, _ in
      .list(PythonList(of: dictionary) { $0.items.map { .tuple([$0.key, $0.value]) } })
    },
    "keys": Method(0...0) { dictionary, _, _ in
      .list(PythonList(of: dictionary) { $0.items.map(\.key) })
    },
    "values": Method(0...0) { dictionary, _, _ in
      .list(PythonList(of: dictionary) { $0.items.map(\.value) })
    },
    "get": Method(1...2) { dictionary, arguments, _ in
      switch dictionary.index(of: arguments[0]) {
      case .found(let place): return dictionary.items[place].value
      case .absent: return arguments.dropFirst().first ?? PythonValue.none
      case .unknown: return nil
      }
    },
    "setdefault": Method(1...2) { dictionary, arguments, _ in
      if case .found(let place) = dictionary.index(of: arguments[0]) {
        return dictionary.items[place].value
      }
      let value = arguments.dropFirst().first ?? PythonValue.none
      return dictionary.set(arguments[0], to: value) ? value : nil
    },
    "pop": Method(1...2) { dictionary, arguments, call in
      switch dictionary.index(of: arguments[0]) {
      case .found(let place): return dictionary.items.remove(at: place).value
      case .absent:
        if arguments.count > 1 { return arguments[1] }
        throw call.raised("KeyError", arguments[0].representation ?? "")
      case .unknown: return nil
      }
    },
    "update": Method(1...1) { dictionary, arguments, _ in
      guard case .dictionary(let other) = arguments[0] else { return nil }
      for item in other.items { _ = dictionary.set(item.key, to: item.value) }
      return PythonValue.none
    },
    "copy": Method(0...0) { dictionary, _, _ in .dictionary(PythonDictionary(dictionary.items)) },
    "clear": Method(0...0) { dictionary, _, _ in
      dictionary.items = []
      return PythonValue.none
    },
  ]

  static let sets: [String: Method<PythonSet>] = [
    "add": Method(1...1) { set, arguments, _ in
      !set.isFrozen && set.insert(arguments[0]) ? PythonValue.none : nil
    },
    "discard": Method(1...1) { set, arguments, _ in
      !set.isFrozen && set.remove(arguments[0]) != nil ? PythonValue.none : nil
    },
    "remove": Method(1...1) { set, arguments, call in
      guard !set.isFrozen, let wasThere = set.remove(arguments[0]) else { return nil }
      guard wasThere else { throw call.raised("KeyError", arguments[0].representation ?? "") }
      return PythonValue.none
    },
    "union": Method(1...1) { set, arguments, call in
      PythonSet(set.elements + (try members(arguments[0], call))).map { .set($0) }
    },
    "intersection": Method(1...1) { set, arguments, call in
      guard let other = PythonSet(try members(arguments[0], call)) else { return nil }
      return PythonSet(set.elements.filter { other.contains($0) == true }).map { .set($0) }
    },
    "difference": Method(1...1) { set, arguments, call in
      guard let other = PythonSet(try members(arguments[0], call)) else { return nil }
      return PythonSet(set.elements.filter { other.contains($0) == false }).map { .set($0) }
    },
    "issubset": Method(1...1) { set, arguments, call in
      guard let other = PythonSet(try members(arguments[0], call)) else { return nil }
      return .boolean(set.elements.allSatisfy { other.contains($0) == true })
    },
    "issuperset": Method(1...1) { set, arguments, call in
      .boolean(try members(arguments[0], call).allSatisfy { set.contains($0) == true })
    },
    "update": Method(1...1) { set, arguments, call in
      guard !set.isFrozen else { return nil }
      for element in try members(arguments[0], call) {
        guard set.insert(element) else { return nil }
      }
      return PythonValue.none
    },
    "copy": Method(0...0) { set, _, _ in PythonSet(set.elements).map { .set($0) } },
  ]

  private static func members(
    _ value: PythonValue,
    _ call: CallArguments
  ) throws -> [PythonValue] {
    if case .set(let set) = value { return set.elements }
    return try Builtins.elements(of: value, call)
  }
}
