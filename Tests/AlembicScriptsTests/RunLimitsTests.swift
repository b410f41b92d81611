import AlembicScripts
import Foundation
import Revisions
import Schema
import Testing

/// Scripts that are made to hang an upgrade, to eat the memory or to exhaust the stack are refused with their place.
@Suite struct RunLimitsTests {
  struct LimitCase: CustomTestStringConvertible, Sendable {
    var name: String
    var top = ""
    var body: String
    /// Line and column in the script.
    var place: String
    var message: String
    var testDescription: String { name }
  }

  private static let steps = "a run of more than 100000 steps is not read"
  private static let values = "a run that makes more than 32 MB of values is not read"
  private static let depth = "calls and expressions nested more than 500 deep are not read"
  /// The limits of the tests: a build without optimisation would take long for the real ones.
  private static let limits = RunLimits(work: 1_000_000, bytes: 32 << 20)

  /// Two statements that double a value in each round.
  private static func doubling(_ value: String, _ by: String) -> String {
    "x = \(value)\nfor i in range(60):\n    x = \(by)"
  }

  static let cases = [
    LimitCase(
      name: "loops in loops",
      body: "for a in range(9999):\n    for b in range(9999):\n        pass",
      place: "14:13",
      message: steps
    ),
    LimitCase(
      name: "a list that grows while it is gone through",
      body: "x = [1]\nfor a in x:\n    x.append(a)",
      place: "14:9",
      message: steps
    ),
    LimitCase(
      name: "doubled text",
      body: doubling("'a'", "x + x"),
      place: "14:13",
      message: values
    ),
    LimitCase(
      name: "text doubled in an f-string",
      body: doubling("'a'", "f'{x}{x}'"),
      place: "14:13",
      message: values
    ),
    LimitCase(
      name: "text doubled by its representation",
      body: doubling("'a'", "str([x, x])"),
      place: "14:13",
      message: values
    ),
    LimitCase(
      name: "a doubled list",
      body: doubling("[1]", "x + x"),
      place: "14:13",
      message: values
    ),
    LimitCase(
      name: "a doubled tuple",
      body: doubling("(1,)", "x + x"),
      place: "14:13",
      message: values
    ),
    LimitCase(
      name: "a list doubled in place",
      body: "x = [1]\nfor i in range(60):\n    x += x",
      place: "14:9",
      message: values
    ),
    LimitCase(
      name: "many ranges",
      body: "x = []\nfor i in range(99):\n    x.append(range(99999))",
      place: "14:9",
      message: values
    ),
    LimitCase(
      name: "the letters of a long text",
      body:
        "x = '\(String(repeating: "a", count: 9999))'\nx = x + x + x + x\nfor i in range(99):\n    y = list(x)",
      place: "15:13",
      message: values
    ),
    LimitCase(
      name: "equal trees of what is there once",
      body: "x = ['a']\ny = ['a']\nfor i in range(40):\n    x = [x, x]\n    y = [y, y]\nx == y",
      place: "17:5",
      message: steps
    ),
    LimitCase(
      name: "the text of a tree of what is there once",
      body: doubling("(1,)", "(x, x)") + "\nstr(x[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0])",
      place: "15:5",
      message: steps
    ),
    LimitCase(
      name: "a tree of functions, before anything runs",
      top: "def f(): pass\n"
        + (0..<18).map { "t\($0) = [\($0 == 0 ? "f" : "t\($0 - 1), t\($0 - 1), t\($0 - 1)")]\n" }
        .joined(),
      body: "t17",
      place: "31:5",
      message: steps
    ),
    LimitCase(
      name: "recursion",
      top: "def f(): return f()",
      body: "f()",
      place: "7:17",
      message: depth
    ),
    LimitCase(
      name: "recursion through all kinds of statements",
      top: """
        def f(x, y):
          for a in x:
            if a:
              with op.batch_alter_table(f'{a}') as b:
                return [{'a': (not -g(x, y), 1)}]
        def g(x, y): return f(x, y) if y or x else f'{f(x, y)}'
        """,
      body: "f('a', 1)",
      place: "11:24",
      message: depth
    ),
    LimitCase(
      name: "recursion in the middle of long sums",
      top: "def f(): return f()" + String(repeating: " + 1", count: 450),
      body: "f()",
      place: "7:17",
      message: depth
    ),
    LimitCase(
      name: "very many batches in one statement",
      body: "with " + (0..<2_000).map { _ in "op.batch_alter_table('a')" }.joined(separator: ", ")
        + ": pass",
      place: "12:13402",
      message: depth
    ),
  ]

  /// Reads, checks and runs a script within the limits, on the stack of a main thread.
  private static func run(_ source: String) async -> ScriptError? {
    await LargeStack.run {
      do {
        let script = try ScriptTests.script(source)
        try ScriptRunner.check(of: script, limits: limits)
        try ScriptRunner.run(of: script, actions: RecordedActions(), limits: limits)
        return nil
      } catch {
        return error as? ScriptError
      }
    }
  }

  @Test(arguments: cases)
  func `a run without end is refused with its place`(_ test: LimitCase) async throws {
    let error = try #require(await Self.run(ScriptTests.source(test.body, top: test.top)))
    #expect(error.message == test.message)
    #expect(error.code == .notRead)
    let place = error.location.map { "\($0.path):\($0.line):\($0.column)" } ?? ""
    #expect(place == "x.py:" + test.place)
  }

  struct DeepCase: CustomTestStringConvertible, Sendable {
    var name: String
    var body: String
    var testDescription: String { name }
  }

  /// What is deep when it is let go, or when it is checked, is not deep to run.
  static let deep = [
    DeepCase(name: "lists", body: "x = []\nfor i in range(20000):\n    x = [x]"),
    DeepCase(name: "tuples", body: "x = ()\nfor i in range(20000):\n    x = (x,)"),
    DeepCase(name: "sums of tuples", body: "x = ()\nfor i in range(20000):\n    x = () + (x,)"),
    DeepCase(
      name: "tuples that grow",
      body: "x = ()\nfor i in range(9000):\n    y = ()\n    y += (x,)\n    x = y"
    ),
    DeepCase(name: "dictionaries", body: "x = 1\nfor i in range(20000):\n    x = {1: x}"),
    DeepCase(name: "exceptions", body: "x = 1\nfor i in range(20000):\n    x = Exception(x)"),
    DeepCase(
      name: "lists from the inside",
      body: "x = []\ny = x\nfor i in range(9000):\n    z = []\n    y.append(z)\n    y = z"
    ),
    DeepCase(
      name: "defaults",
      body: "f = 1\nfor i in range(9000):\n    def f(x=f): pass"
    ),
    DeepCase(
      name: "closures",
      body:
        "def g(x):\n    def h(): return x\n    return h\nx = 1\nfor i in range(9000):\n    x = g(x)"
    ),
    DeepCase(
      name: "a list in itself",
      body: "x = []\nx.append(x)\nx == x"
    ),
  ]

  @Test(arguments: deep)
  func `values in values in values are let go without a deep stack`(_ test: DeepCase) async {
    // Whether it is run to its end or refused is not the question.
    let limits = RunLimits(work: 10_000_000, bytes: 256 << 20)
    await LargeStack.run {
      do {
        let script = try ScriptTests.script(ScriptTests.source(test.body))
        try ScriptRunner.run(of: script, actions: RecordedActions(), limits: limits)
      } catch {
        #expect(error is ScriptError)
      }
    }
  }

  @Test(arguments: ["pass": depth, "return 1 @ 2": "the operator '@' is not read"])
  func `functions that call each other in a very long chain are checked to its end`(
    _ end: String,
    _ message: String
  ) async {
    let functions = (0..<3_000).map { "def f\($0)(): return f\($0 + 1)()\n" }.joined()
    let error = await Self.run(
      ScriptTests.source("f0()", top: functions + "def f3000(): \(end)")
    )
    #expect(error?.message == message)
  }

  @Test func `of a chain of names that cannot be read only the first reason is told`() throws {
    let chain = (1..<2_000).map { "a\($0) = a\($0 - 1)\n" }.joined()
    let source = ScriptTests.source("a1999", top: "from x import a0\n" + chain)
    let error = try #require(throws: ScriptError.self) { try ScriptTests.run(source) }
    #expect(
      error.message == "'a1999' is used, and x.a0 is not a module or a name that is read"
    )
  }

  @Test func `honest work is far below the limits`() throws {
    let body = """
      names = []
      for i in range(2000):
          name = 'table_' + str(i)
          if name not in names:
              names.append(name)
      op.execute('SELECT ' + str(len(names)))
      """
    #expect(try ScriptTests.run(ScriptTests.source(body)) == [.execute("SELECT 2000")])
  }

  struct SearchCase: Sendable {
    var text: String
    var part: String
    var isThere: Bool
  }

  @Test(arguments: [
    SearchCase(text: "", part: "", isThere: true),
    SearchCase(text: "", part: "a", isThere: false),
    SearchCase(text: "aaab", part: "aab", isThere: true),
    SearchCase(text: "ababac", part: "abac", isThere: true),
    SearchCase(text: "abababa", part: "abac", isThere: false),
    SearchCase(text: "e\u{301}", part: "e", isThere: true),
    SearchCase(text: "\u{e9}", part: "e\u{301}", isThere: false),
    SearchCase(text: "a\u{20ac}b", part: "\u{20ac}b", isThere: true),
  ])
  func `a text in another is found scalar by scalar`(_ test: SearchCase) throws {
    let source = ScriptTests.source("if '\(test.part)' in '\(test.text)': op.drop_table('x')")
    #expect(try ScriptTests.run(source).isEmpty == !test.isThere)
  }
}

/// A thread with the stack that a main thread has, which those of Swift's pool need not have.
enum LargeStack {
  static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      let thread = Thread { continuation.resume(returning: body()) }
      thread.stackSize = 8 << 20
      thread.start()
    }
  }
}
