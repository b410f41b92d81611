internal import Revisions

/// A configuration file as Python's ConfigParser reads it, which alembic uses: sections, continued lines, `%(name)s`.
///
/// Inline comments are part of the value, keys are case-insensitive, and `%` must be doubled.
struct IniFile {
  private var sections: [String: [String: Entry]] = [:]
  private let path: String
  private let here: String

  private struct Entry {
    var value: String
    var line: Int
  }

  /// Reads a file's text; `here` is what `%(here)s` stands for, the absolute directory of the file.
  init(path: String, here: String, text: String) throws(ScriptError) {
    self.path = path
    self.here = here
    var section: String?
    var key: String?
    for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let line = index + 1
      let content = PythonText.stripped(String(raw))
      if content.isEmpty || content.hasPrefix("#") || content.hasPrefix(";") { continue }
      if raw.first?.isWhitespace == true, let section, let key {
        sections[section]?[key]?.value += "\n" + content
        continue
      }
      if content.hasPrefix("["), let end = content.lastIndex(of: "]") {
        let name = String(content[content.index(after: content.startIndex)..<end])
        guard sections[name] == nil else {
          throw error("the section [\(name)] is there twice", line)
        }
        sections[name] = [:]
        (section, key) = (name, nil)
        continue
      }
      guard let current = section else {
        throw error("this line stands before the first [section]", line)
      }
      guard let separator = content.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
        throw error("this line is neither 'key = value' nor a [section]", line)
      }
      let name = PythonText.stripped(String(content[..<separator])).lowercased()
      let value = PythonText.stripped(String(content[content.index(after: separator)...]))
      guard sections[current]?[name] == nil else {
        throw error("'\(name)' is there twice in [\(current)]", line)
      }
      sections[current]?[name] = Entry(value: value, line: line)
      key = name
    }
  }

  /// The value of a key with all `%(name)s` filled in; nil if the section does not have it.
  func value(_ key: String, in section: String) throws(ScriptError) -> String? {
    guard let entry = entry(key, in: section) else { return nil }
    return try interpolated(entry, in: section, depth: 0)
  }

  func has(section: String) -> Bool { sections[section] != nil }

  private func entry(_ key: String, in section: String) -> Entry? {
    sections[section]?[key] ?? sections["DEFAULT"]?[key]
  }

  private func interpolated(
    _ entry: Entry,
    in section: String,
    depth: Int
  ) throws(ScriptError) -> String {
    guard depth < 10 else { throw error("the value refers to itself", entry.line) }
    var result = ""
    var rest = entry.value[...]
    while let percent = rest.firstIndex(of: "%") {
      result += rest[..<percent]
      rest = rest[rest.index(after: percent)...]
      if rest.hasPrefix("%") {
        result += "%"
        rest = rest.dropFirst()
        continue
      }
      guard rest.hasPrefix("("), let end = rest.range(of: ")s")?.lowerBound else {
        throw error("'%' must be followed by '%' or '('; write '%%' for one", entry.line)
      }
      let name = rest[rest.index(after: rest.startIndex)..<end].lowercased()
      if name == "here" {
        result += here
      } else if let other = self.entry(name, in: section) {
        result += try interpolated(other, in: section, depth: depth + 1)
      } else {
        throw error("there is no '\(name)' for %(\(name))s", entry.line)
      }
      rest = rest[rest.index(end, offsetBy: 2)...]
    }
    return result + rest
  }

  private func error(_ message: String, _ line: Int) -> ScriptError {
    ScriptError(
      .configuration,
      message,
      at: .init(path: path, line: line, column: 1),
      hint: "correct the file"
    )
  }
}

extension Substring {
  /// The first place of a text; the standard library alone has no search.
  fileprivate func range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
