internal import DurableFiles
internal import Revisions
internal import TOML

/// The table `[tool.alembic]` of a pyproject.toml, which alembic reads since 1.16 beside an ini file, whose values count more.
struct ProjectFile {
  private let table: [String: TOMLValue]
  private let path: String
  private let here: String

  /// Reads a file; nil if it is not there, or has no such table.
  init?(_ path: String, files: FileSystem) throws {
    guard try FileStatus.ifPresent(path)?.kind == .file else { return nil }
    let bytes = try ReadableFile.contents(of: path, limit: 8 << 20, calls: files.calls)
    let document: TOMLValue
    do {
      document = try TOMLParser.document(bytes)
    } catch {
      throw ScriptError(
        .configuration,
        error.message,
        at: Revision.Location(path: path, line: error.line, column: 1),
        hint: "correct the file"
      )
    }
    guard case .table(let table) = document["tool", "alembic"] else { return nil }
    self.table = table
    self.path = path
    here = FileSystem.directory(of: try FileSystem.realPath(path))
  }

  /// A text with `%(here)s` and `%%` filled in; nil if it is not there.
  func text(_ key: String) throws(ScriptError) -> String? {
    guard let value = table[key] else { return nil }
    guard case .string(let text) = value else { throw error("'\(key)' must be text") }
    return try filled(text, key)
  }

  /// A list of texts; nil if it is not there.
  func list(_ key: String) throws(ScriptError) -> [String]? {
    guard let value = table[key] else { return nil }
    guard case .array(let values) = value else { throw error("'\(key)' must be a list of texts") }
    var texts: [String] = []
    for value in values {
      guard case .string(let text) = value else { throw error("'\(key)' must be a list of texts") }
      texts.append(try filled(text, key))
    }
    return texts
  }

  /// Whether a key is `true`.
  func flag(_ key: String) throws(ScriptError) -> Bool {
    guard let value = table[key] else { return false }
    guard case .boolean(let flag) = value else { throw error("'\(key)' must be true or false") }
    return flag
  }

  /// Python's `%` with a dictionary, as far as it makes sense here.
  private func filled(_ text: String, _ key: String) throws(ScriptError) -> String {
    var filled = ""
    var rest = text[...]
    while let percent = rest.firstIndex(of: "%") {
      filled += rest[..<percent]
      rest = rest[percent...]
      if rest.hasPrefix("%%") {
        filled += "%"
        rest = rest.dropFirst(2)
      } else if rest.hasPrefix("%(here)s") {
        filled += here
        rest = rest.dropFirst("%(here)s".count)
      } else {
        throw error("in '\(key)', '%' must be followed by '%' or '(here)s'")
      }
    }
    return filled + rest
  }

  private func error(_ message: String) -> ScriptError {
    ScriptError(
      .configuration,
      "[tool.alembic] of \(path.shownAsPath): \(message)",
      hint: "correct the file"
    )
  }
}
