/// Why a text is not read as Python, and where.
package struct PythonSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where the text stops being readable, or where what was never closed begins.
  package var position: SourcePosition
  /// One sentence, without a full stop: what was found or expected.
  package var message: String

  /// Makes an error of a sentence at a position.
  package init(_ message: String, at position: SourcePosition) {
    self.position = position
    self.message = message
  }

  /// The error as "line:column: message".
  package var description: String { "\(position): \(message)" }
}
