internal import Revisions

/// Python's three ways to put values into text: f-strings, `str.format`, and `%`.
enum PythonFormat {
  /// A value with its conversion and its specification, as `f"{value!r:>10}"` has it.
  static func text(
    of value: PythonValue,
    conversion: Character?,
    specification: String,
    at location: Revision.Location
  ) throws -> String {
    var value = value
    if let conversion {
      guard conversion != "a", let text = conversion == "r" ? value.representation : value.text
      else { throw notRead(value, location) }
      value = .string(text)
    }
    guard !specification.isEmpty else {
      guard let text = value.text else { throw notRead(value, location) }
      return text
    }
    if case .object(let date as DateValue) = value {
      guard let text = date.formatted(specification) else { throw notRead(value, location) }
      return text
    }
    guard let specification = Specification(specification),
      let text = specification.text(of: value)
    else {
      throw ScriptError.notRead(
        "the format '\(specification)' of this value is not read",
        at: location
      )
    }
    return text
  }

  private static func notRead(_ value: PythonValue, _ location: Revision.Location) -> ScriptError {
    .notRead("a value of type \(value.typeName) in a text is not read", at: location)
  }

  /// `[[fill]align][sign][0][width][,][.precision][type]`, as far as it is read.
  private struct Specification {
    var fill: Unicode.Scalar = " "
    var alignment: Unicode.Scalar?
    var sign = false
    var width = 0
    var hasComma = false
    var precision: Int?
    var type: Unicode.Scalar?

    init?(_ text: String) {
      var rest = Array(text.unicodeScalars)[...]
      func isAlignment(_ scalar: Unicode.Scalar) -> Bool { "<>^=".unicodeScalars.contains(scalar) }
      if rest.count > 1, isAlignment(rest[rest.startIndex + 1]) {
        fill = rest.removeFirst()
        alignment = rest.removeFirst()
      } else if let first = rest.first, isAlignment(first) {
        alignment = rest.removeFirst()
      }
      if rest.first == "+" {
        sign = true
        rest.removeFirst()
      }
      if rest.first == "0" {
        rest.removeFirst()
        if alignment == nil { (fill, alignment) = ("0", "=") }
      }
      guard let width = Self.number(&rest) else { return nil }
      self.width = width ?? 0
      if rest.first == "," {
        hasComma = true
        rest.removeFirst()
      }
      if rest.first == "." {
        rest.removeFirst()
        guard let precision = Self.number(&rest), let precision else { return nil }
        self.precision = precision
      }
      type = rest.popFirst()
      guard rest.isEmpty else { return nil }
    }

    /// The number that stands next, if one does; nil if it is out of all proportion.
    private static func number(_ rest: inout ArraySlice<Unicode.Scalar>) -> Int?? {
      var digits = ""
      while let next = rest.first, ("0"..."9").contains(next) {
        digits.unicodeScalars.append(next)
        rest.removeFirst()
      }
      guard !digits.isEmpty else { return .some(nil) }
      guard let number = Int(digits), number <= 10_000 else { return nil }
      return .some(number)
    }

    func text(of value: PythonValue) -> String? {
      switch value {
      case .string(let text):
        guard type == nil || type == "s", !sign, !hasComma, alignment != "=" else { return nil }
        let scalars = Array(text.unicodeScalars.prefix(precision ?? Int.max))
        return padded(scalars, isNumber: false)
      case .integer(let number):
        guard type == nil || type == "d" || type == "x" || type == "X" || type == "b",
          precision == nil
        else { return nil }
        let base = type == "x" || type == "X" ? 16 : type == "b" ? 2 : 10
        guard base == 10 || !hasComma else { return nil }
        let digits = String(number.magnitude, radix: base, uppercase: type == "X")
        return padded(signed(hasComma ? grouped(digits) : digits, isNegative: number < 0))
      default: return nil
      }
    }

    private func signed(_ digits: String, isNegative: Bool) -> [Unicode.Scalar] {
      Array(((isNegative ? "-" : sign ? "+" : "") + digits).unicodeScalars)
    }

    private func grouped(_ digits: String) -> String {
      var text = ""
      for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { text += "," }
        text.append(digit)
      }
      return text
    }

    private func padded(_ scalars: [Unicode.Scalar], isNumber: Bool = true) -> String? {
      // Zeros and groups together are padded by Python in another way.
      if hasComma, alignment == "=" { return nil }
      let missing = max(0, width - scalars.count)
      let padding = Array(repeating: fill, count: missing)
      let result: [Unicode.Scalar]
      switch alignment ?? (isNumber ? ">" : "<") {
      case "<": result = scalars + padding
      case "^":
        result = padding[..<(missing / 2)] + scalars + padding[(missing / 2)...]
      case "=":
        let isSigned = scalars.first == "-" || scalars.first == "+"
        result = scalars.prefix(isSigned ? 1 : 0) + padding + scalars.dropFirst(isSigned ? 1 : 0)
      default: result = padding + scalars
      }
      return String(String.UnicodeScalarView(result))
    }
  }

  /// `"...".format(...)`: fields by number, by name, or in order; no attributes and no elements.
  static func format(_ text: String, _ arguments: CallArguments) throws -> String {
    var result = String.UnicodeScalarView()
    var rest = Array(text.unicodeScalars)[...]
    var next = 0
    while let scalar = rest.popFirst() {
      switch scalar {
      case "{" where rest.first == "{", "}" where rest.first == "}":
        result.append(scalar)
        rest.removeFirst()
      case "{":
        guard let end = rest.firstIndex(of: "}"), !rest[..<end].contains("{") else {
          throw ScriptError.notRead("this format string is not read", at: arguments.location)
        }
        let field = String(String.UnicodeScalarView(rest[..<end]))
        rest = rest[(end + 1)...]
        result.append(contentsOf: try self.field(field, &next, arguments).unicodeScalars)
      case "}":
        throw arguments.raised("ValueError", "Single '}' encountered in format string")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  private static func field(
    _ field: String,
    _ next: inout Int,
    _ arguments: CallArguments
  ) throws -> String {
    let parts = field.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let head = parts[0].split(separator: "!", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(head[0])
    let value: PythonValue?
    if name.isEmpty || Int(name) != nil {
      let index = Int(name) ?? next
      if name.isEmpty { next += 1 }
      guard arguments.positional.indices.contains(index) else {
        throw arguments.raised(
          "IndexError",
          "Replacement index \(index) out of range for positional args tuple"
        )
      }
      value = arguments.positional[index]
    } else {
      guard name.unicodeScalars.allSatisfy({ $0 == "_" || $0.properties.isXIDContinue }) else {
        throw ScriptError.notRead("the field '{\(field)}' is not read", at: arguments.location)
      }
      value = arguments.keywords.last { $0.name == name }?.value
    }
    guard let value else { throw arguments.raised("KeyError", "'\(name)'") }
    return try text(
      of: value,
      conversion: head.count > 1 ? head[1].first : nil,
      specification: parts.count > 1 ? String(parts[1]) : "",
      at: arguments.location
    )
  }

  /// `"..." % values`: `%s`, `%r`, `%d`, `%%` and `%(name)s`, without widths.
  static func percent(
    _ text: String,
    _ values: PythonValue,
    at location: Revision.Location
  ) throws -> String {
    let positional: [PythonValue]
    if case .tuple(let elements) = values { positional = elements } else { positional = [values] }
    let count = positional.count
    var used = 0
    var result = ""
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "%" else {
        result.unicodeScalars.append(scalar)
        continue
      }
      guard var kind = rest.popFirst() else {
        throw ScriptError(.raised("ValueError"), "incomplete format", at: location)
      }
      if kind == "%" {
        result += "%"
        continue
      }
      let value: PythonValue
      if kind == "(" {
        guard case .dictionary(let dictionary) = values, let end = rest.firstIndex(of: ")") else {
          throw ScriptError(.raised("TypeError"), "format requires a mapping", at: location)
        }
        let name = String(rest[..<end])
        guard let found = dictionary[name] else {
          throw ScriptError(.raised("KeyError"), "'\(name)'", at: location)
        }
        value = found
        rest = rest[end...].dropFirst()
        guard let next = rest.popFirst() else {
          throw ScriptError(.raised("ValueError"), "incomplete format", at: location)
        }
        kind = next
        used = count
      } else {
        guard used < count else {
          throw ScriptError(
            .raised("TypeError"),
            "not enough arguments for format string",
            at: location
          )
        }
        value = positional[used]
        used += 1
      }
      switch (kind, value) {
      case ("s", _), ("r", _):
        guard let part = kind == "s" ? value.text : value.representation else {
          throw notRead(value, location)
        }
        result += part
      case ("d", .integer(let number)): result += String(number)
      default: throw ScriptError.notRead("the format '%\(kind)' is not read", at: location)
      }
    }
    if case .dictionary = values { used = count }
    guard used == count else {
      throw ScriptError(
        .raised("TypeError"),
        "not all arguments converted during string formatting",
        at: location
      )
    }
    return result
  }
}
