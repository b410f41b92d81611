/// Why a text is no YAML document that can be read, and where.
package struct YAMLError: Error, Hashable, Sendable {
  /// What is wrong, as a clause in lower case.
  package var message: String
  /// The line, from 1.
  package var line: Int
  /// The column, from 1.
  package var column: Int

  /// Makes an error of its parts.
  package init(_ message: String, line: Int, column: Int) {
    self.message = message
    self.line = line
    self.column = column
  }
}
