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

  private static func text(
    _ value: some Encodable,
    _ format: JSONEncoder.OutputFormatting
  ) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = format
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      // Strings, numbers and lists of them can always be encoded; say so rather than print nothing.
      return "{\"error\":\"the result could not be encoded\"}"
    }
  }
}
