/// The decoding of a source file's bytes, after PEP 263.
extension SourceText {
  /// Decodes the bytes of a file: UTF-8, or what the file declares itself to be.
  init(bytes: [UInt8]) throws(PythonSyntaxError) {
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    let encoding = try Encoding.declared(in: bytes[(hasMark ? 3 : 0)...])
    if hasMark, encoding != .utf8 {
      throw PythonSyntaxError(
        "the file begins with a UTF-8 mark but declares another encoding",
        at: SourcePosition(line: 1, column: 1)
      )
    }
    if let plain = SourceText(ascii: bytes) {
      self = plain
    } else {
      try self.init(Self.decode(bytes, as: encoding))
    }
  }

  /// The characters of bytes in an encoding.
  private static func decode(
    _ bytes: [UInt8],
    as encoding: Encoding
  ) throws(PythonSyntaxError) -> [Unicode.Scalar] {
    var scalars: [Unicode.Scalar] = []
    scalars.reserveCapacity(bytes.count)
    switch encoding {
    case .latin1:
      for byte in bytes { scalars.append(Unicode.Scalar(byte)) }
    case .ascii:
      for byte in bytes {
        guard byte < 0x80 else {
          throw try PythonSyntaxError("invalid ASCII", at: SourceText(scalars).endPosition)
        }
        scalars.append(Unicode.Scalar(byte))
      }
    case .utf8:
      var decoder = UTF8()
      var iterator = bytes.makeIterator()
      decoding: while true {
        switch decoder.decode(&iterator) {
        case .scalarValue(let scalar): scalars.append(scalar)
        case .emptyInput: break decoding
        case .error:
          throw try PythonSyntaxError("invalid UTF-8", at: SourceText(scalars).endPosition)
        }
      }
    }
    return scalars
  }

  /// The position right behind the last character.
  private var endPosition: SourcePosition { position(of: scalars.count) }

  /// An encoding that can be read.
  private enum Encoding {
    case utf8
    case ascii
    case latin1

    /// The encoding that a comment in the first two lines declares.
    static func declared(in bytes: ArraySlice<UInt8>) throws(PythonSyntaxError) -> Encoding {
      var rest = bytes
      for number in 1...2 {
        let line = rest.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        let text = line.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0C }
        // A declaration in the second line counts only below a comment or a blank line.
        guard text.isEmpty || text.first == UInt8(ascii: "#") else { break }
        if let name = Self.name(in: text) {
          guard let encoding = Encoding(name: name) else {
            throw PythonSyntaxError(
              "the encoding '\(name)' is not read",
              at: SourcePosition(line: number, column: 1)
            )
          }
          return encoding
        }
        rest = rest[line.endIndex...]
        if rest.first == UInt8(ascii: "\r") { rest = rest.dropFirst() }
        if rest.first == UInt8(ascii: "\n") { rest = rest.dropFirst() }
      }
      return .utf8
    }

    /// The name behind `coding:` or `coding=` in a comment.
    private static func name(in comment: ArraySlice<UInt8>) -> String? {
      let keyword = Array("coding".utf8)
      for start in comment.indices where comment[start...].starts(with: keyword) {
        var rest = comment[start...].dropFirst(keyword.count)
        guard let mark = rest.popFirst(), mark == UInt8(ascii: ":") || mark == UInt8(ascii: "=")
        else { continue }
        let name = rest.drop { $0 == 0x20 || $0 == 0x09 }.prefix(while: \.isEncodingNameByte)
        guard name.isEmpty else { return String(decoding: name, as: UTF8.self).lowercased() }
      }
      return nil
    }

    /// The encoding of a name in lower case, or nil for one that is not read.
    private init?(name: String) {
      let name = String(name.map { $0 == "_" ? "-" : $0 })
      switch name {
      case "utf-8", "utf8", "u8", "utf", "utf-8-sig": self = .utf8
      case "ascii", "us-ascii", "646": self = .ascii
      case "latin-1", "latin1", "l1", "latin", "iso-8859-1", "iso8859-1", "iso-latin-1", "8859":
        self = .latin1
      default:
        guard name.hasPrefix("utf-8-") else { return nil }
        self = .utf8
      }
    }
  }
}

extension UInt8 {
  /// Whether the byte may stand in the name of an encoding.
  fileprivate var isEncodingNameByte: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }
}
