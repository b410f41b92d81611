package import Archive
internal import DatabaseURLs
internal import DurableFiles
package import Snapshots

/// Putting a dump back: into a schema of its own, compared there, and its tables moved over in one `RENAME TABLE`.
///
/// MariaDB commits each statement of data definition by itself. What surrounds the one statement that moves all tables (triggers,
/// views, routines, events) can be done again: a killed restore is finished by the next run.
extension MariaDBServer {
  package func restore(
    _ archive: ArchiveReader,
    replacing present: ServerContent?,
    progress: @escaping ProgressReport
  ) throws -> ServerRestore {
    try checkReferences()
    let live = client.address.database
    return try withScratch(of: archive, progress: progress) { scratch in
      let restored = try content(of: scratch, progress: progress)
      guard Self.isEqual(restored, archive.manifest) else {
        throw unequal(archive, "restored into a schema of its own")
      }
      let programs = try self.programs(of: scratch)
      let former = try self.programs(of: live)
      let aside = scratch + "_old"
      try create(aside)
      do {
        try dropTriggers(of: [live, scratch])
        let moves =
          try
          (tables(of: live).map { ($0, live, aside) }
          + tables(of: scratch).map { ($0, scratch, live) })
        try rename(moves)
        if let present, try rows(of: aside, progress: progress) != present.rowLines {
          // Others have written after it was saved: everything back.
          try rename(moves.reversed().map { ($0.0, $0.2, $0.1) })
          try run(programs: former, in: live)
          try drop(aside)
          return .changedMeanwhile
        }
        try dropPrograms(of: live)
        try run(programs: programs, in: live)
        let result = try content(of: live, progress: progress)
        guard Self.isEqual(result, archive.manifest) else { throw unequal(archive, "moved over") }
        try drop(aside)
        return .done
      } catch let error as ServerError where error.code == .notAsRestored {
        throw error
      } catch {
        // Where the tables are now the next run looks up: it restores the same snapshot again.
        throw ServerError(
          .notAsRestored,
          "moving the tables of \(client.shown) failed: \(error)",
          hint: "put right what prevents it, then run 'xm-safe restore \(archive.manifest.id)'"
        )
      }
    }
  }

  private static func isEqual(_ content: ServerContent, _ manifest: Manifest) -> Bool {
    content.rowCounts == manifest.rowCounts && content.sha256 == manifest.image.contentSHA256
  }

  private func unequal(_ archive: ArchiveReader, _ place: String) -> ServerError {
    ServerError(
      place == "moved over" ? .notAsRestored : .failed,
      "what snapshot \(archive.manifest.id) was restored to is not what it says (\(place))",
      hint: "'xm-safe verify --deep \(archive.manifest.id)' shows more"
    )
  }

  /// Refuses a database whose tables others refer to: their keys would follow the tables that are moved away.
  private func checkReferences() throws {
    let found = try query(
      """
      SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.KEY_COLUMN_USAGE
      WHERE REFERENCED_TABLE_SCHEMA = DATABASE() AND TABLE_SCHEMA <> DATABASE() LIMIT 1
      """
    )
    guard let row = found.first, row.count == 2 else { return }
    throw ServerError(
      .refused,
      "the table \(row[1].shownAsPath) of the database \(row[0].shownAsPath) refers to \(client.shown), and would go on to refer to what is replaced",
      hint: "drop that foreign key, restore, and create it again"
    )
  }

  // MARK: - Objects

  private func tables(of database: String) throws -> [String] {
    try query(
      "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = \(Self.literal(database)) AND TABLE_TYPE = 'BASE TABLE' ORDER BY 1"
    ).compactMap(\.first)
  }

  private func rename(_ moves: [(String, String, String)]) throws {
    guard !moves.isEmpty else { return }
    let list = moves.map { name, from, to in
      "\(Self.quoted(from)).\(Self.quoted(name)) TO \(Self.quoted(to)).\(Self.quoted(name))"
    }
    let seconds = max(1, client.lockTimeout.milliseconds / 1000)
    try query(
      "SET SESSION lock_wait_timeout = \(seconds); RENAME TABLE \(list.joined(separator: ", "))"
    )
  }

  private func dropTriggers(of databases: [String]) throws {
    let names = databases.map(Self.literal).joined(separator: ", ")
    let found = try query(
      "SELECT TRIGGER_SCHEMA, TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA IN (\(names))"
    )
    try execute(found.map { "DROP TRIGGER \(Self.quoted($0[0])).\(Self.quoted($0[1]))" })
  }

  /// Drops views, routines and events.
  private func dropPrograms(of database: String) throws {
    let name = Self.literal(database)
    let found = try query(
      """
      SELECT 'VIEW', TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA = \(name)
      UNION ALL SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = \(name)
      UNION ALL SELECT 'EVENT', EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = \(name)
      """
    )
    try execute(
      found.map { "DROP \($0[0]) IF EXISTS \(Self.quoted(database)).\(Self.quoted($0[1]))" }
    )
  }

  private func execute(_ statements: [String]) throws {
    guard !statements.isEmpty else { return }
    try query(statements.joined(separator: ";\n"))
  }

  /// The SQL of triggers, routines, events and views.
  private func programs(of database: String) throws -> [[UInt8]] {
    let views = try query(
      "SELECT TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA = \(Self.literal(database)) ORDER BY 1"
    ).compactMap(\.first)
    var texts: [[UInt8]] = []
    if !views.isEmpty {
      var text: [UInt8] = []
      try run(
        "mariadb-dump",
        ["--no-data", "--skip-triggers", database] + views,
        receiving: { text += $0 }
      )
      texts.append(text)
    }
    var text: [UInt8] = []
    try dump(
      database,
      ["--no-data", "--no-create-info", "--triggers", "--routines", "--events"]
    ) { text += $0 }
    texts.append(text)
    return texts
  }

  private func run(programs: [[UInt8]], in database: String) throws {
    for text in programs {
      var rest: [UInt8]? = text
      try run(
        "mariadb",
        ["--batch", "--database=\(database)"],
        feeding: {
          defer { rest = nil }
          return rest
        }
      )
    }
  }

  private func rows(of database: String, progress: @escaping ProgressReport) throws -> [String] {
    try content(of: database, progress: progress).rowLines
  }

  // MARK: - In a schema of its own

  package func trial(
    of archive: ArchiveReader,
    progress: @escaping ProgressReport
  ) throws -> ServerContent {
    try withScratch(of: archive, progress: progress) { try content(of: $0, progress: progress) }
  }

  package func rehearsal(
    of archive: ArchiveReader,
    progress: @escaping ProgressReport,
    _ body: (String, any ServerHold) throws -> Void
  ) throws {
    try withScratch(of: archive, progress: progress) { name in
      let hold = try MariaDBHold(client, database: name)
      defer { hold.release() }
      try body(name, hold)
    }
  }

  private func withScratch<Result>(
    of archive: ArchiveReader,
    progress: @escaping ProgressReport,
    _ body: (String) throws -> Result
  ) throws -> Result {
    let prefix = "xm_safe_\(Store.key(for: client.address.identity))_"
    let left = try query(
      "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE LEFT(SCHEMA_NAME, \(prefix.utf8.count)) = \(Self.literal(prefix))"
    )
    // What killed runs have left; what is in it was saved before.
    for name in left.compactMap(\.first) { try drop(name) }
    let name = prefix + String(UInt32.random(in: .min ... .max), radix: 36)
    try create(name)
    do {
      let payload = Payload(archive)
      let total = archive.manifest.image.size
      var done: Int64 = 0
      try run(
        "mariadb",
        ["--batch", "--max-allowed-packet=1G", "--database=\(name)"],
        feeding: {
          let piece = try payload.next()
          done += Int64(piece?.count ?? 0)
          try progress(Progress("restore", done: done, total: total))
          return piece
        }
      )
      let result = try body(name)
      try drop(name)
      return result
    } catch let first {
      // What cannot be dropped now, the next run sweeps.
      do { try drop(name) } catch { throw first }
      throw first
    }
  }

  private func create(_ name: String) throws {
    let settings =
      try query(
        "SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = DATABASE()"
      ).first ?? []
    let collation =
      settings.count == 2 ? " CHARACTER SET \(settings[0]) COLLATE \(settings[1])" : ""
    do {
      try query("CREATE DATABASE \(Self.quoted(name))\(collation)")
    } catch let error as ServerError where error.code == .denied {
      throw ServerError(
        .refused,
        "this needs a schema of its own on the server, which the user of \(client.shown) may not create",
        hint: "GRANT ALL ON `xm\\_safe\\_%`.* to that user"
      )
    }
  }

  private func drop(_ name: String) throws {
    try query("SET FOREIGN_KEY_CHECKS = 0; DROP DATABASE IF EXISTS \(Self.quoted(name))")
  }
}
