/// The characters of one source file, with the position of each.
///
/// Line ends are line feeds, whatever they were in the file, and a byte order mark is gone.
struct SourceText: Sendable {
  /// What reading beyond the last character gives; it cannot stand in a source itself.
  static let end: Unicode.Scalar = "\0"

  /// The characters.
  let scalars: [Unicode.Scalar]
  /// The index at which each line starts.
  let lineStarts: [Int]

  /// Takes the characters of a file.
  init(_ raw: [Unicode.Scalar]) throws(PythonSyntaxError) {
    var scalars: [Unicode.Scalar] = []
    scalars.reserveCapacity(raw.count)
    var lineStarts = [0]
    var index = raw.first == "\u{FEFF}" ? 1 : 0
    while index < raw.count {
      var scalar = raw[index]
      index += 1
      if scalar == "\r" {
        if index < raw.count, raw[index] == "\n" { index += 1 }
        scalar = "\n"
      }
      scalars.append(scalar)
      if scalar == "\n" { lineStarts.append(scalars.count) }
    }
    self.scalars = scalars
    self.lineStarts = lineStarts
    if let null = scalars.firstIndex(of: Self.end) {
      throw PythonSyntaxError("source code cannot contain null bytes", at: position(of: null))
    }
  }

  /// The character at an index, or `end` beyond the last.
  subscript(index: Int) -> Unicode.Scalar {
    index < scalars.count ? scalars[index] : Self.end
  }

  /// The characters of a range as a string.
  func text(_ range: Range<Int>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[range])
    return String(text)
  }

  /// The line and column of an index.
  func position(of index: Int) -> SourcePosition {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= index { low = middle } else { high = middle }
    }
    return SourcePosition(line: low + 1, column: index - lineStarts[low] + 1)
  }
}
