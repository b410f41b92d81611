/// What differs between two schemas as a server's own dump program writes them: statements that only one of them has.
package struct SchemaTextDifference: Hashable, Sendable {
  /// The statements, without their semicolons, each with `- ` before its lines if only the first schema has it, and `+ ` if only the second has.
  package let lines: [String]

  /// Compares two schemas.
  ///
  /// - Parameters:
  ///   - before: The one.
  ///   - after: The other.
  package init(from before: String, to after: String) {
    let (old, new) = (Self.statements(before), Self.statements(after))
    let (isOld, isNew) = (Set(old), Set(new))
    lines =
      old.filter { !isNew.contains($0) }.map { Self.marked($0, "- ") }
      + new.filter { !isOld.contains($0) }.map { Self.marked($0, "+ ") }
  }

  /// What stands between empty lines, without comments and what only sets the stage.
  private static func statements(_ text: String) -> [String] {
    var statements: [String] = []
    var lines: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty {
        if !lines.isEmpty { statements.append(lines.joined(separator: "\n")) }
        lines = []
      } else if !["--", "SET ", "/*!", "\\", "SELECT pg_catalog.set_config"].contains(
        where: line.hasPrefix
      ) {
        lines.append(line)
      }
    }
    if !lines.isEmpty { statements.append(lines.joined(separator: "\n")) }
    return statements
  }

  private static func marked(_ statement: String, _ mark: String) -> String {
    let body = statement.hasSuffix(";") ? statement.dropLast() : statement[...]
    return body.split(separator: "\n").map { mark + $0 }.joined(separator: "\n")
  }
}
