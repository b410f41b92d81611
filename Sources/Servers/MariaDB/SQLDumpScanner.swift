/// Reads the SQL of `mariadb-dump` as it comes, counts the rows of each table, and sums up their digests.
///
/// So what is known of a dump is known of its own bytes, and a restored database is compared row by row by dumping it once more.
struct SQLDumpScanner {
  /// The rows of one table: how many, and sums that do not depend on their order.
  private struct Rows {
    var count: Int64 = 0
    var first: UInt64 = 0
    var second: UInt64 = 0
  }

  private enum State {
    case line
    case rows
    case row
    case text
    case escape
  }

  private static let insert = Array("INSERT INTO `".utf8)
  private static let values = Array(" VALUES".utf8)

  private let versionTable: [UInt8]
  private var state = State.line
  private var buffer: [UInt8] = []
  private var rows: [[UInt8]: Rows] = [:]
  private var table: [UInt8] = []
  private var current = Rows()
  private var isVersionTable = false
  private var versions: [[UInt8]] = []
  private var hashes: (UInt64, UInt64) = (0, 0)
  // Between DELIMITER ;; and DELIMITER ; are the bodies of triggers and routines, which may say anything.
  private var isBody = false
  private var lines: [String] = []
  private var lastLine: [UInt8] = []
  private var body = ""
  private var programs: Set<ServerProgram> = []
  private let events: DumpedEvent.Change
  private var database: String?

  /// Begins a dump.
  ///
  /// - Parameters:
  ///   - versionTable: alembic's version table.
  ///   - events: What is done to events before they are looked at.
  init(versionTable: String, events: DumpedEvent.Change = .none) {
    self.versionTable = Array(versionTable.utf8)
    self.events = events
  }

  /// Takes the next bytes.
  ///
  /// - Parameter bytes: The bytes.
  mutating func take(_ bytes: ArraySlice<UInt8>) {
    for byte in bytes { take(byte) }
  }

  private mutating func take(_ byte: UInt8) {
    switch state {
    case .line:
      guard byte != UInt8(ascii: "\n") else { return endLine() }
      buffer.append(byte)
      if byte == UInt8(ascii: "S"), !isBody, buffer.starts(with: Self.insert),
        buffer.suffix(Self.values.count) == Self.values[...]
      {
        beginRows()
      }
    case .rows:
      switch byte {
      case UInt8(ascii: "("):
        hashes = (0xcbf2_9ce4_8422_2325, 0x9ae1_6a3b_2f90_404f)
        buffer = []
        state = .row
      case UInt8(ascii: ";"):
        rows[table] = current
        buffer = []
        state = .line
      default: break
      }
    case .row:
      guard byte != UInt8(ascii: ")") else { return endRow() }
      hash(byte)
      if byte == UInt8(ascii: "'") { state = .text }
    case .text:
      hash(byte)
      if byte == UInt8(ascii: "\\") {
        state = .escape
      } else if byte == UInt8(ascii: "'") {
        state = .row
      } else if isVersionTable {
        buffer.append(byte)
      }
    case .escape:
      hash(byte)
      state = .text
    }
  }

  private mutating func hash(_ byte: UInt8) {
    // FNV-1a, twice, with different primes.
    hashes.0 = (hashes.0 ^ UInt64(byte)) &* 0x100_0000_01b3
    hashes.1 = (hashes.1 ^ UInt64(byte)) &* 0x9e37_79b9_7f4a_7c15
  }

  private mutating func beginRows() {
    var name: [UInt8] = []
    var rest = buffer.dropFirst(Self.insert.count)
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "`"), rest.popFirst() != UInt8(ascii: "`") { break }
      name.append(byte)
    }
    table = name
    current = rows[table] ?? Rows()
    isVersionTable = table == versionTable
    buffer = []
    state = .rows
  }

  private mutating func endRow() {
    current.count += 1
    current.first &+= hashes.0 ^ (hashes.0 >> 31)
    current.second &+= hashes.1 ^ (hashes.1 >> 29)
    if isVersionTable { versions.append(buffer) }
    buffer = []
    state = .rows
  }

  private mutating func endLine() {
    defer { buffer = [] }
    guard !buffer.isEmpty else { return }
    lastLine = buffer
    if isBody, let (changed, _) = DumpedEvent.changed(buffer, events) { buffer = changed }
    let line = String(decoding: buffer, as: UTF8.self)
    switch line {
    case "DELIMITER ;;":
      isBody = true
      body = ""
    case "DELIMITER ;":
      isBody = false
      if let program = ServerProgram.dumped(body) { programs.insert(program) }
    default: if isBody { body += line + "\n" }
    }
    guard isBody || !line.hasPrefix("--") else {
      database = database ?? DumpedSequence.database(in: buffer)
      return
    }
    if !isBody, let name = Self.created(line) { rows[name] = rows[name] ?? Rows() }
    let plain = isBody ? line : withoutDatabase(line)
    lines.append("schema " + Self.withoutCounter(LoadableDump.withoutName(plain)))
  }

  /// A line whose sequences have no database before them, since it is another one in a copy.
  private func withoutDatabase(_ line: String) -> String {
    database.flatMap { DumpedSequence.renamed(line, from: $0, to: nil) } ?? line
  }

  /// The table of `CREATE TABLE`.
  private static func created(_ line: String) -> [UInt8]? {
    guard line.hasPrefix("CREATE TABLE `"), line.hasSuffix("` (") else { return nil }
    let name = line.dropFirst("CREATE TABLE `".count).dropLast("` (".count)
    return Array(name.replacing("``", with: "`").utf8)
  }

  /// A line without `AUTO_INCREMENT=7`, which is no part of what a table is.
  static func withoutCounter(_ line: String) -> String {
    guard line.hasPrefix(") ENGINE="), let range = line.firstRange(of: " AUTO_INCREMENT=") else {
      return line
    }
    return String(line[..<range.lowerBound]) + line[range.upperBound...].drop { $0.isNumber }
  }

  /// Whether the dump came to its end: its last line says so.
  var isWhole: Bool { lastLine.starts(with: "-- Dump completed".utf8) }

  /// What the dump says.
  var content: ServerContent {
    var counts: [String: Int64] = [:]
    var lines = lines
    let version = String(decoding: versionTable, as: UTF8.self)
    for (name, rows) in rows {
      let name = String(decoding: name, as: UTF8.self)
      counts[name] = rows.count
      lines.append("rows \(name) \(rows.count) \(rows.first) \(rows.second)")
    }
    var content = ServerContent(
      rowCounts: counts,
      heads: versions.map { String(decoding: $0, as: UTF8.self) },
      lines: lines,
      versionTable: counts[version] == nil ? nil : version
    )
    content.programs = programs
    return content
  }
}
