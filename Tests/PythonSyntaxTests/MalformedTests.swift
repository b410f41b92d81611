import PythonSyntax
import Testing

/// Texts that are not Python: where the fault is, and in which words.
struct MalformedTests {
  /// A text with the error it must give.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var expected: String

    init(_ name: String, _ text: String, _ expected: String) {
      self.name = name
      self.text = text
      self.expected = expected
    }

    var testDescription: String { name }
  }

  private static let brackets = [
    Case("an unclosed bracket", "x = 1\nf(a,\n", "2:2: '(' was never closed"),
    Case("an unclosed bracket before a line", "f(a\nb = 1\n", "1:2: '(' was never closed"),
    Case("a closing bracket alone", "a = 1)\n", "1:6: unmatched ')'"),
    Case(
      "a bracket of another kind",
      "a = (1]",
      "1:7: closing parenthesis ']' does not match opening parenthesis '('"
    ),
    Case(
      "a bracket of another kind on another line",
      "a = {\n1)",
      "2:2: closing parenthesis ')' does not match opening parenthesis '{' on line 1"
    ),
    Case("a missing comma", "f(a b)", "1:5: expected ',' or ')', found 'b'"),
  ]

  private static let strings = [
    Case("an unclosed string", "a = 'b\nc", "1:5: unterminated string literal"),
    Case(
      "an unclosed long string",
      "a = '''b\nc",
      "1:5: unterminated triple-quoted string literal"
    ),
    Case("an unclosed f-string", "f'a{b}", "1:1: unterminated f-string literal"),
    Case("an unclosed field", "f'a{x'", "1:6: f-string: expecting '}'"),
    Case("a brace alone", "f'a}b'", "1:4: f-string: single '}' is not allowed"),
    Case(
      "an empty field",
      "f'a{}'",
      "1:5: f-string: valid expression required before '}'"
    ),
    Case(
      "an unknown conversion",
      "f'{a!x}'",
      "1:6: f-string: invalid conversion character 'x': expected 's', 'r', or 'a'"
    ),
    Case("a fault in a field", "f'''\n{a b}'''", "2:4: expected '}' of the field, found 'b'"),
    Case("a short escape", #"a = 'é\x1'"#, #"1:7: truncated \xXX escape"#),
    Case("a short escape of four", #"'\u12'"#, #"1:2: truncated \uxxxx escape"#),
    Case("an escape beyond Unicode", #"'\U00110000'"#, "1:2: illegal Unicode character"),
    Case("a lone surrogate", "'''\n\\ud800'''", "2:1: a lone surrogate cannot be read"),
    Case("a character by name", #"'\N{BULLET}'"#, #"1:2: a \N{...} escape cannot be read"#),
    Case("a name in an f-string", #"f'\N{BULLET}'"#, #"1:3: a \N{...} escape cannot be read"#),
    Case("a letter in bytes", "b'é'", "1:3: bytes can only contain ASCII literal characters"),
    Case("bytes next to text", "b'a' 'b'", "1:1: cannot mix bytes and nonbytes literals"),
  ]

  private static let blocks = [
    Case("an indent out of place", "a\n  b\n", "2:3: unexpected indent"),
    Case(
      "an unindent to nowhere",
      "if a:\n    b\n  c\n",
      "3:3: unindent does not match any outer indentation level"
    ),
    Case(
      "tabs that could be anything",
      "if a:\n        b\n\tif c:\n            d",
      "3:2: inconsistent use of tabs and spaces in indentation"
    ),
    Case("a missing colon", "def f()\n  pass", "1:8: expected ':', found the end of the line"),
    Case(
      "a missing block",
      "if a:\nb",
      "2:1: expected an indented block after 'if' statement on line 1"
    ),
    Case(
      "a missing body",
      "def f():\n\n\ndef g(): pass",
      "4:1: expected an indented block after function definition on line 1"
    ),
    Case("a try alone", "try:\n  a\nb", "3:1: expected 'except' or 'finally' block"),
    Case("two words", "a b", "1:3: expected the end of the statement, found 'b'"),
    Case("print of old", "print 'a'", "1:7: expected the end of the statement, found a string"),
    Case(
      "two with items",
      "with (a as b, c +): d",
      "1:18: expected an expression, found ')'"
    ),
  ]

  private static let targets = [
    Case("a literal", "1 = a", "1:1: cannot assign to literal"),
    Case("a call", "a, f() = b", "1:4: cannot assign to function call"),
    Case("a comparison in a loop", "for (a in b) in c: d", "1:6: cannot assign to comparison"),
    Case("None", "None = a", "1:1: cannot assign to None"),
    Case(
      "two at once",
      "a, b += c",
      "1:1: 'tuple' is an illegal expression for augmented assignment"
    ),
    Case(
      "an annotated tuple",
      "a, b: c",
      "1:1: only single target (not tuple) can be annotated"
    ),
    Case("a deleted call", "del f()", "1:5: cannot delete function call"),
    Case(
      "a named attribute",
      "(a.b := c)",
      "1:2: cannot use assignment expressions with attribute"
    ),
  ]

  private static let calls = [
    Case(
      "a position after a keyword",
      "f(a=b, c)",
      "1:8: positional argument follows keyword argument"
    ),
    Case(
      "a position after a mapping",
      "f(**a, c)",
      "1:8: positional argument follows keyword argument unpacking"
    ),
    Case(
      "an expression as keyword",
      "f(a.b=c)",
      "1:3: expression cannot contain assignment, perhaps you meant \"==\"?"
    ),
    Case(
      "a parameter without default",
      "def f(a=b, c): d",
      "1:12: non-default argument follows default argument"
    ),
    Case("a bare star", "def f(*): a", "1:7: named arguments must follow bare *"),
    Case(
      "a comma behind an import",
      "from a import b,\n",
      "1:17: trailing comma not allowed without surrounding parentheses"
    ),
  ]

  private static let characters = [
    Case("a dollar", "a = $b", "1:5: invalid character '$' (U+0024)"),
    Case("a sign", "a = 1 €", "1:7: invalid character '€' (U+20AC)"),
    Case("a null byte", "a\n\u{0}b", "2:1: source code cannot contain null bytes"),
    Case(
      "a stray backslash",
      "a \\ b",
      "1:3: unexpected character after line continuation character"
    ),
    Case(
      "a last backslash",
      "a \\",
      "1:3: unexpected end of file after line continuation character"
    ),
    Case("a number with a tail", "12ab", "1:1: invalid decimal literal"),
    Case("a digit too many", "0b12", "1:4: invalid digit '2' in binary literal"),
    Case(
      "a number of old",
      "a = 0777",
      "1:5: leading zeros in decimal integer literals are not permitted; "
        + "use an 0o prefix for octal integers"
    ),
    Case(
      "a name that only looks different",
      "ｏｐ.a()",
      "1:1: the name 'ｏｐ' is not in Unicode normal form"
    ),
  ]

  @Test(arguments: brackets + strings + blocks + targets + calls + characters)
  func `a malformed text is refused at the fault`(_ example: Case) {
    let error = #expect(throws: PythonSyntaxError.self) { try Module.parse(example.text) }
    #expect(error?.description == example.expected)
  }

  @Test func `of two faults the first is told`() {
    let error = #expect(throws: PythonSyntaxError.self) { try Module.parse("a b\nf('c\n") }
    #expect(error?.position == SourcePosition(line: 1, column: 3))
  }
}
