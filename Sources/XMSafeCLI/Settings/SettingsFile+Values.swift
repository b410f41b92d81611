internal import DurableFiles
internal import TOML
internal import XMSafe

/// What the values of a settings file mean.
extension SettingsFile {
  /// The values of an option in one table.
  ///
  /// - Parameters:
  ///   - option: The option.
  ///   - layer: The table.
  ///   - home: The home directory, for paths with a tilde.
  /// - Returns: The values, as the command line would have them; nil if it is not there.
  /// - Throws: `Failure` with the place of a value of another kind.
  func values(
    of option: DeclaredOption,
    in layer: Layer,
    home: String?
  ) throws(Failure) -> [String]? {
    let keys = layer.keys + [option.name]
    switch layer.values[option.name] {
    case nil, .table: return nil
    case .boolean(let isOn):
      guard option.isFlag else {
        throw mistake(
          "'\(option.name)' has a value of its own, and is not just switched on or off",
          at: keys
        )
      }
      return [isOn ? "true" : "false"]
    case .array(let values):
      guard option.isRepeating else { throw mistake("'\(option.name)' has one value", at: keys) }
      var texts: [String] = []
      for value in values { texts.append(try text(value, of: option, at: keys, home)) }
      return texts
    case let value?: return [try text(value, of: option, at: keys, home)]
    }
  }

  private func text(
    _ value: TOMLValue,
    of option: DeclaredOption,
    at keys: [String],
    _ home: String?
  ) throws(Failure) -> String {
    switch value {
    case .string(let text) where !option.isFlag:
      return option.isPath ? path(text, option, home) : text
    case .other(let text) where !option.isFlag && !option.isPath: return text
    default:
      throw mistake(
        option.isFlag
          ? "'\(option.name)' is true or false"
          : "the value of '\(option.name)' is a text in quotes\(option.isPath ? "" : ", or a number")",
        at: keys
      )
    }
  }

  /// A path of the file: relative to the file's own directory, so that it means the same wherever a command runs.
  private func path(_ text: String, _ option: DeclaredOption, _ home: String?) -> String {
    if let home, text == "~" || text.hasPrefix("~/") { return home + text.dropFirst() }
    // A URL of a database, and the scripts of a Python package, are no paths.
    let isPackage = option.name == "scripts" && text.contains(":")
    // A program without a slash is looked for on PATH.
    let isProgram = option.name == "python" && !text.contains("/")
    guard !text.isEmpty, !text.hasPrefix("/"), !text.contains("://"), !isPackage, !isProgram else {
      return text
    }
    return FileSystem.directory(of: path) + "/" + text
  }
}
