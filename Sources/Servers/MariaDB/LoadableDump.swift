/// The SQL of `mariadb-dump`, piece by piece, as it is loaded into a schema of another name where nobody else works.
///
/// Without `LOCK TABLES`: under such a lock a table cannot be filled whose column has a sequence for its default, unless that is locked
/// too. And without the database's own name in `ALTER DATABASE`, which mariadb-dump puts around a routine that was made under another
/// character set than the database has now: that would change the database that was saved. Routines can be replaced where they are, since
/// a `DROP` would take with it who may call them.
struct LoadableDump {
  /// Longer than any of the lines that matter: a name has 64 characters.
  private static let bound = 600

  private var held: [UInt8] = []
  private var isInLine = false
  // The bodies of triggers and routines, which are not looked into.
  private var isBody = false
  private var isBodyBegun = false
  private let replacesRoutines: Bool

  /// Begins a dump.
  ///
  /// - Parameter replacesRoutines: Whether routines are replaced where there are others of their names. Only MariaDB can do that.
  init(replacesRoutines: Bool = false) {
    self.replacesRoutines = replacesRoutines
  }

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
          result += begun(held)
        } else if let line = loaded(held) {
          result += line
        }
        isInLine = end == nil
        held = []
      }
    }
    return result
  }

  /// A line as it is loaded; nil if it is left out.
  private mutating func loaded(_ bytes: [UInt8]) -> [UInt8]? {
    // Most lines are rows. What is not rewritten stays as it is: the text of a routine may be in another encoding than UTF-8.
    guard bytes.first != UInt8(ascii: "(") else { return begun(bytes) }
    let line = String(decoding: bytes, as: UTF8.self)
    switch line {
    case "DELIMITER ;;\n":
      (isBody, isBodyBegun) = (true, false)
      return bytes
    case "DELIMITER ;\n": isBody = false
    case "UNLOCK TABLES;\n" where !isBody: return nil
    default: if !isBody, Self.isLock(line) || replacesRoutines && Self.isDrop(line) { return nil }
    }
    // Within a body two semicolons are its end.
    guard line.hasPrefix("ALTER DATABASE `"), line.hasSuffix(isBody ? " ;;\n" : " ;\n") else {
      return begun(bytes)
    }
    return Array(Self.withoutName(line).utf8)
  }

  private static func isLock(_ line: String) -> Bool {
    line.hasPrefix("LOCK TABLES `") && line.hasSuffix("` WRITE;\n")
  }

  private static func isDrop(_ line: String) -> Bool {
    line.hasPrefix("/*!50003 DROP PROCEDURE IF EXISTS `")
      || line.hasPrefix("/*!50003 DROP FUNCTION IF EXISTS `")
  }

  /// The beginning of a line, which may be that of a routine.
  private mutating func begun(_ line: [UInt8]) -> [UInt8] {
    guard isBody, !isBodyBegun else { return line }
    isBodyBegun = true
    let create = Array("CREATE ".utf8)
    guard replacesRoutines, line.starts(with: create + Array("DEFINER=".utf8)) else { return line }
    return create + Array("OR REPLACE ".utf8) + line.dropFirst(create.count)
  }

  /// A line without the name in ``ALTER DATABASE `name` CHARACTER SET``, which then means the database that is in use.
  static func withoutName(_ line: String) -> String {
    guard line.hasPrefix("ALTER DATABASE `"),
      let end = line.ranges(of: "` CHARACTER SET ").last
    else { return line }
    return "ALTER DATABASE CHARACTER SET " + line[end.upperBound...]
  }
}
