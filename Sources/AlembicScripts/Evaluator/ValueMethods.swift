/// The methods of Python's own values that the reader knows.
enum ValueMethods {
  /// Their names, for the check before anything runs.
  static let names: Set<String> = [
    "append", "items", "keys", "values", "get", "lower", "upper", "strip",
  ]

  /// The method of a value, ready to be called; nil if the reader does not know it.
  static func method(_ name: String, of value: PythonValue) -> PythonValue? {
    switch (value, name) {
    case (.list(let list), "append"):
      function(name, 1...1) { arguments in
        guard RunBudget.allows(bytes: 64) else { return nil }
        list.elements += arguments
        return PythonValue.none
      }
    case (.dictionary(let dictionary), "items"):
      function(name, 0...0) { _ in
        guard RunBudget.allows(bytes: 128 * dictionary.items.count) else { return nil }
        return .list(PythonList(dictionary.items.map { .tuple([$0.key, $0.value]) }))
      }
    case (.dictionary(let dictionary), "keys"):
      function(name, 0...0) { _ in
        guard RunBudget.allows(bytes: 8 * dictionary.items.count) else { return nil }
        return .list(PythonList(dictionary.items.map(\.key)))
      }
    case (.dictionary(let dictionary), "values"):
      function(name, 0...0) { _ in
        guard RunBudget.allows(bytes: 8 * dictionary.items.count) else { return nil }
        return .list(PythonList(dictionary.items.map(\.value)))
      }
    case (.dictionary(let dictionary), "get"):
      function(name, 1...2) { arguments in
        switch dictionary.index(of: arguments[0]) {
        case .found(let index): return dictionary.items[index].value
        case .absent: return arguments.dropFirst().first ?? PythonValue.none
        case .unknown: return nil
        }
      }
    case (.string(let text), "lower"):
      function(name, 0...0) { _ in
        guard text.isASCII, RunBudget.allows(bytes: text.utf8.count) else { return nil }
        return .string(text.lowercased())
      }
    case (.string(let text), "upper"):
      function(name, 0...0) { _ in
        guard text.isASCII, RunBudget.allows(bytes: text.utf8.count) else { return nil }
        return .string(text.uppercased())
      }
    case (.string(let text), "strip"):
      function(name, 0...0) { _ in
        RunBudget.allows(bytes: 4 * text.utf8.count) ? .string(PythonText.stripped(text)) : nil
      }
    default: nil
    }
  }

  private static func function(
    _ name: String,
    _ count: ClosedRange<Int>,
    _ body: @escaping ([PythonValue]) -> PythonValue?
  ) -> PythonValue {
    .native(
      NativeFunction(name: name) { arguments in
        guard arguments.keywords.isEmpty, count.contains(arguments.positional.count) else {
          throw arguments.raised("TypeError", "\(name)() got arguments that it does not take")
        }
        // Python has special rules for other letters, and keys that only it can compare.
        guard let result = body(arguments.positional) else {
          throw ScriptError.notRead("\(name)() of these values is not read", at: arguments.location)
        }
        return result
      }
    )
  }
}

extension String {
  fileprivate var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }
}
