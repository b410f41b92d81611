package import Archive
internal import DatabaseURLs
internal import DurableFiles
package import Snapshots

/// What is tried out before the database itself is touched: a dump in a schema of its own on the same server, which is dropped afterwards.
extension MariaDBServer {
  package func trial(
    of archive: ArchiveReader,
    progress: @escaping ProgressReport
  ) throws -> ServerContent {
    try withScratch(of: archive, progress: progress) { scratch, events in
      try content(of: scratch, enabling: events, progress: progress)
    }
  }

  package func rehearsal(
    of archive: ArchiveReader,
    progress: @escaping ProgressReport,
    _ body: (String, any ServerHold) throws -> Void
  ) throws {
    try withScratch(of: archive, progress: progress) { name, _ in
      let hold = try MariaDBHold(client, database: name)
      defer { hold.release() }
      try body(name, hold)
    }
  }

  func withScratch<Result>(
    of archive: ArchiveReader,
    progress: @escaping ProgressReport,
    _ body: (String, Set<String>) throws -> Result
  ) throws -> Result {
    let prefix = "xm_safe_\(Store.key(for: client.address.identity))_"
    let left = try query(
      "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE LEFT(SCHEMA_NAME, \(prefix.utf8.count)) = \(Self.literal(prefix))"
    )
    try sweep(left.compactMap(\.first), progress: progress)
    let name = prefix + String(UInt32.random(in: .min ... .max), radix: 36)
    try create(name, encoding(of: archive))
    do {
      let events = try load(archive, into: name, progress: progress)
      let result = try body(name, events)
      try drop(name)
      return result
    } catch let first {
      // What cannot be dropped now, the next run sweeps.
      do { try drop(name) } catch { throw first }
      throw first
    }
  }

  /// Loads a dump, with its events switched off: the server starts them in a copy as well, and they may write anywhere.
  ///
  /// - Returns: The names of these events, as they stand between backticks.
  /// - Throws: `ServerError` and others.
  private func load(
    _ archive: ArchiveReader,
    into name: String,
    progress: @escaping ProgressReport
  ) throws -> Set<String> {
    let payload = Payload(archive)
    var filter = LoadableDump(events: .disabling, into: name)
    var longest = LongestLine()
    let total = archive.manifest.image.size
    // A row may be older than a check, which was made without looking at it. MySQL has no such variable.
    let unchecked =
      try dialect() == .mariadb
      ? ["--init-command=SET SESSION check_constraint_checks = 0"] : []
    let limit = try longestStatement()
    var done: Int64 = 0
    do {
      try run(
        "mariadb",
        ["--batch", "--max-allowed-packet=1G", "--database=\(name)"] + unchecked,
        feeding: {
          let piece = try payload.next()
          if done == 0, let piece { sayWhatIsMissing(in: piece, archive) }
          done += Int64(piece?.count ?? 0)
          try progress(Progress("restore", done: done, total: total))
          longest.take(piece ?? [])
          return filter.take(piece)
        }
      )
    } catch let error as ServerError
      where longest.count > limit
      && ["ERROR 1153 ", "ERROR 2006 ", "ERROR 2013 "].contains(where: error.message.contains)
    {
      // The server ends the connection, and the client knows no more than that.
      throw ServerError(
        .failed,
        "a row of snapshot \(archive.manifest.id) takes \(longest.count) bytes as SQL, and the server of \(client.shown) takes \(limit) at most (\(error.message))",
        hint:
          "let an administrator run \"\(Self.roomFor(longest))\", then run the same command again"
      )
    }
    return filter.disabledEvents
  }

  /// Says what the first line of a dump says of it.
  private func sayWhatIsMissing(in piece: [UInt8], _ archive: ArchiveReader) {
    let mark = Array(Self.flawMark.utf8)
    guard piece.starts(with: mark) else { return }
    let line = piece.dropFirst(mark.count).prefix { $0 != UInt8(ascii: "\n") }
    client.notice(
      "Snapshot \(archive.manifest.id) is not whole: \(String(decoding: line, as: UTF8.self).shownOnOneLine)"
    )
  }

  /// The character set and the collation that new tables of the saved database had; nil if the archive does not say.
  func encoding(of archive: ArchiveReader) throws -> [String]? {
    let names = archive.manifest.database.server?.encoding.split(separator: " ").map(String.init)
    guard let names, names.count == 2 else { return nil }
    let isPlain = names.joined().allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_")
    }
    guard isPlain else { return nil }
    // Newer servers have others.
    let known = try query(
      "SELECT 1 FROM information_schema.COLLATIONS WHERE COLLATION_NAME = \(Self.literal(names[1])) LIMIT 1"
    )
    return known.isEmpty ? nil : names
  }

  func encoding(of database: String) throws -> [String]? {
    try query(
      "SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = \(Self.literal(database))"
    ).first.flatMap { $0.count == 2 ? $0 : nil }
  }

  /// Gives a database the character set and the collation for new tables, if it has others.
  func set(_ encoding: [String]?, in database: String) throws {
    guard let encoding, try self.encoding(of: database) != encoding else { return }
    try query(
      "ALTER DATABASE \(Self.quoted(database)) CHARACTER SET \(encoding[0]) COLLATE \(encoding[1])"
    )
  }

  func create(_ name: String, _ encoding: [String]? = nil) throws {
    let encoding = try encoding ?? self.encoding(of: client.address.database)
    let clause = encoding.map { " CHARACTER SET \($0[0]) COLLATE \($0[1])" } ?? ""
    do {
      try query("CREATE DATABASE \(Self.quoted(name))\(clause)")
    } catch let error as ServerError where [.denied, .refused].contains(error.code) {
      throw ServerError(
        .refused,
        "this needs a schema of its own on the server, which the user of \(client.shown) may not create",
        hint: "GRANT ALL ON `xm\\_safe\\_%`.* to that user"
      )
    }
  }

  func drop(_ name: String) throws {
    try query("SET FOREIGN_KEY_CHECKS = 0; DROP DATABASE IF EXISTS \(Self.quoted(name))")
  }
}
