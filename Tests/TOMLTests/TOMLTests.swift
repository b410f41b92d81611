import Foundation
import TOML
import TestKit
import Testing

@Suite struct TOMLTests {
  static let documents = [
    "", "# only a comment", "a = 1", "a = \"x\"\nb = 'y\\n'\n", "a.b.c = true\na.b.d = false\n",
    "[tool.alembic]\nscript_location = \"%(here)s/alembic\"\nversion_locations = [\n  \"a\", # one\n  'b',\n]\n",
    "[a]\nx = 1\n[a.b]\ny = 2\n[c]\n",
    "[[a]]\nx = 1\n[[a]]\nx = 2\n[a.b]\ny = 3\n[[a]]\n[a.b]\ny = 4\n",
    "a = \"\"\"\nline one\nline \"two\" \\\n   joined\"\"\"\n", "a = '''\nraw \\n\n'''",
    "a = \"\"\"x\"\"\"\"\"",
    "a = \"\\u00e4\\U0001F600\\t\\\"\\\\\"", "a = {b = 1, c = {d = \"x\"}, e.f = [1, [2, 3]]}\n",
    "\"quoted key\".'other' = 1\n",
    "a = 1979-05-27 07:32:00Z\nb = 07:32:00\nc = -1.5e+3\nd = 0xFF\n",
    "a = inf\nb = -nan\nc = 1_000\n", "a = [ ]\nb = {}\r\nc = 1\r\n", "[ a . b ]\nx=1",
    "a=[{b=1},{b=2}]",
    "é = 1", "a", "a =", "= 1", "a = x", "a = \"", "a = 'x", "[a", "[a]\n[a]", "a = 1\na = 2",
    "a = 1 b = 2", "a = [1", "a = {b = 1", "a = \"\\x\"", "[a]\nb = 1\n[a.b]", "a = [1,,2]",
    "a = {b = 1,}",
    "a = \"x\ny\"", "[[a]]\n[a]", "a = \"\\ud800\"", "1 = 2", "a-b_c = 'x'", "a = '''x''y'''''",
    "x = \"\"\"a\\\n\n   b\"\"\"", "\t a \t = \t 1 \t # c",
  ]

  @Test func `a document is read as Python's tomllib reads it`() throws {
    let script = """
      import datetime, json, sys, tomllib
      def plain(v):
        if isinstance(v, dict): return {k: plain(x) for k, x in v.items()}
        if isinstance(v, list): return [plain(x) for x in v]
        return v if isinstance(v, (str, bool)) else "other"
      answers = []
      for text in json.load(sys.stdin):
        try: answers.append(plain(tomllib.loads(text)))
        except ValueError: answers.append(None)
      json.dump(answers, sys.stdout, sort_keys=True)
      """
    let outcome = try Command.run(
      [Workshop.python, "-c", script],
      input: JSONEncoder().encode(Self.documents)
    )
    let data = Data(outcome.output.utf8)
    let answers = try #require(try JSONSerialization.jsonObject(with: data) as? [Any])
    #expect(answers.count == Self.documents.count)
    for (text, answer) in zip(Self.documents, answers) {
      do {
        let value = plain(try TOMLParser.document(Array(text.utf8)))
        #expect(!(answer is NSNull), "\(text.debugDescription) is no TOML")
        #expect(try json(value) == json(answer), "\(text.debugDescription)")
      } catch {
        #expect(answer is NSNull, "\(text.debugDescription): \(error)")
      }
    }
  }

  @Test func `an error has its line`() throws {
    let error = try #require(throws: TOMLError.self) {
      try TOMLParser.document(Array("a = 1\n\nb = x\n".utf8))
    }
    #expect(error.line == 3)
  }

  private func plain(_ value: TOMLValue) -> Any {
    switch value {
    case .string(let text): text
    case .boolean(let flag): flag
    case .other: "other"
    case .array(let values): values.map(plain)
    case .table(let table): table.mapValues(plain)
    }
  }

  private func json(_ value: Any) throws -> String {
    let data = try JSONSerialization.data(
      withJSONObject: value,
      options: [.sortedKeys, .fragmentsAllowed]
    )
    return String(decoding: data, as: UTF8.self)
  }
}
