internal import Revisions

/// A `script.py.mako`: the part of the Mako language that alembic's templates and those made of them use.
///
/// `${expression}` with the filters `comma` and `n`, `## comments`, `% if`, `% elif`, `% else`, `% endif`, and a backslash that
/// joins lines. What else there is (Python blocks, loops, tags) is refused with its line: a file that is only nearly what the
/// template says must not be written.
struct MakoTemplate {
  private let path: String
  private let text: String

  /// Takes a template's text.
  ///
  /// - Parameters:
  ///   - path: Its path, for locations.
  ///   - text: The text.
  init(path: String, text: String) {
    self.path = path
    self.text = text
  }

  /// Fills the template in.
  ///
  /// - Parameter values: The values of names; a name that is not there is false, and must not be written.
  /// - Returns: The text.
  /// - Throws: `ScriptError` with the line.
  func filled(_ values: [String: MakoValue]) throws(ScriptError) -> String {
    var output = ""
    // Whether each open `% if` is taken, and whether one of its parts was.
    var conditions: [(isTaken: Bool, wasTaken: Bool)] = []
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let number = index + 1
      let content = line.drop { $0 == " " || $0 == "\t" }
      if content.hasPrefix("##") { continue }
      if content.hasPrefix("%"), !content.hasPrefix("%%") {
        try control(String(content.dropFirst()), number, values, &conditions)
        continue
      }
      guard conditions.allSatisfy(\.isTaken) else { continue }
      guard !line.contains("<%"), !line.contains("</%") else {
        throw refusal("a Python block or a tag of Mako is not read", number)
      }
      // `%%` at the beginning of a line is a percent sign.
      let percent = content.hasPrefix("%%") ? line.firstIndex(of: "%") : nil
      let written = percent.map { line[..<$0] + line[line.index(after: $0)...] } ?? line
      let isJoined = written.hasSuffix("\\")
      output += try filled(isJoined ? written.dropLast() : written, number, values)
      if !isJoined, index < lines.count - 1 { output += "\n" }
    }
    guard conditions.isEmpty else { throw refusal("an '% if' has no '% endif'", lines.count) }
    return output
  }

  private func control(
    _ text: String,
    _ line: Int,
    _ values: [String: MakoValue],
    _ conditions: inout [(isTaken: Bool, wasTaken: Bool)]
  ) throws(ScriptError) {
    let words = PythonText.stripped(text)
    func condition(_ keyword: String) throws(ScriptError) -> Bool? {
      guard words.hasPrefix(keyword + " "), words.hasSuffix(":") else { return nil }
      let expression = words.dropFirst(keyword.count).dropLast()
      return try evaluated(String(expression), line, values).isTrue
    }
    if let isTrue = try condition("if") {
      conditions.append((isTrue, isTrue))
    } else if let isTrue = try condition("elif"), let last = conditions.popLast() {
      conditions.append((isTrue && !last.wasTaken, isTrue || last.wasTaken))
    } else if words == "else:", let last = conditions.popLast() {
      conditions.append((!last.wasTaken, true))
    } else if words == "endif", !conditions.isEmpty {
      conditions.removeLast()
    } else {
      throw refusal("'% \(words)' is not read", line)
    }
  }

  private func filled(
    _ line: Substring,
    _ number: Int,
    _ values: [String: MakoValue]
  ) throws(ScriptError) -> String {
    var output = ""
    var rest = line
    while let dollar = rest.firstIndex(of: "$") {
      output += rest[..<dollar]
      rest = rest[dollar...]
      guard rest.hasPrefix("${") else {
        output += "$"
        rest = rest.dropFirst()
        continue
      }
      guard let end = rest.firstIndex(of: "}") else {
        throw refusal("an expression that does not end on its line is not read", number)
      }
      output += try expression(rest[rest.index(rest.startIndex, offsetBy: 2)..<end], number, values)
      rest = rest[rest.index(after: end)...]
    }
    return output + rest
  }

  private func expression(
    _ text: Substring,
    _ line: Int,
    _ values: [String: MakoValue]
  ) throws(ScriptError) -> String {
    let parts = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    let value = try evaluated(String(parts[0]), line, values)
    var result = value
    for filter in parts.count == 1 ? [] : parts[1].split(separator: ",") {
      switch PythonText.stripped(String(filter)) {
      case "comma": result = .text(result.joined)
      case "n", "str", "unicode": continue
      case "trim": result = .text(PythonText.stripped(result.text ?? ""))
      case let name: throw refusal("the filter '\(name)' is not read", line)
      }
    }
    guard let text = result.text else {
      throw refusal("'\(PythonText.stripped(String(parts[0])))' has no value", line)
    }
    return text
  }

  private func evaluated(
    _ text: String,
    _ line: Int,
    _ values: [String: MakoValue]
  ) throws(ScriptError) -> MakoValue {
    guard let value = MakoExpression(text, values).value() else {
      throw refusal("the expression '\(PythonText.stripped(text))' is not read", line)
    }
    return value
  }

  private func refusal(_ message: String, _ line: Int) -> ScriptError {
    ScriptError(
      .notRead,
      message,
      at: Revision.Location(path: path, line: line, column: 1),
      hint: "write the template as alembic's own is, or let the project's alembic make the file"
    )
  }
}
