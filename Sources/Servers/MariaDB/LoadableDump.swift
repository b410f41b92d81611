/// The SQL of `mariadb-dump`, piece by piece, as it is loaded into a schema of another name where nobody else works.
///
/// Without `LOCK TABLES`: under such a lock a table cannot be filled whose column has a sequence for its default, unless that is locked
/// too. And without the database's own name in `ALTER DATABASE`, which mariadb-dump puts around a routine that was made under another
/// character set than the database has now: that would change the database that was saved. Routines can be replaced where they are, since
/// a `DROP` would take with it who may call them. Columns count the sequences of the schema that they are in. Events can be switched off, since a server starts them in a copy as well.
struct LoadableDump {
  /// Longer than the beginnings of the lines that matter: a name has 64 characters.
  private static let bound = 600

  private var held: [UInt8] = []
  private var isInLine = false
  private var tail: [UInt8] = []
  // The bodies of triggers and routines, which may say anything; a statement begins where the one before has ended.
  private var isBody = false
  private var isBeginning = false
  private let replacesRoutines: Bool
  private let events: DumpedEvent.Change
  private let schema: String?
  private var database: String?

  /// The names of the events that were switched off until now.
  private(set) var disabledEvents: Set<String> = []

  /// Begins a dump.
  ///
  /// - Parameters:
  ///   - replacesRoutines: Whether routines are replaced where there are others of their names. Only MariaDB can do that.
  ///   - events: What is done to events.
  ///   - schema: The schema that it is loaded into; nil if it makes no tables.
  init(
    replacesRoutines: Bool = false,
    events: DumpedEvent.Change = .none,
    into schema: String? = nil
  ) {
    self.replacesRoutines = replacesRoutines
    self.events = events
    self.schema = schema
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
      let isWhole = end != nil
      if isInLine {
        result += part
        finish(Array(part), isWhole)
      } else {
        held += part
        guard isWhole || held.count > Self.bound else { continue }
        result += loaded(held, isWhole)
        finish(held, isWhole)
        held = []
      }
    }
    return result
  }

  private mutating func finish(_ bytes: [UInt8], _ isWhole: Bool) {
    tail = (tail + bytes.suffix(3)).suffix(3)
    isInLine = !isWhole
    guard isWhole else { return }
    isBeginning = tail == Array(";;\n".utf8) || bytes == Self.beginOfBody
  }

  private static let beginOfBody = Array("DELIMITER ;;\n".utf8)
  private static let endOfBody = Array("DELIMITER ;\n".utf8)

  /// A line, or its beginning, as it is loaded.
  private mutating func loaded(_ bytes: [UInt8], _ isWhole: Bool) -> [UInt8] {
    // Most lines are rows. What is not rewritten stays as it is: the text of a routine may be in another encoding than UTF-8.
    guard bytes.first != UInt8(ascii: "("), !isBody || isBeginning else { return bytes }
    if isBody, bytes == Self.endOfBody {
      isBody = false
      return bytes
    }
    if bytes == Self.beginOfBody {
      isBody = true
      return bytes
    }
    if isWhole, Self.starts(bytes, "ALTER DATABASE `"), Self.ends(bytes, isBody ? " ;;\n" : " ;\n")
    {
      return Array(Self.withoutName(String(decoding: bytes, as: UTF8.self)).utf8)
    }
    guard isBody else { return isWhole && isLeftOut(bytes) ? [] : withOwnSequences(bytes) }
    if replacesRoutines, Self.starts(bytes, "CREATE DEFINER=") {
      return Array("CREATE OR REPLACE ".utf8) + bytes.dropFirst("CREATE ".utf8.count)
    }
    guard let (changed, name) = DumpedEvent.changed(bytes, events) else { return bytes }
    disabledEvents.insert(name)
    return changed
  }

  private mutating func withOwnSequences(_ bytes: [UInt8]) -> [UInt8] {
    guard let schema else { return bytes }
    if database == nil { database = DumpedSequence.database(in: bytes) }
    guard let database, Self.starts(bytes, "  `") else { return bytes }
    let line = String(decoding: bytes, as: UTF8.self)
    return DumpedSequence.renamed(line, from: database, to: schema).map { Array($0.utf8) } ?? bytes
  }

  private func isLeftOut(_ bytes: [UInt8]) -> Bool {
    if bytes == Array("UNLOCK TABLES;\n".utf8) { return true }
    if Self.starts(bytes, "LOCK TABLES `"), Self.ends(bytes, " WRITE;\n") { return true }
    return replacesRoutines
      && ["PROCEDURE", "FUNCTION"].contains {
        Self.starts(bytes, "/*!50003 DROP \($0) IF EXISTS `")
      }
  }

  private static func starts(_ bytes: [UInt8], _ text: String) -> Bool {
    bytes.starts(with: text.utf8)
  }

  private static func ends(_ bytes: [UInt8], _ text: String) -> Bool {
    bytes.suffix(text.utf8.count).elementsEqual(text.utf8)
  }

  /// A line without the name in ``ALTER DATABASE `name` CHARACTER SET``, which then means the database that is in use.
  static func withoutName(_ line: String) -> String {
    guard line.utf8.starts(with: "ALTER DATABASE `".utf8),
      let end = line.ranges(of: "` CHARACTER SET ").last
    else { return line }
    return "ALTER DATABASE CHARACTER SET " + line[end.upperBound...]
  }
}
