/// Values, with what they refer to filled in.
extension IniFile {
  /// How much filling in may make of one value; a file is not longer than that either.
  private static let maximalLength = 1 << 20
  /// How often one value may refer to another, all levels together.
  private static let maximalReferences = 10_000

  /// How much of that one value has used.
  private struct Expansion {
    var length = 0
    var references = 0
  }

  /// The value of a key with all `%(name)s` filled in; nil if the section does not have it.
  func value(_ key: String, in section: String) throws(ScriptError) -> String? {
    guard let entry = entry(key, in: section) else { return nil }
    var expansion = Expansion()
    return try expanded(entry, in: section, depth: 1, &expansion)
  }

  private func expanded(
    _ entry: Entry,
    in section: String,
    depth: Int,
    _ expansion: inout Expansion
  ) throws(ScriptError) -> String {
    // Python's own limit is on levels alone: a few lines that refer to each other many times fill any memory.
    guard depth <= 10 || !entry.value.contains("%") else {
      throw error("the value refers to itself", entry.line)
    }
    var result = String.UnicodeScalarView()
    var rest = entry.value.unicodeScalars[...]
    while let percent = rest.firstIndex(of: "%") {
      result.append(contentsOf: rest[..<percent])
      rest = rest[rest.index(after: percent)...]
      if rest.first == "%" {
        result.append("%")
        rest.removeFirst()
        continue
      }
      guard let name = Self.takeName(from: &rest) else {
        throw error("'%' must be followed by '%' or '('; write '%%' for one", entry.line)
      }
      expansion.references += 1
      let value: String
      if name == "here" {
        value = here
      } else if let other = self.entry(name, in: section) {
        value = try expanded(other, in: section, depth: depth + 1, &expansion)
      } else {
        throw error("there is no '\(name)' for %(\(name))s", entry.line)
      }
      expansion.length += value.utf8.count
      guard
        expansion.length <= Self.maximalLength,
        expansion.references <= Self.maximalReferences
      else { throw error("the value grows too long by what it refers to", entry.line) }
      result.append(contentsOf: value.unicodeScalars)
    }
    return String(result) + String(rest)
  }

  /// Takes `(name)s` from the beginning of a text; nil if it does not begin so.
  private static func takeName(from rest: inout Substring.UnicodeScalarView) -> String? {
    guard rest.first == "(", let end = rest.firstIndex(of: ")") else { return nil }
    let name = rest[rest.index(after: rest.startIndex)..<end]
    let behind = rest[rest.index(after: end)...]
    guard !name.isEmpty, behind.first == "s" else { return nil }
    rest = behind.dropFirst()
    return String(name).lowercased()
  }
}
