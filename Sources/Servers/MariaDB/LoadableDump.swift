/// The SQL of `mariadb-dump`, piece by piece, as it is loaded into a schema of another name where nobody else works.
///
/// Without `LOCK TABLES`: under such a lock a table cannot be filled whose column has a sequence for its default, unless that is locked
/// too. And without the database's own name in `ALTER DATABASE`, which mariadb-dump puts around a routine that was made under another
/// character set than the database has now: that would change the database that was saved.
struct LoadableDump {
  /// Longer than any of the lines that matter: a name has 64 characters.
  private static let bound = 600

  private var held: [UInt8] = []
  private var isInLine = false
  // The bodies of triggers and routines, which are not looked into.
  private var isBody = false

  /// Takes the next bytes.
  ///
  /// - Parameter piece: The bytes; nil at the end.
  /// - Returns: What can be said already of all that was taken; nil at the end.
  mutating func take(_ piece: [UInt8]?) -> [UInt8]? {
    guard let piece else {
      defer { held = [] }
      return held.isEmpty ? nil : held
    }
    var result: [UInt8] = []
    result.reserveCapacity(piece.count)
    var rest = piece[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
      let part = rest[..<(end ?? rest.endIndex)]
      rest = rest[part.endIndex...]
      if isInLine {
        result += part
        isInLine = end == nil
      } else {
        held += part
        guard end != nil || held.count > Self.bound else { continue }
        if end == nil {
          result += held
        } else if let line = loaded(String(decoding: held, as: UTF8.self)) {
          result += line.utf8
        }
        isInLine = end == nil
        held = []
      }
    }
    return result
  }

  /// A line as it is loaded; nil if it is left out.
  private mutating func loaded(_ line: String) -> String? {
    switch line {
    case "DELIMITER ;;\n": isBody = true
    case "DELIMITER ;\n": isBody = false
    case "UNLOCK TABLES;\n": return isBody ? line : nil
    default:
      if !isBody, line.hasPrefix("LOCK TABLES `"), line.hasSuffix("` WRITE;\n") { return nil }
      // Within a body two semicolons are its end.
      if line.hasSuffix(isBody ? " ;;\n" : " ;\n") { return Self.withoutName(line) }
    }
    return line
  }

  /// A line without the name in ``ALTER DATABASE `name` CHARACTER SET``, which then means the database that is in use.
  static func withoutName(_ line: String) -> String {
    guard line.hasPrefix("ALTER DATABASE `"),
      let end = line.ranges(of: "` CHARACTER SET ").last
    else { return line }
    return "ALTER DATABASE CHARACTER SET " + line[end.upperBound...]
  }
}
