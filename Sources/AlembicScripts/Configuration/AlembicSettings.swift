internal import DurableFiles

/// The settings of an alembic project: those of the ini file, and where it says nothing, those of `[tool.alembic]` in pyproject.toml.
struct AlembicSettings {
  private let ini: IniFile?
  private let project: ProjectFile?
  /// What is read, for messages.
  let name: String

  /// Reads an ini file and a pyproject.toml, of which one may be missing.
  init(ini path: String?, project: String?, files: FileSystem) throws {
    self.project = try project.flatMap { try ProjectFile($0, files: files) }
    name = [path, project].compactMap { $0?.shownAsPath }.first ?? ""
    guard let path else {
      ini = nil
      guard self.project != nil else { throw Self.missing("[tool.alembic]", in: name) }
      return
    }
    let bytes: [UInt8]
    do {
      bytes = try ReadableFile.contents(of: path, limit: 1 << 20, calls: files.calls)
    } catch {
      throw ScriptError(
        .configuration,
        error.description,
        hint: "name the file with -c, or the scripts with --scripts"
      )
    }
    let directory = FileSystem.directory(of: try FileSystem.realPath(path))
    let file = try IniFile(
      path: path,
      here: directory,
      text: String(decoding: bytes, as: UTF8.self)
    )
    guard file.has(section: "alembic") || self.project != nil else {
      throw Self.missing("[alembic]", in: name)
    }
    ini = file
  }

  private static func missing(_ section: String, in name: String) -> ScriptError {
    ScriptError(
      .configuration,
      "\(name) has no section \(section)",
      hint: "name another file with -c"
    )
  }

  /// A text; nil if it is nowhere.
  func text(_ key: String) throws(ScriptError) -> String? {
    if let value = try ini?.value(key, in: "alembic") { return value }
    return try project?.text(key)
  }

  /// What only an ini file can have: the URL.
  func iniText(_ key: String) throws(ScriptError) -> String? {
    try ini?.value(key, in: "alembic")
  }

  /// The programs that the ini file wants to be run on new scripts; nil for none.
  func hooks() throws(ScriptError) -> String? {
    try ini?.value("hooks", in: "post_write_hooks")
  }

  /// Whether a switch is on.
  func flag(_ key: String) throws(ScriptError) -> Bool {
    if let value = try ini?.value(key, in: "alembic") { return value == "true" }
    return try project?.flag(key) ?? false
  }

  /// The versions directories that are named; nil for the usual one.
  func versionLocations() throws -> [String]? {
    guard let listed = try ini?.value("version_locations", in: "alembic"), !listed.isEmpty else {
      return try project?.list("version_locations")
    }
    let separator = try text("path_separator") ?? text("version_path_separator")
    return try Self.split(listed, by: separator, else: Self.blanks.union([","]))
  }

  /// The directories that the project puts before all others that Python looks into.
  func prependedPaths() throws -> [String] {
    guard let listed = try ini?.value("prepend_sys_path", in: "alembic"), !listed.isEmpty else {
      return try project?.list("prepend_sys_path") ?? []
    }
    // They are split by the newer of the two keys alone, and else at colons too.
    let separator = try text("path_separator")
    return try Self.split(listed, by: separator, else: Self.blanks.union([",", ":"]))
  }

  private static let blanks: Set<Character> = [" ", "\t", "\n", "\r"]

  /// Splits a list of paths as alembic does; without a separator it falls back to other characters.
  private static func split(
    _ list: String,
    by separator: String?,
    else legacy: Set<Character>
  ) throws(ScriptError) -> [String] {
    let isSeparator: (Character) -> Bool
    switch separator {
    case ":", "os": isSeparator = { $0 == ":" }
    case ";": isSeparator = { $0 == ";" }
    case "newline": isSeparator = { $0.isNewline }
    case "space": isSeparator = { $0.isWhitespace }
    case nil: isSeparator = legacy.contains
    case let other?:
      throw ScriptError(
        .configuration,
        "'\(other)' is not a valid path_separator",
        hint: "use ':', ';', 'space', 'newline' or 'os'"
      )
    }
    return list.split(whereSeparator: isSeparator).map { PythonText.stripped(String($0)) }
      .filter { !$0.isEmpty }
  }
}
