import Archive
import DatabaseURLs
import DurableFiles
import Foundation
import Servers
import Snapshots
import TestKit
import Testing

/// The archives of format 2 that are kept for ever in Backups/, with what they hold as text beside them.
///
/// `RECORD_GOLDEN=1` makes them anew, and fails: a format is written once.
@Suite struct GoldenDumpTests {
  struct Golden: CustomTestStringConvertible, Sendable {
    var kind: TestServer.Kind
    var file: String
    /// What a shell makes of the payload.
    var reader: String
    var testDescription: String { file }

    var archive: String { Workshop.root + "/Backups/" + file }
    var content: String { Workshop.root + "/Backups/" + file + ".txt" }
  }

  static let all = [
    Golden(
      kind: .postgresql,
      file: "golden-format-2.pgdump.gz",
      reader:
        "gunzip -c \"$1\" | pg_restore --file=- | grep -v -e '^--' -e '^.restrict' -e '^.unrestrict' -e '^$'"
    ),
    Golden(
      kind: .mariadb,
      file: "golden-format-2.sql.gz",
      reader: "gunzip -c \"$1\" | grep -v -e '^--' -e '^$'"
    ),
  ]

  @Test(arguments: all)
  func `an archive of format 2 is read for ever, by us and by gunzip`(_ golden: Golden) throws {
    let scratch = try Scratch()
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil {
      try record(golden, in: scratch)
      Issue.record("the golden archive was recorded anew")
    }
    let reader = try ArchiveReader(opening: golden.archive)
    try reader.verify()
    #expect(reader.manifest.format == 2)
    #expect(reader.manifest.rowCounts == ["alembic_version": 1, "experiment": 2])
    #expect(reader.manifest.heads == ["f45829405692"])
    let sum = try Command.run(["sh", "-c", "gunzip -c \"$1\" | sha256sum", "sh", golden.archive])
    #expect(sum.output.hasPrefix(reader.manifest.image.sha256))
    let text = try Command.run(["sh", "-c", golden.reader, "sh", golden.archive])
    #expect(text.output == (try String(contentsOfFile: golden.content, encoding: .utf8)))

    let database = try TestDatabase(on: TestServer.shared(golden.kind))
    let server = try server(database, in: scratch)
    let restorer = ServerRestorer(
      server,
      store: store(scratch),
      progress: { _ in },
      notice: { _ in }
    )
    #expect(try restorer.restore(restorer.verify(golden.archive), saving: nil).before == nil)
    #expect(try server.heads() == ["f45829405692"])
    #expect(
      try database.execute("SELECT title FROM experiment WHERE id = 1660000000001")
        == "cifar sweep Ünïcode"
    )
  }

  private func store(_ scratch: Scratch) -> Store { Store(path: scratch.file("store")) }

  private func server(
    _ database: TestDatabase,
    in scratch: Scratch
  ) throws -> any DatabaseServer {
    let store = store(scratch)
    try store.create()
    guard case .server(let address) = try DatabaseLocation(url: database.url()) else {
      throw CocoaError(.featureUnsupported)
    }
    let client = ServerClient(
      address,
      environment: ProcessInfo.processInfo.environment,
      directory: store.path,
      lockTimeout: .seconds(5)
    )
    return database.server.kind == .postgresql
      ? PostgresServer(client, versionTable: "alembic_version")
      : MariaDBServer(client, versionTable: "alembic_version")
  }

  private func record(_ golden: Golden, in scratch: Scratch) throws {
    let database = try TestDatabase(on: TestServer.shared(golden.kind))
    let role = golden.kind == .postgresql ? "SET ROLE \(database.user);" : ""
    try database.execute(
      role + """
        CREATE TABLE experiment (id bigint PRIMARY KEY, title varchar(255));
        CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY);
        INSERT INTO experiment VALUES (1660000000001, 'cifar sweep Ünïcode'), (1660000000002, NULL);
        INSERT INTO alembic_version VALUES ('f45829405692');
        """
    )
    let server = try server(database, in: scratch)
    let taken = try ServerSnapshotTaker(server, store: store(scratch), progress: { _ in }).take(
      ServerSnapshotTaker.Request(
        reason: .manual,
        created: "2026-11-24T00:00:00Z",
        tool: "0.1.0"
      )
    )
    if FileManager.default.fileExists(atPath: golden.archive) {
      try FileManager.default.removeItem(atPath: golden.archive)
    }
    try FileManager.default.copyItem(atPath: taken.snapshot.path, toPath: golden.archive)
    let text = try Command.run(["sh", "-c", golden.reader, "sh", golden.archive])
    try text.output.write(toFile: golden.content, atomically: false, encoding: .utf8)
  }
}
