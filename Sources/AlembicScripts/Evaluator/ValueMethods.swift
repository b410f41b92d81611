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
        list.elements += arguments
        return .none
      }
    case (.dictionary(let dictionary), "items"):
      function(name, 0...0) { _ in
        .list(PythonList(dictionary.items.map { .tuple([$0.key, $0.value]) }))
      }
    case (.dictionary(let dictionary), "keys"):
      function(name, 0...0) { _ in .list(PythonList(dictionary.items.map(\.key))) }
    case (.dictionary(let dictionary), "values"):
      function(name, 0...0) { _ in .list(PythonList(dictionary.items.map(\.value))) }
    case (.dictionary(let dictionary), "get"):
      function(name, 1...2) { arguments in
        dictionary.items.first { $0.key.equals(arguments[0]) == true }?.value
          ?? arguments.dropFirst().first ?? .none
      }
    case (.string(let text), "lower"): function(name, 0...0) { _ in .string(text.lowercased()) }
    case (.string(let text), "upper"): function(name, 0...0) { _ in .string(text.uppercased()) }
    case (.string(let text), "strip"):
      function(name, 0...0) { _ in .string(PythonText.stripped(text)) }
    default: nil
    }
  }

  private static func function(
    _ name: String,
    _ count: ClosedRange<Int>,
    _ body: @escaping ([PythonValue]) -> PythonValue
  ) -> PythonValue {
    .native(
      NativeFunction(name: name) { arguments in
        guard arguments.keywords.isEmpty, count.contains(arguments.positional.count) else {
          throw arguments.raised("TypeError", "\(name)() got arguments that it does not take")
        }
        return body(arguments.positional)
      }
    )
  }
}
