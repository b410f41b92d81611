/// MySQL's and MariaDB's option file, `.my.cnf`: groups of `name=value`, read by the rules of their client library.
///
/// Blanks around names and values are dropped, one pair of quotes around a value is taken off, `#` begins a comment outside
/// quotes, and `\n \t \r \b \s \" \' \\` are escapes (https://dev.mysql.com/doc/refman/8.4/en/option-files.html). What an `!include` brings
/// in is not read.
package struct OptionFile: Sendable {
  private var options: [(group: String, name: String, value: String)] = []

  /// Reads a file's text.
  ///
  /// - Parameter text: The content.
  package init(_ text: String) {
    var group: String?
    for line in text.split(whereSeparator: \.isNewline) {
      let line = Self.stripped(line.utf8)
      switch line.first {
      case nil, UInt8(ascii: "#"), UInt8(ascii: ";"), UInt8(ascii: "!"): continue
      case UInt8(ascii: "["):
        // A group without its end is an error to the library, which then reads no further.
        guard let end = line.firstIndex(of: UInt8(ascii: "]")) else { return }
        // Blanks at its end are none of the name, those at its beginning are.
        group = String(decoding: line[..<end].dropFirst(), as: UTF8.self).trimmingBlanksAtEnd
      default:
        guard let group else { return }
        let (name, value) = Self.option(Self.withoutComment(line))
        options.append((group, name, value))
      }
    }
  }

  /// The value of an option: what the file says last in one of some groups.
  ///
  /// - Parameters:
  ///   - name: The option's name, with dashes.
  ///   - groups: The groups' names.
  /// - Returns: The value; nil if none has it.
  package func value(_ name: String, in groups: Set<String>) -> String? {
    options.last { $0.name == name && groups.contains($0.group) }?.value
  }

  private static func option(_ line: Substring.UTF8View) -> (name: String, value: String) {
    let equals = line.firstIndex(of: UInt8(ascii: "="))
    let name = stripped(line[..<(equals ?? line.endIndex)])
      .map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }
    guard let equals else { return (String(decoding: name, as: UTF8.self), "") }
    var value = stripped(line[equals...].dropFirst())
    if value.count > 1, let quote = value.first, value.last == quote,
      quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
    {
      value = value.dropFirst().dropLast()
    }
    return (String(decoding: name, as: UTF8.self), unescaped(value))
  }

  private static func unescaped(_ value: Substring.UTF8View) -> String {
    var bytes: [UInt8] = []
    var rest = value
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() else {
        bytes.append(byte)
        continue
      }
      switch escaped {
      case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
      case UInt8(ascii: "r"): bytes.append(UInt8(ascii: "\r"))
      case UInt8(ascii: "b"): bytes.append(8)
      case UInt8(ascii: "s"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"): bytes.append(escaped)
      default: bytes += [byte, escaped]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A line up to a `#` that is not in quotes.
  private static func withoutComment(_ line: Substring.UTF8View) -> Substring.UTF8View {
    var quote: UInt8?
    var isEscaped = false
    for (index, byte) in zip(line.indices, line) {
      if !isEscaped, byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
        if quote == nil { quote = byte } else if quote == byte { quote = nil }
      }
      if quote == nil, byte == UInt8(ascii: "#") { return line[..<index] }
      isEscaped = quote != nil && byte == UInt8(ascii: "\\") && !isEscaped
    }
    return line
  }

  private static func stripped(_ text: Substring.UTF8View) -> Substring.UTF8View {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0d).contains($0) }
    var text = text.drop(while: isBlank)
    while let last = text.last, isBlank(last) { text = text.dropLast() }
    return text
  }
}

extension String {
  fileprivate var trimmingBlanksAtEnd: String {
    var text = self[...]
    while let last = text.last, last.isWhitespace { text = text.dropLast() }
    return String(text)
  }
}
