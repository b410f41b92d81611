/// Values as Python writes them.
extension PythonValue {
  /// The value as Python's `str` writes it; nil where the reader does not know.
  var text: String? {
    switch self {
    case .string(let text): text
    case .schema(.finalName(let name)): name
    case .exception(let exception): exception.text
    case .object(let object): object.text
    default: representation
    }
  }

  /// The value as Python's `repr` writes it; nil where the reader does not know.
  var representation: String? { representation(depth: 0) }

  private func representation(depth: Int) -> String? {
    guard depth < 50, RunBudget.allows(work: 1) else { return nil }
    switch self {
    case .none: return "None"
    case .boolean(let value): return value ? "True" : "False"
    case .integer(let value): return String(value)
    case .float(let value): return PythonText.representation(value)
    case .string(let text):
      // Quotes, and up to four characters for one.
      return RunBudget.allows(bytes: 4 * text.utf8.count + 2)
        ? PythonText.representation(text) : nil
    case .bytes(let bytes):
      return RunBudget.allows(bytes: 4 * bytes.count) ? PythonText.representation(bytes) : nil
    case .list(let list): return Self.joined(list.elements, depth).map { "[\($0)]" }
    case .tuple(let elements):
      return Self.joined(elements, depth).map { elements.count == 1 ? "(\($0),)" : "(\($0))" }
    case .dictionary(let dictionary):
      var parts: [String] = []
      for item in dictionary.items {
        guard let key = item.key.representation(depth: depth + 1),
          let value = item.value.representation(depth: depth + 1)
        else { return nil }
        guard RunBudget.allows(bytes: key.utf8.count + value.utf8.count) else { return nil }
        parts.append("\(key): \(value)")
      }
      return "{\(parts.joined(separator: ", "))}"
    case .set(let set):
      if set.elements.isEmpty { return set.isFrozen ? "frozenset()" : "set()" }
      guard let elements = set.orderedElements else { return nil }
      return Self.joined(elements, depth).map { set.isFrozen ? "frozenset({\($0)})" : "{\($0)}" }
    case .object(let object): return object.representation
    case .exception(let exception):
      return Self.joined(exception.arguments, depth).map { "\(exception.name)(\($0))" }
    default: return nil
    }
  }

  private static func joined(_ values: [PythonValue], _ depth: Int) -> String? {
    var texts: [String] = []
    for value in values {
      guard let text = value.representation(depth: depth + 1) else { return nil }
      guard RunBudget.allows(bytes: text.utf8.count + 2) else { return nil }
      texts.append(text)
    }
    return texts.joined(separator: ", ")
  }
}

extension PythonException {
  /// The exception as `str` writes it.
  var text: String? {
    switch arguments.count {
    case 0: return ""
    case 1: return name == "KeyError" ? arguments[0].representation : arguments[0].text
    default: return PythonValue.tuple(arguments).representation
    }
  }
}
