import AlembicScripts
import Revisions
import TestKit
import Testing

/// Values that a script doubles again and again are refused before they take all memory.
@Suite struct GrowingValueTests {
  @Test(arguments: [
    "x = [1]\nfor i in range(60):\n    x += x",
    "x = [1]\nfor i in range(60):\n    x = x + x",
    "x = (1,)\nfor i in range(60):\n    x += x",
    "x = 'a'\nfor i in range(60):\n    x += x",
    "x = b'a'\nfor i in range(60):\n    x = x + x",
  ])
  func `a value that is doubled for ever is refused with its place`(_ body: String) throws {
    let error = try #require(throws: ScriptError.self) {
      try ScriptTests.run(ScriptTests.source(body))
    }
    #expect(error.code == .notRead)
    #expect(error.message == "a value of more than ten million parts is not read")
    #expect(error.location?.line == 14)
  }

  struct EndlessCase: CustomTestStringConvertible, Sendable {
    var body: String
    var message: String
    var testDescription: String { body }
  }

  @Test(arguments: [
    EndlessCase(
      body: "x = [1]\ny = [1]\nfor i in range(40):\n    x = [x, x]\n    y = [y, y]\nx == y",
      message: "'==' between values of type list and list is not read"
    ),
    EndlessCase(
      body: "x = (1,)\nfor i in range(40):\n    x = (x, x)\nstr(x)",
      message: "str() of a value of type tuple is not read"
    ),
    EndlessCase(
      body: "x = []\nx.append(x)\nstr(x)",
      message: "str() of a value of type list is not read"
    ),
  ])
  func `what has more parts than can be gone through is refused`(_ test: EndlessCase) throws {
    let error = try #require(throws: ScriptError.self) {
      try ScriptTests.run(ScriptTests.source(test.body))
    }
    #expect(error.code == .notRead)
    #expect(error.message == test.message)
  }
}
