/// The methods of `str`.
extension ValueMethods {
  static let strings: [String: Method<String>] = [
    "lower": Method(0...0) { text, _, _ in text.isASCII ? .string(text.lowercased()) : nil },
    "upper": Method(0...0) { text, _, _ in text.isASCII ? .string(text.uppercased()) : nil },
    "capitalize": Method(0...0) { text, _, _ in
      guard text.isASCII else { return nil }
      return .string(text.prefix(1).uppercased() + text.dropFirst().lowercased())
    },
    "title": Method(0...0) { text, _, _ in
      guard text.isASCII else { return nil }
      var result = ""
      var isInWord = false
      for character in text {
        result += isInWord ? character.lowercased() : character.uppercased()
        isInWord = character.isLetter
      }
      return .string(result)
    },
    "strip": Method(0...1) { text, arguments, _ in
      PythonText.stripped(text, of: arguments.first, .both).map { .string($0) }
    },
    "lstrip": Method(0...1) { text, arguments, _ in
      PythonText.stripped(text, of: arguments.first, .start).map { .string($0) }
    },
    "rstrip": Method(0...1) { text, arguments, _ in
      PythonText.stripped(text, of: arguments.first, .end).map { .string($0) }
    },
    "startswith": Method(1...1) { text, arguments, _ in
      affixes(arguments[0]).map { .boolean($0.contains { PythonText.starts(text, with: $0) }) }
    },
    "endswith": Method(1...1) { text, arguments, _ in
      affixes(arguments[0]).map { .boolean($0.contains { PythonText.ends(text, with: $0) }) }
    },
    "removeprefix": Method(1...1) { text, arguments, _ in
      guard case .string(let prefix) = arguments[0] else { return nil }
      guard PythonText.starts(text, with: prefix) else { return .string(text) }
      return .string(String(text.unicodeScalars.dropFirst(prefix.unicodeScalars.count)))
    },
    "removesuffix": Method(1...1) { text, arguments, _ in
      guard case .string(let suffix) = arguments[0] else { return nil }
      guard PythonText.ends(text, with: suffix) else { return .string(text) }
      return .string(String(text.unicodeScalars.dropLast(suffix.unicodeScalars.count)))
    },
    "replace": Method(2...3) { text, arguments, _ in
      guard case .string(let old) = arguments[0], case .string(let new) = arguments[1],
        !old.isEmpty
      else { return nil }
      var limit = -1
      if arguments.count > 2 {
        guard case .integer(let number) = arguments[2] else { return nil }
        limit = Int(clamping: number)
      }
      guard RunBudget.allows(searching: text, for: old) else { return nil }
      let pieces = PythonText.pieces(of: text, at: old, limit: limit)
      let (size, overflow) = pieces.count.multipliedReportingOverflow(by: new.utf8.count + 16)
      guard !overflow, RunBudget.allows(bytes: text.utf8.count + size) else { return nil }
      return .string(pieces.joined(separator: new))
    },
    "split": Method(0...2) { text, arguments, _ in
      guard case .string(let separator)? = arguments.first, !separator.isEmpty else {
        if let first = arguments.first, case .none = first, arguments.count == 1 {
          return .list(PythonList(PythonText.words(of: text).map { .string($0) }))
        }
        guard arguments.isEmpty else { return nil }
        return .list(PythonList(PythonText.words(of: text).map { .string($0) }))
      }
      var limit = -1
      if arguments.count > 1 {
        guard case .integer(let number) = arguments[1] else { return nil }
        limit = Int(clamping: number)
      }
      guard RunBudget.allows(searching: text, for: separator),
        RunBudget.allows(bytes: 32 * text.utf8.count)
      else { return nil }
      let pieces = PythonText.pieces(of: text, at: separator, limit: limit)
      return .list(PythonList(pieces.map { .string($0) }))
    },
    "rsplit": Method(2...2) { text, arguments, _ in
      guard case .string(let separator) = arguments[0], !separator.isEmpty,
        case .integer(1) = arguments[1]
      else { return nil }
      let pieces = PythonText.pieces(of: text, at: separator, limit: -1)
      guard let last = pieces.last, pieces.count > 1 else {
        return .list(PythonList([.string(text)]))
      }
      let head = pieces.dropLast().joined(separator: separator)
      return .list(PythonList([.string(head), .string(last)]))
    },
    "splitlines": Method(0...0) { text, _, _ in
      // Python knows more line ends than these.
      guard text.isASCII,
        !text.utf8.contains(where: { (11...13).contains($0) || (28...30).contains($0) })
      else { return nil }
      var lines = PythonText.pieces(of: text, at: "\n", limit: -1)
      if lines.last == "" { lines.removeLast() }
      return .list(PythonList(lines.map { .string($0) }))
    },
    "join": Method(1...1) { text, arguments, call in
      var parts: [String] = []
      for element in try Builtins.elements(of: arguments[0], call) {
        switch element {
        case .string(let part), .schema(.finalName(let part)):
          guard RunBudget.allows(bytes: part.utf8.count + text.utf8.count + 16) else { return nil }
          parts.append(part)
        default:
          throw call.raised(
            "TypeError",
            "sequence item \(parts.count): expected str instance, \(element.typeName) found"
          )
        }
      }
      return .string(parts.joined(separator: text))
    },
    "find": Method(1...1) { text, arguments, _ in
      guard case .string(let part) = arguments[0], RunBudget.allows(searching: text, for: part)
      else { return nil }
      return .integer(Int64(PythonText.find(part, in: text) ?? -1))
    },
    "count": Method(1...1) { text, arguments, _ in
      guard case .string(let part) = arguments[0], !part.isEmpty,
        RunBudget.allows(searching: text, for: part)
      else { return nil }
      return .integer(Int64(PythonText.pieces(of: text, at: part, limit: -1).count - 1))
    },
    "isdigit": Method(0...0) { text, _, _ in
      guard text.isASCII else { return nil }
      return .boolean(!text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) })
    },
    "zfill": Method(1...1) { text, arguments, _ in
      guard case .integer(let width) = arguments[0], width <= 1000, !text.hasPrefix("-"),
        !text.hasPrefix("+")
      else { return nil }
      let missing = max(0, Int(width) - text.unicodeScalars.count)
      return .string(String(repeating: "0", count: missing) + text)
    },
    "encode": Method(0...1) { text, arguments, _ in
      guard
        arguments.first.map({
          $0.equals(.string("utf-8")) == true || $0.equals(.string("utf8")) == true
        }) ?? true
      else { return nil }
      return .bytes(Array(text.utf8))
    },
  ]

  private static func affixes(_ value: PythonValue) -> [String]? {
    switch value {
    case .string(let text): return [text]
    case .tuple(let elements):
      var texts: [String] = []
      for element in elements {
        guard case .string(let text) = element else { return nil }
        texts.append(text)
      }
      return texts
    default: return nil
    }
  }
}

extension String {
  fileprivate var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }
}
