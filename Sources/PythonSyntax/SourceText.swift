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
  /// The same characters as bytes, where all of them are ASCII, as in nearly all scripts.
  private let ascii: [UInt8]?

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
    ascii = nil
    if let null = scalars.firstIndex(of: Self.end) {
      throw PythonSyntaxError("source code cannot contain null bytes", at: position(of: null))
    }
  }

  /// Takes the bytes of a file that need no decoding; nil if there is one that does.
  init?(ascii bytes: [UInt8]) {
    var scalars: [Unicode.Scalar] = []
    scalars.reserveCapacity(bytes.count)
    var lineStarts = [0]
    for byte in bytes {
      guard byte < 0x80, byte != 0, byte != UInt8(ascii: "\r") else { return nil }
      scalars.append(Unicode.Scalar(byte))
      if byte == UInt8(ascii: "\n") { lineStarts.append(scalars.count) }
    }
    self.scalars = scalars
    self.lineStarts = lineStarts
    ascii = bytes
  }

  /// The character at an index, or `end` beyond the last.
  subscript(index: Int) -> Unicode.Scalar {
    index < scalars.count ? scalars[index] : Self.end
  }

  /// The characters of a range as a string.
  func text(_ range: Range<Int>) -> String {
    if let ascii { return String(decoding: ascii[range], as: UTF8.self) }
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
