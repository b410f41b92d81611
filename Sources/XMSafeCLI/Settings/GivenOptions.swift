/// The options that are on a command line, found without parsing their values.
enum GivenOptions {
  /// Finds the options.
  ///
  /// - Parameters:
  ///   - options: What the command declares.
  ///   - arguments: The command line behind the command's name.
  /// - Returns: The values by the option's long name; `true` for one that stands alone.
  static func find(_ options: [DeclaredOption], in arguments: [String]) -> [String: [String]] {
    var given: [String: [String]] = [:]
    var rest = arguments.prefix { $0 != "--" }[...]
    while let word = rest.popFirst() {
      if word.hasPrefix("--") {
        let parts = word.dropFirst(2).split(
          separator: "=",
          maxSplits: 1,
          omittingEmptySubsequences: false
        )
        guard let option = options.first(where: { $0.name == parts[0] }) else { continue }
        if option.isFlag {
          given[option.name] = ["true"]
        } else if let value = parts.count > 1 ? String(parts[1]) : rest.popFirst() {
          given[option.name, default: []].append(value)
        }
      } else if word.hasPrefix("-") {
        for letter in word.dropFirst() {
          guard let option = options.first(where: { $0.letters.contains(letter) }) else { break }
          if option.isFlag {
            given[option.name] = ["true"]
          } else if let value = rest.popFirst() {
            given[option.name, default: []].append(value)
          }
        }
      }
    }
    return given
  }
}
