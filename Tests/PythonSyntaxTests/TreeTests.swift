import PythonSyntax
import Testing

/// The parts of the tree that CPython 3.11 does not show, or shows otherwise.
struct TreeTests {
  private func expression(_ text: String) throws -> Expression {
    let statement = try #require(Module.parse(text).body.first)
    guard case .expression(let value) = statement.kind else {
      throw PythonSyntaxError("not an expression", at: statement.position)
    }
    return value
  }

  /// All statements and expressions below some statements.
  private func names(in statements: [Statement]) -> [String] {
    statements.flatMap { statement in
      statement.childExpressions.flatMap { names(in: $0) }
        + names(in: statement.childStatements)
    }
  }

  private func names(in expression: Expression) -> [String] {
    if case .name(let name) = expression.kind { return [name] }
    return expression.children.flatMap { names(in: $0) }
  }

  /// A number as it is written, and what becomes of it.
  struct Number: Sendable, CustomTestStringConvertible {
    var text: String
    var expected: Constant

    var testDescription: String { text }
  }

  @Test(arguments: [
    Number(text: "0_00", expected: .integer(text: "0", value: 0)),
    Number(text: "1_000", expected: .integer(text: "1000", value: 1000)),
    Number(text: "0xFF", expected: .integer(text: "255", value: 255)),
    Number(
      text: "9223372036854775807",
      expected: .integer(text: "9223372036854775807", value: .max)
    ),
    Number(
      text: "9_223_372_036_854_775_808",
      expected: .integer(text: "9223372036854775808", value: nil)
    ),
    Number(
      text: "0x00_8000_0000_0000_000F",
      expected: .integer(text: "0x800000000000000f", value: nil)
    ),
    Number(
      text: "0o1000000000000000000017",
      expected: .integer(text: "0x800000000000000f", value: nil)
    ),
    Number(text: "1_0.5e1", expected: .float(105)),
    Number(text: "1_0.5J", expected: .imaginary("10.5")),
  ])
  func `a number keeps its digits and its value`(_ example: Number) throws {
    #expect(try expression(example.text).kind == .constant(example.expected))
  }

  @Test func `expressions in f-strings have their place in the file`() throws {
    let text = "x = 1\nf'é{a}' rf'''\n{ b + c :{d}}'''"
    let value = try #require(Module.parse(text).body.last?.childExpressions.first)
    let positions = value.children.map(\.position.description)
    #expect(positions == ["2:5", "3:3", "3:11"])
  }

  @Test func `f-strings may nest as Python 3.12 allows`() throws {
    #expect(try names(in: expression("f'{a['b']} {f'{c}'} {'\\n'.join(d)}'")) == ["a", "c", "d"])
    #expect(try names(in: expression("f'{a # b\n}'")) == ["a"])
  }

  @Test func `a match statement is read with its patterns as expressions`() throws {
    let text = """
      match command.split():
        case [first, *rest] if first: a
        case Point(x=0, y=z) | {"k": v, **w} as p:
          b
        case (1 | -2 as n), "s": c
        case _: d
      """
    let module = try Module.parse(text)
    guard case .match(_, let cases) = try #require(module.body.first).kind else {
      Issue.record("not a match statement")
      return
    }
    #expect(cases.count == 4)
    #expect(cases.map { $0.guardTest != nil } == [true, false, false, false])
    let expected = ["command", "first", "rest", "first", "Point", "z", "v", "w", "_"]
    #expect(module.body[0].childExpressions.flatMap { names(in: $0) } == expected)
    #expect(names(in: module.body[0].childStatements) == ["a", "b", "c", "d"])
    guard case .capture(_, let name) = cases[1].pattern.kind else {
      Issue.record("not a capture")
      return
    }
    #expect(name == "p")
  }

  @Test func `type parameters and aliases of Python 3.12 are read`() throws {
    let module = try Module.parse(
      "type A[T: int, *U, **V] = B\ndef f[T](a: T): pass\nclass C[T: (int, str)](D): pass"
    )
    #expect(names(in: module.body) == ["int", "B", "T", "int", "str", "D"])
    guard case .typeAlias(_, let parameters, _) = module.body[0].kind else {
      Issue.record("not a type alias")
      return
    }
    #expect(parameters.map(\.stars) == [0, 1, 2])
  }

  @Test func `exception groups are told from plain clauses`() throws {
    let module = try Module.parse("try: a\nexcept* b as c: d\nexcept* e: f")
    guard case .try(let clauses) = module.body[0].kind else {
      Issue.record("not a try statement")
      return
    }
    #expect(clauses.isStarred)
    #expect(clauses.handlers.map(\.name) == ["c", nil])
    #expect(throws: PythonSyntaxError.self) {
      try Module.parse("try: a\nexcept b: c\nexcept* d: e")
    }
  }

  @Test func `a subscript may unpack as Python 3.11 allows`() throws {
    #expect(try names(in: expression("a[*b, c]")) == ["a", "b", "c"])
    #expect(try Module.parse("def f(*a: *b): pass").body.count == 1)
  }

  @Test func `every name is reached by walking the children`() throws {
    let text = """
      @d1
      def f(p: d2 = d3, *q: d4, r=d5) -> d6:
        with d7 as d8: d9
        for d10 in d11: d12
        else: d13
        try: d14
        except d15: d16
        else: d17
        finally: d18
        while d19: d20
        if d21: d22
        elif d23: d24
        else: d25
        assert d26, d27
        raise d28 from d29
        del d30
        return d31
        d32: d33 = d34
        d35 += d36
        d37 = d38 = d39
      @e1
      class C(e2, k=e3): e4
      [g1 for g2 in g3 if g4]; {h1: h2, **h3}; {i1: i2 for i3 in i4}
      j1 if j2 else j3; (lambda x=k1: k2); l1[l2:l3:l4]; (m1 := m2); n1.n(n2, *n3, n=n4)
      o1 and o2 < o3 + o4; (yield p1); (yield from p2); f'{q1:{q2}}'
      """
    let module = try Module.parse(text)
    let counts = ["d": 39, "e": 4, "g": 4, "h": 3, "i": 4, "j": 3, "k": 2, "l": 4]
      .merging(["m": 2, "n": 4, "o": 4, "p": 2, "q": 2]) { first, _ in first }
    let expected = counts.flatMap { letter, count in (1...count).map { "\(letter)\($0)" } }
    #expect(names(in: module.body).sorted() == expected.sorted())
  }

  @Test func `names that Unicode holds equal are equal`() throws {
    #expect(try expression("\u{E9}") == expression("e\u{301}"))
  }

  @Test func `positions are ordered as they come in the file`() {
    let first = SourcePosition(line: 1, column: 9)
    let second = SourcePosition(line: 2, column: 1)
    #expect(first < second)
    #expect(second < SourcePosition(line: 2, column: 2))
    #expect(second.description == "2:1")
  }
}
