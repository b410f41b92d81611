internal import FoundationEssentials

/// JSON as the commands print it: keys sorted, so that two runs can be compared.
enum JSONOutput {
  /// Several lines, for a result.
  static func document(_ value: some Encodable) -> String {
    text(value, [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted])
  }

  /// One line, for a log event or an error.
  static func line(_ value: some Encodable) -> String {
    text(value, [.sortedKeys, .withoutEscapingSlashes])
  }

  /// The encoder escapes the controls below the space only; DEL, C1 and what reorders text steer terminals as well.
  ///
  /// Outside ASCII there are only strings in JSON, where an escape means the same.
  private static func escapingControls(_ json: String) -> String {
    guard json.unicodeScalars.contains(where: { $0.value > 0x7e }) else { return json }
    var escaped = ""
    for scalar in json.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        guard scalar.value > 0x7e else { fallthrough }
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private static func text(
    _ value: some Encodable,
    _ format: JSONEncoder.OutputFormatting
  ) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = format
    do {
      return escapingControls(String(decoding: try encoder.encode(value), as: UTF8.self))
    } catch {
      // Strings, numbers and lists of them can always be encoded; say so rather than print nothing.
      return "{\"error\":\"the result could not be encoded\"}"
    }
  }
}
