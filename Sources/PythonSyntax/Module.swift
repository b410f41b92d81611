/// One Python source file as a tree of statements.
package struct Module: Sendable, Hashable {
  /// The statements at the outermost level, in the order of the file.
  package var body: [Statement]

  /// Reads a text as Python 3.
  ///
  /// An encoding declared in the text is ignored, as Python does for text that is decoded already.
  ///
  /// - Parameter text: The source of a whole file.
  /// - Returns: The file's tree.
  /// - Throws: The first place at which the text is not Python that can be read.
  package static func parse(_ text: String) throws(PythonSyntaxError) -> Module {
    try Parser.module(of: SourceText(Array(text.unicodeScalars)))
  }

  /// Decodes the bytes of a file as Python does, and reads them.
  ///
  /// The encoding is UTF-8 unless the file declares ASCII or Latin-1 in its first two lines.
  ///
  /// - Parameter bytes: The content of a whole file.
  /// - Returns: The file's tree.
  /// - Throws: The first place at which the bytes are not Python that can be read.
  package static func parse(bytes: [UInt8]) throws(PythonSyntaxError) -> Module {
    try Parser.module(of: SourceText(bytes: bytes))
  }

  /// The text Python puts in `__doc__`, or nil if the file does not begin with a plain string.
  package var docstring: String? { body.docstring }
}

extension [Statement] {
  /// The value of the leading string, exactly as written, if these statements begin with one.
  package var docstring: String? {
    guard
      case .expression(let value) = first?.kind,
      case .constant(.string(let text)) = value.kind
    else { return nil }
    return text
  }
}
