import Foundation
import TestKit
import Testing

@testable import AlembicScripts

/// alembic.ini as Python's own ConfigParser reads it, in the same run.
@Suite struct IniFileTests {
  static let texts = [
    "[a]\nx = 1\n y = 2\n",
    "[a]\n  x = 1\n  y = 2\n   z\n",
    "[a]\nx = 1\n\n  2\n",
    "[a]\nx = 1\n # comment\n  2\n\n",
    "[a]\nx = 1\n\n\n[b]\ny = 1",
    "[a]\nx = 1\n  [b]\ny=2",
    "[a] behind\nx = 1",
    "[a]]\nx = 1",
    "  [a]\n  x = 1\n y = 2",
    "[a]\nx = first\r\n second\r third",
    "[a]\nx\u{2028} = 1\u{2028} y",
    "[a]\nx =\u{301}1",
    "[a]\nx = %(y)s\n[DEFAULT]\ny = 2\n[DEFAULT]\nz = 1",
    "[a]\nx : y = 2",
    "[a]\nX\t = 1",
    "[a]\nx =\n 1",
    "[a]\nx = 100%% %(here)s %(Y)s\ny = %%",
    "[a]\nx = %(y)s\u{301}%(y)s\ny = 1",
    "[a]\nx = %(k1)s\n" + (1..<10).map { "k\($0) = %(k\($0 + 1))s\n" }.joined() + "k10 = deep",
    "[a]\nx = %(k1)s\n" + (1..<11).map { "k\($0) = %(k\($0 + 1))s\n" }.joined() + "k11 = deep",
    "[a]\nx = %()s",
    "[a]\nx = %(y)d\ny = 1",
    "[a]\nx = 1 % 2",
  ]

  private static let program = """
    import configparser, json, pathlib, sys
    path = pathlib.Path(sys.argv[1])
    answers = []
    for text in json.load(sys.stdin):
        path.write_bytes(text.encode())
        parser = configparser.ConfigParser({"here": "/here"})
        try:
            parser.read(path, "utf-8")
            answers.append({s: {k: parser.get(s, k) for k in parser[s] if k != "here"} for s in parser.sections()})
        except configparser.Error:
            answers.append(None)
    json.dump(answers, sys.stdout)
    """

  /// What our reader makes of a text: the values that Python has found, or nil if it is refused.
  private func read(
    _ text: String,
    _ expected: [String: [String: String]]?
  ) -> [String: [String: String]]? {
    do {
      let ini = try IniFile(path: "a.ini", here: "/here", text: text)
      var sections: [String: [String: String]] = [:]
      for (section, keys) in expected ?? ["a": ["x": ""]] {
        sections[section] = [:]
        for key in keys.keys { sections[section]?[key] = try ini.value(key, in: section) }
      }
      return sections
    } catch {
      return nil
    }
  }

  @Test func `values are those that Python's ConfigParser gives`() throws {
    let scratch = try Scratch()
    let command = try Command.run(
      ["python3", "-c", Self.program, scratch.file("a.ini")],
      input: try JSONEncoder().encode(Self.texts)
    )
    try #require(command.status == 0, "\(command)")
    let answers = try JSONDecoder().decode(
      [[String: [String: String]]?].self,
      from: Data(command.output.utf8)
    )
    try #require(answers.count == Self.texts.count)
    for (text, answer) in zip(Self.texts, answers) {
      #expect(read(text, answer) == answer, "\(text.debugDescription)")
    }
  }
}
