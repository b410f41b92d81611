import PythonSyntax
import Testing

/// Whole files: their docstring, and the bytes they are made of.
struct ModuleTests {
  /// A text and the docstring Python gives it.
  struct Docstring: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var expected: String?

    var testDescription: String { name }
  }

  @Test(arguments: [
    Docstring(name: "none", text: "a = 1", expected: nil),
    Docstring(name: "short", text: "# c\n'a'", expected: "a"),
    Docstring(name: "indented", text: "'''a\n\n    b\r\n'''", expected: "a\n\n    b\n"),
    Docstring(name: "joined", text: "'a' \"b\"\n", expected: "ab"),
    Docstring(name: "in brackets", text: "('a')", expected: "a"),
    Docstring(name: "raw", text: #"r'\d'"#, expected: #"\d"#),
    Docstring(name: "bytes", text: "b'a'", expected: nil),
    Docstring(name: "formatted", text: "f'a'", expected: nil),
    Docstring(name: "part of an expression", text: "'a'.b", expected: nil),
    Docstring(name: "second", text: "pass\n'a'", expected: nil),
    Docstring(name: "empty", text: "''", expected: ""),
  ])
  func `the docstring is what Python would show`(_ example: Docstring) throws {
    #expect(try Module.parse(example.text).docstring == example.expected)
  }

  @Test func `a file without a declaration is UTF-8`() throws {
    #expect(try Module.parse(bytes: Array("'é'".utf8)).docstring == "é")
    #expect(try Module.parse(bytes: Array("\u{FEFF}'é'".utf8)).docstring == "é")
  }

  @Test(arguments: ["latin-1", "Latin_1", "iso-8859-1"])
  func `a file may declare Latin-1 in one of its first two lines`(_ name: String) throws {
    let first = Array("# -*- coding: \(name) -*-\n'".utf8) + [0xE9] + Array("'".utf8)
    #expect(try Module.parse(bytes: first).docstring == "é")
    let second = Array("#!a\r\n# vim: set fileencoding=\(name) :\r\n'".utf8) + [0xE9, 0x27]
    #expect(try Module.parse(bytes: second).docstring == "é")
  }

  @Test func `a declaration behind code does not count`() throws {
    let bytes = Array("a = 1\n# coding: koi8-r\n".utf8)
    #expect(try Module.parse(bytes: bytes).body.count == 1)
  }

  /// Bytes that cannot be decoded.
  struct Undecodable: Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: [UInt8]
    var expected: String

    var testDescription: String { name }
  }

  @Test(arguments: [
    Undecodable(
      name: "a wrong byte",
      bytes: Array("a\r\né = '".utf8) + [0xFF, 0x27],
      expected: "2:6: invalid UTF-8"
    ),
    Undecodable(
      name: "a cut off character",
      bytes: Array("'é".utf8).dropLast(),
      expected: "1:2: invalid UTF-8"
    ),
    Undecodable(
      name: "a surrogate",
      bytes: [0x27, 0xED, 0xA0, 0x80, 0x27],
      expected: "1:2: invalid UTF-8"
    ),
    Undecodable(
      name: "a character beyond ASCII",
      bytes: Array("# coding: ascii\n'é'".utf8),
      expected: "2:2: invalid ASCII"
    ),
    Undecodable(
      name: "another encoding",
      bytes: Array("\n# coding: koi8-r\n".utf8),
      expected: "2:1: the encoding 'koi8-r' is not read"
    ),
    Undecodable(
      name: "two encodings",
      bytes: Array("\u{FEFF}# coding: latin-1\n".utf8),
      expected: "1:1: the file begins with a UTF-8 mark but declares another encoding"
    ),
  ])
  func `bytes that are not text are refused`(_ example: Undecodable) {
    let error = #expect(throws: PythonSyntaxError.self) {
      try Module.parse(bytes: example.bytes)
    }
    #expect(error?.description == example.expected)
  }
}
