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
    keepsFormer: Bool,
    progress: @escaping ProgressReport
  ) throws -> ServerRestore {
    try checkReferences()
    let live = client.address.database
    return try withScratch(of: archive, progress: progress) { scratch, events in
      let restored = try content(of: scratch, enabling: events, progress: progress)
      guard Self.isEqual(restored, archive.manifest) else {
        throw unequal(archive, "restored into a schema of its own")
      }
      let programs = try self.programs(of: scratch)
      if let present, try rows(of: live, progress: progress) != present.rowLines {
        return .changedMeanwhile
      }
      try MariaDBHold.check(client)
      let aside = Self.aside(of: scratch, keepsFormer ? nil : present)
      try create(aside)
      do {
        let replaced = try dialect() == .mariadb ? routines(of: scratch) : []
        let removal = try self.removal(of: live, but: replaced)
        let defaults = try sequenceDefaults(of: scratch, in: live)
        let triggers = try self.triggers(of: live)
        let names = try triggerNames(of: [live])
        do {
          try waitForOthers(in: live)
          try dropTriggers(of: [live, scratch])
          try rename(
            tables(of: live).map { ($0, live, aside) }
              + tables(of: scratch).map { ($0, scratch, live) }
          )
        } catch let first as ServerError where ![.lost, .unreachable].contains(first.code) {
          try putBack(triggers, names, archive, aside, after: first)
          throw Unmoved(cause: first)
        }
        // From here on others write to what was put back: it stands, whatever they do.
        try execute(removal + defaults)
        try set(encoding(of: archive), in: live)
        try run(programs: programs, in: live, replacing: !replaced.isEmpty, enabling: events)
        let result = try content(of: live, progress: progress)
        guard result.schemaLines == restored.schemaLines else {
          throw unequal(archive, "moved over")
        }
        if keepsFormer {
          client.notice(
            "What the former tables of \(client.shown) held is not whole in the snapshot from before: they are kept in the schema '\(aside)' until you drop it"
          )
          return Self.isEqual(result, archive.manifest) ? .done : .writtenSince(Self.remark(nil))
        }
        let isSaved = try present == nil || self.isSaved(aside, progress: progress)
        if isSaved { try drop(aside) }
        if isSaved, Self.isEqual(result, archive.manifest) { return .done }
        return .writtenSince(Self.remark(isSaved ? nil : aside))
      } catch let error as ServerError where error.code == .notAsRestored {
        throw error
      } catch let unmoved as Unmoved {
        throw unmoved.cause
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

  /// Makes the triggers again of a database whose tables could not be moved.
  ///
  /// - Throws: `ServerError`, which tells the first error too: the database is then not as it was.
  private func putBack(
    _ triggers: [UInt8],
    _ names: [[String]],
    _ archive: ArchiveReader,
    _ aside: String,
    after first: ServerError
  ) throws {
    let live = client.address.database
    do {
      // One statement moves all tables or none; with tables in it, that schema must not be dropped.
      guard try tables(of: aside).isEmpty else { throw first }
      if try triggerNames(of: [live]) != names {
        try dropTriggers(of: [live])
        try run(programs: [triggers], in: live)
      }
    } catch let second {
      throw ServerError(
        .notAsRestored,
        "the tables of \(client.shown) could not be moved (\(first)), and it could not be left as it was: \(second)",
        hint: "put right what prevents it, then run 'xm-safe restore \(archive.manifest.id)'"
      )
    }
    do { try drop(aside) } catch {
      client.notice("The empty schema '\(aside)' could not be dropped: \(error)")
    }
  }

  /// The tables are where they were, and so are the triggers.
  private struct Unmoved: Error {
    var cause: ServerError
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

  func tables(of database: String) throws -> [String] {
    try query(
      "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = \(Self.literal(database)) AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'SEQUENCE') ORDER BY 1"
    ).compactMap(\.first)
  }

  private func rename(_ moves: [(String, String, String)]) throws {
    guard !moves.isEmpty else { return }
    let list = moves.map { name, from, to in
      "\(Self.quoted(from)).\(Self.quoted(name)) TO \(Self.quoted(to)).\(Self.quoted(name))"
    }
    try query("RENAME TABLE \(list.joined(separator: ", "))")
  }

  /// Schema and name of each trigger.
  private func triggerNames(of databases: [String]) throws -> [[String]] {
    let names = databases.map(Self.literal).joined(separator: ", ")
    return try query(
      "SELECT TRIGGER_SCHEMA, TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA IN (\(names)) ORDER BY 1, 2"
    )
  }

  private func dropTriggers(of databases: [String]) throws {
    try execute(
      triggerNames(of: databases).map { "DROP TRIGGER \(Self.quoted($0[0])).\(Self.quoted($0[1]))" }
    )
  }

  /// Waits until nobody has any table in use, for as long as the user lets it; triggers go one by one, and must not go in vain.
  private func waitForOthers(in database: String) throws {
    let names = try tables(of: database).map {
      "\(Self.quoted(database)).\(Self.quoted($0)) WRITE"
    }
    guard !names.isEmpty else { return }
    do {
      try query("LOCK TABLES \(names.joined(separator: ", ")); UNLOCK TABLES")
    } catch let error as ServerError where [.refused, .denied, .failed].contains(error.code) {
      // Who may lock no tables has to go without: it only makes it likelier that nothing is in the way.
    }
  }

  /// What drops views, routines and events; of a view that is broken nothing was saved, so it stays unless it is replaced.
  private func removal(of database: String, but kept: Set<[String]>) throws -> [String] {
    let name = Self.literal(database)
    let broken = Set(try brokenViews(of: database).map(\.name))
    let all = try query(
      """
      SELECT 'VIEW', TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA = \(name)
      UNION ALL SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = \(name)
      UNION ALL SELECT 'EVENT', EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = \(name)
      """
    ).filter { !kept.contains($0) && ($0[0] != "VIEW" || !broken.contains($0[1])) }
    func drop(_ row: [String]) -> String {
      "DROP \(row[0]) IF EXISTS \(Self.quoted(database)).\(Self.quoted(row[1]))"
    }
    // Only in this mode the server knows what a package is; its body goes with it.
    let packages = all.filter { $0[0] == "PACKAGE" }
    let rest = all.filter { !$0[0].hasPrefix("PACKAGE") }
    return rest.map(drop)
      + (packages.isEmpty ? [] : ["SET SESSION sql_mode = 'ORACLE'"] + packages.map(drop))
  }

  /// What lets the columns of a schema count the sequences of another one, to which they are moved together.
  private func sequenceDefaults(of scratch: String, in live: String) throws -> [String] {
    let named = "val(\(Self.quoted(scratch)).`"
    return try query(
      "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_DEFAULT FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = \(Self.literal(scratch)) AND INSTR(COLUMN_DEFAULT, \(Self.literal(named))) > 0"
    ).map { row in
      let value = row[2].replacing(named, with: "val(\(Self.quoted(live)).`")
      return
        "ALTER TABLE \(Self.quoted(live)).\(Self.quoted(row[0])) ALTER COLUMN \(Self.quoted(row[1])) SET DEFAULT (\(value))"
    }
  }

  /// Kind and name of each routine that can be replaced where it is.
  private func routines(of database: String) throws -> Set<[String]> {
    Set(
      try query(
        "SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = \(Self.literal(database)) AND ROUTINE_TYPE IN ('PROCEDURE', 'FUNCTION')"
      )
    )
  }

  func execute(_ statements: [String]) throws {
    guard !statements.isEmpty else { return }
    try query(statements.joined(separator: ";\n"))
  }

  private func triggers(of database: String) throws -> [UInt8] {
    var text: [UInt8] = []
    try dump(database, ["--no-data", "--no-create-info", "--triggers"]) { text += $0 }
    return text
  }

  /// The SQL of triggers, routines and events, and that of views.
  private func programs(of database: String) throws -> [[UInt8]] {
    let views = try query(
      "SELECT TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA = \(Self.literal(database)) ORDER BY 1"
    ).compactMap(\.first)
    var programs: [UInt8] = []
    try dump(
      database,
      ["--no-data", "--no-create-info", "--triggers", "--routines", "--events"]
    ) { programs += $0 }
    guard !views.isEmpty else { return [programs] }
    var text: [UInt8] = []
    try run(
      "mariadb-dump",
      ["--no-data", "--skip-triggers", database] + views,
      receiving: { text += $0 }
    )
    // A view is only made where the functions are that it calls; what those do is looked at when they are called.
    return [programs, text]
  }

  private func run(
    programs: [[UInt8]],
    in database: String,
    replacing: Bool = false,
    enabling events: Set<String> = []
  ) throws {
    for text in programs {
      var rest: [UInt8]? = text
      var filter = LoadableDump(replacesRoutines: replacing, events: .enabling(events))
      try run(
        "mariadb",
        ["--batch", "--database=\(database)"],
        feeding: {
          defer { rest = nil }
          return filter.take(rest)
        }
      )
    }
  }

  func rows(of database: String, progress: @escaping ProgressReport) throws -> [String] {
    try content(of: database, progress: progress).rowLines
  }
}
