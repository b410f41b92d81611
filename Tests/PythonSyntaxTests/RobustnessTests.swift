import Foundation
import PythonSyntax
import Testing

/// Inputs made to break a parser: cut short, nested deep, chained long.
struct RobustnessTests {
  private static let script = """
    \u{FEFF}# -*- coding: utf-8 -*-
    '''Doc: é \\x41
    '''
    from alembic import op
    import sqlalchemy as sa
    revision: str = "a" 'b' rf"{c!r:>{d}} {{}} {e = }"
    x = {1: [2, 0x_ff, 1.5e-3j], **y, "k": (lambda a, /, *b, c=1, **d: a if b else -c)}
    @decorated(a=1)
    async def upgrade(a: int = 1, *, b) -> None:
    \twith (op.batch_alter_table("t", schema=None) as batch, b"\\xff"):
    \t\tbatch.add_column(sa.Column("c", sa.Integer(), nullable=not True))  # comment
    \tif a[1:2, ::3] != \\
    \t\tb and c not in d: pass; return
    \telse:
    \t\ttry: raise a from b
    \t\texcept* (A, B) as e:
    \t\t\tdel a, b[0]
    match a:
      case [1, {"x": y, **z}] | None as w if w: type X[T: int] = list[T]
    f'''{a:
    {b}}'''
    """

  /// Whether the text is read or refused does not matter, as long as one of both happens.
  private func read(_ bytes: [UInt8]) {
    _ = try? Module.parse(bytes: bytes)
  }

  @Test func `a script is read as a whole`() throws {
    #expect(try Module.parse(Self.script).docstring == "Doc: é A\n")
  }

  @Test func `a script cut off anywhere is read or refused`() {
    let bytes = Array(Self.script.utf8)
    for count in bytes.indices { read(Array(bytes.prefix(count))) }
  }

  @Test func `a script that lacks its beginning is read or refused`() {
    let bytes = Array(Self.script.utf8)
    for count in bytes.indices { read(Array(bytes.dropFirst(count))) }
  }

  @Test(arguments: ["(", ")", "'", "\"", "{", "}", "\n", "\\", ":", " ", "\t", "f'", "\u{0}", "="])
  func `a script with a character put in anywhere is read or refused`(_ text: String) {
    let bytes = Array(Self.script.utf8)
    for index in stride(from: 0, to: bytes.count, by: 3) {
      read(Array(bytes[..<index]) + Array(text.utf8) + Array(bytes[index...]))
    }
  }

  @Test func `any two bytes are read or refused`() {
    for first in UInt8.min...UInt8.max {
      for second in stride(from: UInt8.min, through: 240, by: 3) { read([first, second]) }
    }
  }

  /// A text made by repeating a part, and what must become of it.
  struct Repetition: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var error: String?

    init(_ name: String, _ text: String, error: String? = nil) {
      self.name = name
      self.text = text
      self.error = error
    }

    var testDescription: String { name }
  }

  private static func many(_ text: String, _ count: Int = 10_000) -> String {
    String(repeating: text, count: count)
  }

  private static func blocks(_ count: Int) -> String {
    (0..<count).map { String(repeating: " ", count: $0) + "if a:\n" }.joined()
      + String(repeating: " ", count: count) + "b"
  }

  private static let nested = "too many nested blocks and brackets"
  private static let chained = "too many nested operations in an expression"

  private static let repetitions = [
    Repetition("open brackets", many("("), error: nested),
    Repetition("mixed brackets", many("({["), error: nested),
    Repetition("closed brackets", many("(") + "a" + many(")"), error: nested),
    Repetition("brackets at the limit", many("[", 100) + many("]", 100)),
    Repetition("brackets beyond the limit", many("[", 101) + many("]", 101), error: nested),
    Repetition("calls within calls", many("f(a, b=", 100) + "c" + many(")", 100)),
    Repetition("subscripts within subscripts", many("a[") + "b" + many("]"), error: nested),
    Repetition("lambdas", many("lambda: ") + "a", error: nested),
    Repetition("f-strings within f-strings", many("f'''{f\"{", 5_000), error: nested),
    Repetition("fields within specifications", "f'" + many("{a:", 200_000) + "'", error: nested),
    Repetition("blocks at the limit", blocks(100)),
    Repetition("blocks beyond the limit", blocks(101), error: nested),
    Repetition("a sum of all that is allowed", "a" + many(" + a", 499)),
    Repetition("a long sum", "a" + many(" + a"), error: chained),
    Repetition("a long power", "a" + many(" ** a"), error: chained),
    Repetition("long negations", many("not ") + many("-") + "a", error: chained),
    Repetition("long attributes", "a" + many(".a"), error: chained),
    Repetition("long calls", "a" + many("()"), error: chained),
    Repetition("long conditionals", many("a if b else ") + "c", error: chained),
    Repetition("long conjunctions", "a" + many(" and a")),
    Repetition("long comparisons", "a" + many(" < a")),
    Repetition("long lists", "[" + many("a, ") + "]"),
    Repetition("long calls with arguments", "f(" + many("a, ") + many("b=c, ") + ")"),
    Repetition("many decorators", many("@a\n") + "def f(): pass"),
    Repetition("many branches", "if a: b\n" + many("elif a: b\n")),
    Repetition("many targets", many("a = ") + "b"),
    Repetition("many strings", many("'a' ")),
    Repetition("many fields", "f'" + many("{a} ") + "'"),
    Repetition("many comprehensions", "[a " + many("for a in b if c ") + "]"),
    Repetition("many digits", many("9")),
    Repetition("many backslashes", many("\\\n") + "a"),
    Repetition("many handlers", "try: a\n" + many("except b: c\n")),
    Repetition("many items", "with " + many("a, ") + "b: c"),
    Repetition("many dots", "from " + many(".") + "a import b"),
  ]

  @Test(arguments: repetitions)
  func `a repeated text is read, or refused for its depth`(_ example: Repetition) async {
    let result = await LargeStack.run {
      Result { () throws(PythonSyntaxError) in try Module.parse(example.text) }
    }
    switch (result, example.error) {
    case (.success, nil): break
    case (.success, .some): Issue.record("was read")
    case (.failure(let error), let expected): #expect(error.message == expected)
    }
  }

  @Test(arguments: [
    "a" + many(" + a", 499),
    "a" + many(".a()", 249),
    many("[a or b and c == d + ", 80) + "e" + many("]", 80),
    many("lambda x=", 50) + many("(", 50) + "a" + many(")", 50) + many(": b", 50),
    blocks(100),
  ])
  func `trees at the limits can be compared, hashed and let go`(_ text: String) async {
    let isEqual = await LargeStack.run {
      guard let first = try? Module.parse(text), let second = try? Module.parse(text) else {
        return false
      }
      return first == second && first.hashValue == second.hashValue
    }
    #expect(isEqual)
  }
}

/// A thread with the stack that a main thread has, which those of Swift's pool need not have.
private enum LargeStack {
  static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      let thread = Thread { continuation.resume(returning: body()) }
      thread.stackSize = 8 << 20
      thread.start()
    }
  }
}
