/// The methods of Python's own values that the reader knows; one file per type.
enum ValueMethods {
  /// One method: how many arguments it takes, and what it does; nil for values of which the reader does not know.
  struct Method<Value>: Sendable {
    var count: ClosedRange<Int>
    var body: @Sendable (Value, [PythonValue], CallArguments) throws -> PythonValue?

    init(
      _ count: ClosedRange<Int>,
      _ body: @escaping @Sendable (Value, [PythonValue], CallArguments) throws -> PythonValue?
    ) {
      self.count = count
      self.body = body
    }

    func bound(_ name: String, to value: Value) -> PythonValue {
      .native(
        NativeFunction(name: name) { arguments in
          guard arguments.keywords.isEmpty, count.contains(arguments.positional.count) else {
            throw arguments.notTaken("\(name)() got arguments that it does not take")
          }
          // The value itself is gone through by most methods, and copied by some.
          if let text = value as? String, !RunBudget.allows(bytes: text.utf8.count) {
            return .none
          }
          // Python has special rules for other letters, and keys that only it can compare.
          guard let result = try body(value, arguments.positional, arguments) else {
            throw ScriptError.notRead(
              "\(name)() of these values is not read",
              at: arguments.location
            )
          }
          return result
        }
      )
    }
  }

  /// Their names, for the check before anything runs.
  static let names: Set<String> = Set(strings.keys).union(lists.keys).union(dictionaries.keys)
    .union(sets.keys).union(core).union([
      "format", "sort", "args", "hex", "decode", "bindparams", "columns", "create", "drop",
      "with_variant", "impl", "__name__",
    ])

  /// The attributes of SQL expressions.
  private static let core = CoreMethods.names

  /// The method of a value, ready to be called; nil if the reader does not know it.
  static func method(_ name: String, of value: PythonValue, in evaluator: Evaluator) -> PythonValue?
  {
    switch value {
    case .string(let text):
      if name == "format" {
        return .native(
          NativeFunction(name: name) { .string(try PythonFormat.format(text, $0)) }
        )
      }
      return strings[name]?.bound(name, to: text)
    case .list(let list):
      if name == "sort" {
        return .native(
          NativeFunction(name: name) { arguments in
            list.elements = try Builtins.sorted(list.elements, arguments, evaluator)
            return .none
          }
        )
      }
      return lists[name]?.bound(name, to: list)
    case .dictionary(let dictionary): return dictionaries[name]?.bound(name, to: dictionary)
    case .set(let set): return sets[name]?.bound(name, to: set)
    case .exception(let exception) where name == "args": return .tuple(exception.arguments)
    case .exceptionClass(let text) where name == "__name__": return .string(text)
    case .bytes(let bytes): return bytesMethod(name, of: bytes)
    case .schema(let value): return SchemaMethods.attribute(name, of: value)
    case .core(let expression): return CoreMethods.attribute(name, of: expression)
    case .builtinType("dict") where name == "fromkeys": return nil
    default: return nil
    }
  }

  private static func bytesMethod(_ name: String, of bytes: [UInt8]) -> PythonValue? {
    switch name {
    case "hex":
      Method<[UInt8]>(0...0) { bytes, _, _ in
        .string(
          bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count < 2 ? "0" + digits : digits
          }.joined()
        )
      }.bound(name, to: bytes)
    case "decode":
      Method<[UInt8]>(0...1) { bytes, arguments, _ in
        guard arguments.first.map({ $0.equals(.string("utf-8")) == true }) ?? true else {
          return nil
        }
        return String(validating: bytes, as: UTF8.self).map { .string($0) }
      }.bound(name, to: bytes)
    default: nil
    }
  }
}
