package import Archive
internal import DatabaseURLs
internal import Processes
package import Snapshots

/// A database on a PostgreSQL server, worked on through psql, pg_dump and pg_restore.
package struct PostgresServer: DatabaseServer {
  package let client: ServerClient
  /// alembic's version table, with its schema if it has one.
  package let versionTable: String

  /// Describes a database.
  ///
  /// - Parameters:
  ///   - client: Who asks, and where.
  ///   - versionTable: alembic's version table, with its schema if it has one.
  package init(_ client: ServerClient, versionTable: String) {
    self.client = client
    self.versionTable = versionTable
  }

  package func dialect() throws -> Manifest.Dialect { .postgresql }

  package var guardName: String { "postgresql" }

  package var isTransactional: Bool { true }

  package func references() throws -> [ServerReference] {
    let session = try PostgresSession(client)
    defer { session.close() }
    let rows = try session.query(
      """
      SELECT cn.nspname, c.relname, pn.nspname, p.relname FROM pg_constraint k
      JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace cn ON cn.oid = c.relnamespace
      JOIN pg_class p ON p.oid = k.confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE k.contype = 'f'
      """
    )
    return rows.map { row in
      let names = row.map { PostgresSession.quoted($0 ?? "") }
      return ServerReference(child: names[0] + "." + names[1], parent: names[2] + "." + names[3])
    }
  }

  package func tables(named names: [String]) throws -> [String: String] {
    let session = try PostgresSession(client)
    defer { session.close() }
    return try PostgresContent(session: session, versionTable: versionTable).tables(named: names)
  }

  package func heads() throws -> [String] { try heads(in: client.address.database) }

  package func heads(in database: String) throws -> [String] {
    let session = try PostgresSession(client, database: database)
    defer { session.close() }
    return try PostgresContent(session: session, versionTable: versionTable).heads()
  }

  package func content(progress: @escaping ProgressReport) throws -> ServerContent {
    try content(of: client.address.database, progress: progress)
  }

  package func content(
    of database: String,
    progress: @escaping ProgressReport
  ) throws -> ServerContent {
    let session = try PostgresSession(client, database: database)
    defer { session.close() }
    try session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    return try PostgresContent(session: session, versionTable: versionTable)
      .read(progress: counting(progress))
  }

  func counting(_ progress: @escaping ProgressReport) -> (String) throws -> Void {
    { _ in try progress(Progress("count rows")) }
  }

  // MARK: - Dump

  package func dump(
    leavesOut: Bool,
    into take: @escaping ([UInt8]) throws -> Void,
    progress: @escaping ProgressReport
  ) throws -> ServerDump {
    let session = try PostgresSession(client)
    defer { session.close() }
    try checkClient(session)
    // Rows are counted in the very view that is dumped: https://www.postgresql.org/docs/15/functions-admin.html#FUNCTIONS-SNAPSHOT-SYNCHRONIZATION
    try session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    guard let view = try session.value("SELECT pg_export_snapshot()") else {
      throw ServerError(
        .failed,
        "\(client.shown) exports no snapshot",
        hint: "run the same command again"
      )
    }
    let server = Manifest.Database.Server(
      version: try session.value("SELECT current_setting('server_version')") ?? "",
      client: try client.version(of: "pg_dump"),
      encoding: try session.value(
        """
        SELECT pg_encoding_to_char(encoding) || ' ' || datcollate || ' ' || datctype
        FROM pg_database WHERE datname = current_database()
        """
      ) ?? ""
    )
    let size = Int64(try session.value("SELECT pg_database_size(current_database())") ?? "") ?? 0
    var done: Int64 = 0
    try run(
      "pg_dump",
      [
        "--format=custom", "--compress=0", "--snapshot=\(view)", "--no-password",
        "--lock-wait-timeout=\(max(1, client.lockTimeout.milliseconds))",
      ],
      receiving: { piece in
        done += Int64(piece.count)
        try take(Array(piece))
        try progress(Progress("snapshot", done: min(done, size), total: size))
      }
    )
    let content = try PostgresContent(session: session, versionTable: versionTable)
      .read(progress: counting(progress))
    try session.execute("COMMIT")
    return ServerDump(content: content, server: server)
  }

  /// Refuses a `pg_dump` that is older than the server, which it would not dump either.
  private func checkClient(_ session: PostgresSession) throws {
    let version = try client.version(of: "pg_dump")
    let number = try session.value("SELECT current_setting('server_version_num')")
    let major = number.flatMap { Int($0) }.map { $0 / 10_000 } ?? 0
    // "pg_dump (PostgreSQL) 15.18 (Debian ...)"
    let own = version.split(separator: " ").lazy.compactMap { word in
      Int(word.prefix { $0.isNumber })
    }.first
    guard let own, own < major else { return }
    throw ServerError(
      .program,
      "pg_dump is of version \(own), and the server of \(client.shown) is of version \(major): an older pg_dump cannot save it whole",
      hint: "install the client programs of version \(major) (postgresql-client-\(major))"
    )
  }

  // MARK: - Programs

  /// Runs one of PostgreSQL's programs to its end; anything but success is thrown.
  func run(
    _ name: String,
    _ arguments: [String],
    database: String? = nil,
    feeding input: (() throws -> [UInt8]?)? = nil,
    receiving output: ((ArraySlice<UInt8>) throws -> Void)? = nil
  ) throws {
    let program = try client.program(name, arguments, database: database)
    let result = try ChildProcess.run(program, feeding: input, receiving: output)
    guard !result.ending.isSuccess else { return }
    let text = PostgresMessage.line(result.errors.text)
    if let failure = PostgresMessage.connectionFailure(text, client) { throw failure }
    throw ServerError(
      .failed,
      "\(name) \(result.ending)\(text.isEmpty ? "" : ": \(text)")",
      hint: "correct the cause, then run the same command again"
    )
  }

  // MARK: - Schema

  package func schema() throws -> String { try schema(of: client.address.database) }

  package func schema(of database: String) throws -> String {
    try text(of: "pg_dump", ["--schema-only", "--no-password"], database: database)
  }

  package func size(of database: String) throws -> Int64 {
    let session = try PostgresSession(client, database: database)
    defer { session.close() }
    return Int64(try session.value("SELECT pg_database_size(current_database())") ?? "") ?? 0
  }

  package func schema(of archive: ArchiveReader) throws -> String {
    try text(of: "pg_restore", ["--schema-only", "--file=-"], feeding: archive)
  }

  private func text(
    of name: String,
    _ arguments: [String],
    database: String? = nil,
    feeding archive: ArchiveReader? = nil
  ) throws -> String {
    var bytes: [UInt8] = []
    try run(
      name,
      arguments,
      database: database,
      feeding: archive.map { Payload($0).next },
      receiving: { bytes += $0 }
    )
    return String(decoding: bytes, as: UTF8.self)
  }
}
