package import Archive
internal import DatabaseURLs
internal import Processes
package import Snapshots

/// Putting a dump back: in one transaction, in which everything is removed, made again, and compared before it counts.
///
/// Data definition is transactional on PostgreSQL, so there is no need for a second database under another name: the database
/// keeps its identity, its settings and its grants, others may stay connected, and whatever stops the restore, the server rolls it
/// back.
extension PostgresServer {
  package func restore(
    _ archive: ArchiveReader,
    replacing present: ServerContent?,
    keepsFormer: Bool,
    progress: @escaping ProgressReport
  ) throws -> ServerRestore {
    let list = try text(listing: archive)
    let session = try PostgresSession(client, stopsAtErrors: true)
    defer { session.close() }
    try session.execute("BEGIN")
    let content = PostgresContent(session: session, versionTable: versionTable)
    if let present {
      for table in try content.lockable() {
        try session.execute("LOCK TABLE \(table) IN ACCESS EXCLUSIVE MODE")
      }
      // What a sequence has counted nobody can lock, and nobody loses.
      guard
        try content.read(progress: counting(progress)).advancedSequences(since: present) != nil
      else { return .changedMeanwhile }
    }
    for statement in try content.removals(keepingExtensions: Self.extensions(in: list)) {
      try session.execute(statement)
    }
    let ownership = try ownership(in: list, session)
    if ownership.isEmpty {
      // What is still granted by default would be added to what the dump grants; what it says of defaults, it brings.
      for statement in try PostgresDefinitions(session: session).defaultGrantRemovals() {
        try session.execute(statement)
      }
    }
    let script = PostgresScript(
      try fed(
        client.program(
          "pg_restore",
          ["--single-transaction", "--file=-"] + ownership
        )
      ),
      feeding: archive,
      progress: progress
    )
    try session.run(script: script.next)
    // The script has set what it needs for itself.
    try session.prepare()
    let restored = try content.read(progress: counting(progress))
    guard restored.rowCounts == archive.manifest.rowCounts,
      restored.sha256 == archive.manifest.image.contentSHA256
    else {
      throw ServerError(
        .failed,
        "what snapshot \(archive.manifest.id) was restored to is not what it says; it was rolled back",
        hint: "'xm-safe verify --deep \(archive.manifest.id)' shows more"
      )
    }
    try PostgresHold.check(client, in: session)
    do {
      try session.execute("COMMIT")
    } catch let error as ServerError {
      try lookAfterLostCommit(error, archive, present, progress)
    }
    return restored.isDefined(as: archive.manifest.image) ? .done : .otherDefinitions
  }

  /// Finds out whether a commit took effect whose answer was lost; returns if it did.
  private func lookAfterLostCommit(
    _ error: ServerError,
    _ archive: ArchiveReader,
    _ present: ServerContent?,
    _ progress: @escaping ProgressReport
  ) throws {
    let content: ServerContent
    do {
      content = try self.content(progress: progress)
    } catch let second {
      throw ServerError(
        .notAsRestored,
        "the connection to \(client.shown) was lost at the commit of the restore (\(error)), and whether it took effect cannot be told: \(second)",
        hint:
          "'xm-safe current' and 'xm-safe diff \(archive.manifest.id)' show more when the server is back"
      )
    }
    if content.sha256 == archive.manifest.image.contentSHA256 { return }
    guard content != present else { throw error }
    throw ServerError(
      .notAsRestored,
      "the connection to \(client.shown) was lost at the commit of the restore (\(error)), and it has another content than before",
      hint: "'xm-safe diff \(archive.manifest.id)' shows what differs"
    )
  }

  private func fed(_ program: Program) throws -> ChildProcess {
    var program = program
    program.input = .piped
    return try ChildProcess(program)
  }

  private func text(listing archive: ArchiveReader) throws -> String {
    var bytes: [UInt8] = []
    try run(
      "pg_restore",
      ["--list"],
      feeding: Payload(archive).next,
      receiving: { bytes += $0 }
    )
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether owners and grants are left out: where a role of theirs is not on this server, whoever restores owns everything.
  private func ownership(in list: String, _ session: PostgresSession) throws -> [String] {
    // The owner is the last word of a line, and there is none behind a space.
    let owners = Set(
      list.split(separator: "\n").filter { !$0.hasPrefix(";") && !$0.hasSuffix(" ") }
        .compactMap { $0.split(separator: " ").last.map(String.init) }
    )
    let roles = Set(
      try session.query("SELECT rolname FROM pg_roles").compactMap { $0.first ?? nil }
    )
    return owners.isSubset(of: roles) ? [] : ["--no-owner", "--no-privileges"]
  }

  /// The extensions in a list of `pg_restore`: "3079; 2615 16385 EXTENSION - hstore ".
  static func extensions(in list: String) -> [String] {
    list.split(separator: "\n").compactMap { line in
      guard let range = line.firstRange(of: " EXTENSION - "), !line.hasPrefix(";") else {
        return nil
      }
      var name = String(line[range.upperBound...])
      while name.last == " " { name.removeLast() }
      return name
    }
  }

  // MARK: - In a database of its own

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
      let hold = try PostgresHold(client, database: name)
      defer { hold.release() }
      try body(name, hold)
    }
  }

  /// Restores a dump into a database that only this run knows, and drops it afterwards.
  ///
  /// - Parameters:
  ///   - archive: The verified archive.
  ///   - progress: Told how far it is.
  ///   - body: What to do with the database, by its name.
  /// - Returns: What the body returned.
  /// - Throws: `ServerError`, and what the body throws.
  func withScratch<Result>(
    of archive: ArchiveReader,
    progress: @escaping ProgressReport,
    _ body: (String) throws -> Result
  ) throws -> Result {
    let session = try PostgresSession(client)
    defer { session.close() }
    try sweep(session)
    let name = Self.scratchPrefix(client) + String(UInt32.random(in: .min ... .max), radix: 36)
    let quoted = PostgresSession.quoted(name)
    let settings =
      try session.query(
        """
        SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database
        WHERE datname = current_database()
        """
      ).first?.compactMap { $0 } ?? []
    guard settings.count == 3 else {
      throw ServerError(
        .failed,
        "the encoding of \(client.shown) cannot be read",
        hint: "run the same command again"
      )
    }
    let literals = settings.map(PostgresSession.literal)
    do {
      try session.execute(
        """
        CREATE DATABASE \(quoted) TEMPLATE template0 ENCODING \(literals[0]) LC_COLLATE \(literals[1]) LC_CTYPE \(literals[2])
        """
      )
    } catch let error as ServerError where error.code == .refused {
      throw ServerError(
        .refused,
        "this needs a database of its own on the server, which the user of \(client.shown) may not create",
        hint: "as a superuser: ALTER ROLE ... CREATEDB"
      )
    }
    func drop() throws { try session.execute("DROP DATABASE IF EXISTS \(quoted)") }
    do {
      let total = archive.manifest.image.size
      let payload = Payload(archive)
      var done: Int64 = 0
      try run(
        "pg_restore",
        ["--single-transaction", "--exit-on-error", "--no-password", "--dbname=\(name)"]
          + ownership(in: try text(listing: archive), session),
        database: name,
        feeding: {
          let piece = try payload.next()
          done += Int64(piece?.count ?? 0)
          try progress(Progress("restore", done: done, total: total))
          return piece
        }
      )
      let result = try body(name)
      try drop()
      return result
    } catch let first {
      // What cannot be dropped now, the next run sweeps.
      do { try drop() } catch { throw first }
      throw first
    }
  }

  /// What the scratch databases of one database begin with: they are its runs' alone, and kept apart by its lock.
  private static func scratchPrefix(_ client: ServerClient) -> String {
    "xm_safe_scratch_\(Store.key(for: client.address.identity))_"
  }

  /// Drops what killed runs have left; nobody else uses a database of such a name.
  private func sweep(_ session: PostgresSession) throws {
    let prefix = PostgresSession.literal(Self.scratchPrefix(client))
    let left = try session.query(
      """
      SELECT quote_ident(d.datname) FROM pg_database d WHERE starts_with(d.datname, \(prefix))
      AND pg_has_role(d.datdba, 'USAGE') AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)
      """
    )
    for row in left {
      if let name = row.first ?? nil { try session.execute("DROP DATABASE IF EXISTS \(name)") }
    }
  }
}
