internal import Revisions

/// A configuration file as Python's ConfigParser reads it, which alembic uses: sections, continued lines, `%(name)s`.
///
/// Inline comments are part of the value, keys are case-insensitive, and `%` must be doubled. Python knows no characters
/// that are made of several scalars, so text is looked at scalar by scalar.
struct IniFile {
  let path: String
  /// What `%(here)s` stands for.
  let here: String
  private var sections: [String: [String: Entry]] = [:]

  /// A value as it is written, and where.
  struct Entry {
    var value: String
    var line: Int
  }

  /// Reads a file's text; `here` is the absolute directory of the file.
  init(path: String, here: String, text: String) throws(ScriptError) {
    self.path = path
    self.here = here
    var section: String?
    var key: String?
    var indentation = 0
    var emptyLines = 0
    for (index, raw) in Self.lines(of: text).enumerated() {
      let line = index + 1
      guard !raw.contains("\0") else { throw error("this line holds a zero byte", line) }
      let content = PythonText.stripped(String(raw))
      if content.hasPrefix("#") || content.hasPrefix(";") { continue }
      if content.isEmpty {
        // It counts if the value goes on behind it.
        emptyLines += 1
        continue
      }
      let width = raw.prefix { PythonText.isSpace($0) }.count
      if let section, let key, width > indentation {
        sections[section]?[key]?.value += String(repeating: "\n", count: 1 + emptyLines) + content
        emptyLines = 0
        continue
      }
      emptyLines = 0
      indentation = width
      if let name = Self.header(content) {
        guard sections[name] == nil || name == "DEFAULT" else {
          throw error("the section [\(name)] is there twice", line)
        }
        if sections[name] == nil { sections[name] = [:] }
        (section, key) = (name, nil)
        continue
      }
      guard let current = section else {
        throw error("this line stands before the first [section]", line)
      }
      let scalars = content.unicodeScalars
      guard let separator = scalars.firstIndex(where: { $0 == "=" || $0 == ":" }),
        separator > scalars.startIndex
      else { throw error("this line is neither 'key = value' nor a [section]", line) }
      let name = PythonText.stripped(String(scalars[..<separator])).lowercased()
      let value = PythonText.stripped(String(scalars[scalars.index(after: separator)...]))
      guard sections[current]?[name] == nil else {
        throw error("'\(name)' is there twice in [\(current)]", line)
      }
      sections[current]?[name] = Entry(value: value, line: line)
      key = name
    }
  }

  func has(section: String) -> Bool { sections[section] != nil }

  /// The value of a key as it is written, in the section or in `[DEFAULT]`.
  func entry(_ key: String, in section: String) -> Entry? {
    sections[section]?[key] ?? sections["DEFAULT"]?[key]
  }

  func error(_ message: String, _ line: Int) -> ScriptError {
    ScriptError(
      .configuration,
      message,
      at: .init(path: path, line: line, column: 1),
      hint: "correct the file"
    )
  }

  /// The lines, as Python splits a text file.
  private static func lines(of text: String) -> [String.UnicodeScalarView.SubSequence] {
    var lines: [String.UnicodeScalarView.SubSequence] = []
    let scalars = text.unicodeScalars
    var start = scalars.startIndex
    while let end = scalars[start...].firstIndex(where: { $0 == "\n" || $0 == "\r" }) {
      lines.append(scalars[start..<end])
      start = scalars.index(after: end)
      // A line feed behind a carriage return belongs to it.
      if scalars[end] == "\r", start < scalars.endIndex, scalars[start] == "\n" {
        start = scalars.index(after: start)
      }
    }
    lines.append(scalars[start...])
    return lines
  }

  /// The name in a line that is `[name]`, with anything behind the last bracket; nil for other lines.
  private static func header(_ content: String) -> String? {
    let scalars = content.unicodeScalars
    guard scalars.first == "[", let end = scalars.lastIndex(of: "]") else { return nil }
    let name = scalars[scalars.index(after: scalars.startIndex)..<end]
    return name.isEmpty ? nil : String(name)
  }
}
