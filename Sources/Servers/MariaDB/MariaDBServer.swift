package import Archive
internal import DatabaseURLs
internal import DurableFiles
internal import Processes
package import Snapshots

/// A database on a MariaDB or MySQL server, worked on through mariadb and mariadb-dump.
package struct MariaDBServer: DatabaseServer {
  package let client: ServerClient
  /// alembic's version table.
  package let versionTable: String

  /// Describes a database.
  ///
  /// - Parameters:
  ///   - client: Who asks, and where.
  ///   - versionTable: alembic's version table.
  package init(_ client: ServerClient, versionTable: String) {
    self.client = client
    self.versionTable = versionTable
  }

  package var guardName: String { "mysql" }

  package var isTransactional: Bool { false }

  package func dialect() throws -> Manifest.Dialect {
    try version().contains("MariaDB") ? .mariadb : .mysql
  }

  private func version() throws -> String { try value("SELECT VERSION()") }

  package func references() throws -> [ServerReference] {
    try query(
      """
      SELECT TABLE_NAME, REFERENCED_TABLE_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS
      WHERE CONSTRAINT_SCHEMA = DATABASE() AND UNIQUE_CONSTRAINT_SCHEMA = DATABASE()
      """
    ).map { ServerReference(child: $0[0], parent: $0[1]) }
  }

  package func tables(named names: [String]) throws -> [String: String] {
    let known = try query(
      "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'"
    ).compactMap(\.first)
    return Dictionary(names.filter(known.contains).map { ($0, $0) }) { $1 }
  }

  package func heads() throws -> [String] { try heads(in: client.address.database) }

  package func heads(in database: String) throws -> [String] {
    let table = Self.literal(versionTable)
    let schema = Self.literal(database)
    let count = try value(
      "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = \(schema) AND TABLE_NAME = \(table)"
    )
    guard count != "0" else { return [] }
    return try query(
      "SELECT version_num FROM \(Self.quoted(database)).\(Self.quoted(versionTable))"
    ).compactMap(\.first).sorted()
  }

  package func content(progress: @escaping ProgressReport) throws -> ServerContent {
    try content(of: client.address.database, progress: progress)
  }

  package func content(
    of database: String,
    progress: @escaping ProgressReport
  ) throws -> ServerContent {
    try content(of: database, enabling: [], progress: progress)
  }

  /// What a copy says, as if those of its events were switched on that were switched off when it was made.
  func content(
    of database: String,
    enabling events: Set<String>,
    progress: @escaping ProgressReport
  ) throws -> ServerContent {
    var scanner = SQLDumpScanner(versionTable: versionTable, events: .enabling(events))
    try dump(database, Self.everything) { piece in
      scanner.take(piece)
      try progress(Progress("count rows"))
    }
    guard scanner.isWhole else { throw cut() }
    var content = scanner.content
    content.encoding = try encoding(of: database)
    return content
  }

  // MARK: - Dump

  /// What the dump of a database begins with that could not be saved whole.
  static let flawMark = "-- Not whole: "

  private static let everything = [
    "--single-transaction", "--quick", "--routines", "--triggers", "--events", "--hex-blob",
    "--order-by-primary", "--skip-dump-date", "--max-allowed-packet=1G",
  ]

  package func dump(
    leavesOut: Bool,
    into take: @escaping ([UInt8]) throws -> Void,
    progress: @escaping ProgressReport
  ) throws -> ServerDump {
    let flaw = try flaw()
    if let flaw {
      guard leavesOut else { throw flaw }
      self.client.notice("The snapshot is not whole: \(flaw.message)")
      try take(Array((Self.flawMark + flaw.message.shownOnOneLine + "\n").utf8))
    }
    try checkRoutines()
    let version = try version()
    let client = try self.client.version(of: "mariadb-dump")
    try checkClient(client, server: version)
    let encoding = try encoding(of: self.client.address.database)
    let size = Int64(
      try value(
        "SELECT CAST(COALESCE(SUM(DATA_LENGTH), 0) AS UNSIGNED) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
      )
    )
    for view in try brokenViews(of: self.client.address.database) {
      self.client.notice(
        "The view \(view.name.shownAsPath) of \(self.client.shown) refers to what is not there any more: it is not saved but as a comment, and a restore leaves it as it is"
      )
      // One line, which neither the server nor the comparison looks at.
      let text = view.text.split { $0.isNewline }.joined(separator: " ")
      try take(
        Array(
          "-- Not saved: CREATE VIEW \(Self.quoted(view.name).shownOnOneLine) AS \(text)\n".utf8
        )
      )
    }
    var scanner = SQLDumpScanner(versionTable: versionTable)
    var longest = LongestLine()
    var done: Int64 = 0
    try dump(self.client.address.database, Self.everything) { piece in
      scanner.take(piece)
      longest.take(piece)
      try take(Array(piece))
      done += Int64(piece.count)
      let total = size ?? 0
      try progress(Progress("snapshot", done: min(done, total), total: total))
    }
    guard scanner.isWhole else { throw cut() }
    if try longest.count > longestStatement() {
      self.client.notice(
        "A row of \(self.client.shown) takes \(longest.count) bytes as SQL, which is more than its server takes at once: before this snapshot can be restored there, an administrator has to run \"\(Self.roomFor(longest))\""
      )
    }
    var content = scanner.content
    content.encoding = encoding
    return ServerDump(
      content: content,
      server: Manifest.Database.Server(
        version: version,
        client: client,
        encoding: encoding?.joined(separator: " ") ?? ""
      ),
      flaw: flaw?.message
    )
  }

  /// What a dump could not hold as it is; nil if it can hold everything.
  private func flaw() throws -> ServerError? {
    let versioned = try query(
      """
      SELECT TABLE_NAME FROM information_schema.TABLES
      WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'SYSTEM VERSIONED' ORDER BY TABLE_NAME LIMIT 1
      """
    )
    if let table = versioned.first?.first {
      return ServerError(
        .refused,
        "the table \(table.shownAsPath) of \(client.shown) is system-versioned, and mariadb-dump does not save the history of its rows",
        hint: "save this database with mariadb-backup, or ALTER TABLE ... DROP SYSTEM VERSIONING"
      )
    }
    let other = try query(
      """
      SELECT TABLE_NAME, ENGINE FROM information_schema.TABLES
      WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE' AND ENGINE <> 'InnoDB' ORDER BY TABLE_NAME LIMIT 1
      """
    )
    if let table = other.first, table.count == 2 {
      return ServerError(
        .refused,
        "the table \(table[0].shownAsPath) of \(client.shown) is of engine \(table[1]): what is written to it while it is saved would be saved in part",
        hint: "ALTER TABLE ... ENGINE=InnoDB"
      )
    }
    // mariadb-dump writes FLOAT with six digits.
    let floats = try query(
      """
      SELECT TABLE_NAME, COLUMN_NAME FROM information_schema.COLUMNS JOIN information_schema.TABLES USING (TABLE_SCHEMA, TABLE_NAME)
      WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE' AND DATA_TYPE = 'float'
      """
    )
    for row in floats where row.count == 2 {
      let (table, column) = (Self.quoted(row[0]), Self.quoted(row[1]))
      let lost = try value(
        "SELECT COUNT(*) FROM \(table) WHERE CAST(\(column) AS DOUBLE) <> CAST(CAST(CONCAT(\(column)) AS FLOAT) AS DOUBLE)"
      )
      guard lost == "0" else {
        return ServerError(
          .refused,
          "\(lost) values of the FLOAT column \(row[1].shownAsPath) of \(row[0].shownAsPath) have more digits than mariadb-dump writes, and would be lost",
          hint: "ALTER TABLE ... MODIFY ... DOUBLE"
        )
      }
    }
    return nil
  }

  /// Refuses a `mariadb-dump` that is older than the server.
  private func checkClient(_ client: String, server: String) throws {
    // "mariadb-dump  Ver 10.19 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)"
    guard server.contains("MariaDB"), let range = client.firstRange(of: "Distrib ") else { return }
    func numbers(_ text: some StringProtocol) -> [Int] {
      text.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
    }
    let (own, theirs) = (numbers(client[range.upperBound...]), numbers(server))
    guard own.lexicographicallyPrecedes(theirs) else { return }
    let shown = theirs.map(String.init).joined(separator: ".")
    throw ServerError(
      .program,
      "mariadb-dump is of version \(own.map(String.init).joined(separator: ".")), and the server of \(self.client.shown) is of version \(shown): an older mariadb-dump may not save it whole",
      hint: "install the client programs of version \(shown)"
    )
  }

  private func cut() -> ServerError {
    ServerError(
      .failed,
      "what mariadb-dump has written of \(client.shown) ends in the middle",
      hint: "run the same command again"
    )
  }

  // MARK: - Schema

  package func schema() throws -> String { try schema(of: client.address.database) }

  package func size(of database: String) throws -> Int64 {
    let bytes = try value(
      "SELECT CAST(COALESCE(SUM(DATA_LENGTH + INDEX_LENGTH), 0) AS UNSIGNED) FROM information_schema.TABLES WHERE TABLE_SCHEMA = \(Self.literal(database))"
    )
    return Int64(bytes) ?? 0
  }

  package func schema(of database: String) throws -> String {
    var bytes: [UInt8] = []
    try dump(
      database,
      ["--no-data", "--routines", "--triggers", "--events", "--skip-comments"]
    ) { bytes += $0 }
    return Self.separated(String(decoding: bytes, as: UTF8.self))
  }

  package func schema(of archive: ArchiveReader) throws -> String {
    // The dump is text: what is not rows is the schema.
    var lines: [String] = []
    var isRows = false
    var rest: [UInt8] = []
    let payload = Payload(archive)
    while let piece = try payload.next() {
      rest += piece
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        let line = rest[..<end]
        if line.starts(with: "INSERT INTO `".utf8) { isRows = true }
        if !isRows { lines.append(String(decoding: line, as: UTF8.self)) }
        if line.last == UInt8(ascii: ";") { isRows = false }
        rest.removeSubrange(...end)
      }
    }
    return Self.separated(
      lines.filter { !$0.contains("LOCK TABLES") && !$0.contains("ABLE KEYS */") }
        .joined(separator: "\n")
    )
  }

  /// The statements with empty lines between them, as they are compared.
  private static func separated(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let line = SQLDumpScanner.withoutCounter(LoadableDump.withoutName(String(line)))
      return line.hasSuffix(";") ? line + "\n" : line
    }.joined(separator: "\n")
  }

  // MARK: - Programs

  func dump(
    _ database: String,
    _ arguments: [String],
    receiving output: @escaping (ArraySlice<UInt8>) throws -> Void
  ) throws {
    // For one of these mariadb-dump would give up the whole database.
    let broken = try brokenViews(of: database).map { "--ignore-table=\(database).\($0.name)" }
    try run("mariadb-dump", arguments + broken + [database], receiving: output)
  }

  /// Runs one of MariaDB's programs to its end; anything but success is thrown.
  func run(
    _ name: String,
    _ arguments: [String],
    feeding input: (() throws -> [UInt8]?)? = nil,
    receiving output: ((ArraySlice<UInt8>) throws -> Void)? = nil
  ) throws {
    let result = try ChildProcess.run(
      try client.program(name, arguments),
      feeding: input,
      receiving: output
    )
    guard !result.ending.isSuccess else { return }
    throw MariaDBMessage.failure(result.errors.text, "\(name) \(result.ending)", client)
  }

  /// Runs a query, or statements.
  ///
  /// - Parameters:
  ///   - sql: The SQL.
  ///   - database: Another database; nil for that of the address.
  /// - Returns: The rows.
  /// - Throws: `ServerError`.
  @discardableResult
  func query(_ sql: String, in database: String? = nil) throws -> [[String]] {
    var bytes: [UInt8] = []
    var rest: [UInt8]? = Array(sql.utf8)
    try run(
      "mariadb",
      [
        "--batch", "--skip-column-names",
        "--database=\(database ?? client.address.database)",
      ],
      feeding: {
        defer { rest = nil }
        return rest
      },
      receiving: { bytes += $0 }
    )
    return bytes.split(separator: UInt8(ascii: "\n")).map { line in
      line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
        .map { Self.unescaped(String(decoding: $0, as: UTF8.self)) }
    }
  }

  private func value(_ sql: String) throws -> String { try query(sql).first?.first ?? "" }

  private static func unescaped(_ text: String) -> String {
    guard text.contains("\\") else { return text }
    return text.replacing("\\\\", with: "\u{1}").replacing("\\t", with: "\t")
      .replacing("\\n", with: "\n").replacing("\u{1}", with: "\\")
  }

  /// A name in backticks.
  static func quoted(_ name: String) -> String { "`" + name.replacing("`", with: "``") + "`" }

  /// A text in single quotes.
  static func literal(_ text: String) -> String {
    "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "''") + "'"
  }
}
