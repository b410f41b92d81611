/// A place in a source file, as an editor counts it: both numbers from one.
package struct SourcePosition: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The line, from 1.
  package var line: Int
  /// The column in Unicode scalars, from 1.
  package var column: Int

  /// Makes the position of a line and a column, both from 1.
  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The position as "line:column".
  package var description: String { "\(line):\(column)" }

  /// Orders positions as they come in the file.
  package static func < (left: Self, right: Self) -> Bool {
    left.line == right.line ? left.column < right.column : left.line < right.line
  }
}
