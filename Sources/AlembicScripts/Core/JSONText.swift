/// JSON as Python's `json` writes and reads it.
enum JSONText {
  /// The text that `json.dumps` makes with its defaults; nil for a value that it does not take, or whose text is not known here.
  static func text(of value: PythonValue, sortsKeys: Bool = false, depth: Int = 0) -> String? {
    guard depth < 50 else { return nil }
    switch value {
    case .none: return "null"
    case .boolean(let value): return value ? "true" : "false"
    case .integer(let value): return String(value)
    case .float(let value):
      guard value.isFinite else { return nil }
      return PythonText.representation(value)
    case .string(let text): return quoted(text)
    case .list(let list): return array(list.elements, sortsKeys, depth)
    case .tuple(let elements): return array(elements, sortsKeys, depth)
    case .dictionary(let dictionary):
      var items: [(key: String, value: String)] = []
      for item in dictionary.items {
        let key: String
        switch item.key {
        case .string(let text): key = text
        case .integer(let number): key = String(number)
        case .boolean(let value): key = value ? "true" : "false"
        case .none: key = "null"
        default: return nil
        }
        guard let text = text(of: item.value, sortsKeys: sortsKeys, depth: depth + 1) else {
          return nil
        }
        items.append((key, text))
      }
      if sortsKeys {
        items.sort { left, right in
          left.key.unicodeScalars.lexicographicallyPrecedes(right.key.unicodeScalars) {
            $0.value < $1.value
          }
        }
      }
      return "{" + items.map { "\(quoted($0.key)): \($0.value)" }.joined(separator: ", ") + "}"
    default: return nil
    }
  }

  private static func array(_ elements: [PythonValue], _ sortsKeys: Bool, _ depth: Int) -> String? {
    var texts: [String] = []
    for element in elements {
      guard let text = text(of: element, sortsKeys: sortsKeys, depth: depth + 1) else { return nil }
      texts.append(text)
    }
    return "[" + texts.joined(separator: ", ") + "]"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for unit in text.utf16 {
      switch unit {
      case 0x22: result += "\\\""
      case 0x5c: result += "\\\\"
      case 0x0a: result += "\\n"
      case 0x0d: result += "\\r"
      case 0x09: result += "\\t"
      case 0x08: result += "\\b"
      case 0x0c: result += "\\f"
      case 0x20..<0x7f: result.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
      default:
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      }
    }
    return result + "\""
  }

  /// What a text is.
  enum Reading {
    case value(PythonValue)
    /// No JSON for Python either.
    case invalid
    /// It holds what Python may take and the reader does not.
    case unknown
  }

  /// Reads a JSON text.
  static func reading(of text: String) -> Reading {
    var reader = JSONReader(text)
    if let value = reader.document() { return .value(value) }
    return reader.isUncertain ? .unknown : .invalid
  }

  /// The value of a JSON text; nil if it is none, or holds what is not known here.
  static func value(of text: String) -> PythonValue? {
    if case .value(let value) = reading(of: text) { return value }
    return nil
  }
}

/// Reads a JSON text into values of Python.
struct JSONReader {
  private let scalars: [Unicode.Scalar]
  private var position = 0
  /// Whether something was met that Python may read in another way.
  private(set) var isUncertain = false

  init(_ text: String) {
    scalars = Array(text.unicodeScalars)
  }

  mutating func document() -> PythonValue? {
    guard let value = value(depth: 0) else { return nil }
    skipSpace()
    return position == scalars.count ? value : nil
  }

  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func skipSpace() {
    while let next, next == " " || next == "\n" || next == "\t" || next == "\r" { position += 1 }
  }

  private mutating func take(_ text: String) -> Bool {
    let wanted = Array(text.unicodeScalars)
    guard position + wanted.count <= scalars.count,
      scalars[position..<(position + wanted.count)] == wanted[...]
    else { return false }
    position += wanted.count
    return true
  }

  private mutating func value(depth: Int) -> PythonValue? {
    guard depth < 100 else {
      isUncertain = true
      return nil
    }
    skipSpace()
    switch next {
    // NaN and Infinity are numbers for Python.
    case "N", "I":
      isUncertain = true
      return nil
    case "{": return object(depth)
    case "[": return array(depth)
    case "\"": return string().map { .string($0) }
    case "t": return take("true") ? .boolean(true) : nil
    case "f": return take("false") ? .boolean(false) : nil
    case "n": return take("null") ? PythonValue.none : nil
    default: return number()
    }
  }

  private mutating func object(_ depth: Int) -> PythonValue? {
    position += 1
    let dictionary = PythonDictionary([])
    skipSpace()
    if take("}") { return .dictionary(dictionary) }
    while true {
      skipSpace()
      guard next == "\"", let key = string() else { return nil }
      skipSpace()
      guard take(":"), let value = value(depth: depth + 1) else { return nil }
      _ = dictionary.set(.string(key), to: value)
      skipSpace()
      if take("}") { return .dictionary(dictionary) }
      guard take(",") else { return nil }
    }
  }

  private mutating func array(_ depth: Int) -> PythonValue? {
    position += 1
    var elements: [PythonValue] = []
    skipSpace()
    if take("]") { return .list(PythonList([])) }
    while true {
      guard let value = value(depth: depth + 1) else { return nil }
      elements.append(value)
      skipSpace()
      if take("]") { return .list(PythonList(elements)) }
      guard take(",") else { return nil }
    }
  }

  private mutating func string() -> String? {
    position += 1
    var units: [UInt16] = []
    while let scalar = next {
      position += 1
      switch scalar {
      case "\"":
        let text = String(validating: units, as: UTF16.self)
        // Python keeps half of a pair.
        if text == nil { isUncertain = true }
        return text
      case "\\":
        guard let escaped = next else { return nil }
        position += 1
        switch escaped {
        case "n": units.append(10)
        case "r": units.append(13)
        case "t": units.append(9)
        case "b": units.append(8)
        case "f": units.append(12)
        case "\"", "\\", "/": units.append(UInt16(escaped.value))
        case "u":
          guard position + 4 <= scalars.count else { return nil }
          let digits = String(String.UnicodeScalarView(scalars[position..<(position + 4)]))
          guard let unit = UInt16(digits, radix: 16) else { return nil }
          units.append(unit)
          position += 4
        default: return nil
        }
      default:
        guard scalar.value >= 0x20 else { return nil }
        units += Array(String(scalar).utf16)
      }
    }
    return nil
  }

  private mutating func number() -> PythonValue? {
    let start = position
    if next == "-" { position += 1 }
    if next == "I" { isUncertain = true }
    let digits = digits()
    // One zero, or digits that do not begin with one; what follows a zero is no part of the number.
    guard digits > 0 else { return nil }
    if scalars[position - digits] == "0" { position -= digits - 1 }
    var isWhole = true
    if next == "." {
      position += 1
      guard self.digits() > 0 else { return nil }
      isWhole = false
    }
    if next == "e" || next == "E" {
      position += 1
      if next == "+" || next == "-" { position += 1 }
      guard self.digits() > 0 else { return nil }
      isWhole = false
    }
    let text = String(String.UnicodeScalarView(scalars[start..<position]))
    if isWhole {
      if let number = Int64(text) { return .integer(number) }
    } else if let number = Double(text), number.isFinite {
      return .float(number)
    }
    isUncertain = true
    return nil
  }

  /// Passes over digits; returns how many they were.
  private mutating func digits() -> Int {
    let start = position
    while let next, ("0"..."9").contains(next) { position += 1 }
    return position - start
  }
}
