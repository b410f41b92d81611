import Foundation
import SQLite
import TestKit
import Testing

/// Where one transcript is played: a project with a database, and the commands that are run in it.
///
/// The database is at revision `first`, with experiments and their jobs; `alembic.ini` names it and the scripts, so that a
/// command is as short as a user would type it.
final class Stage {
  /// A command that was run before the eyes of the reader.
  struct Scene {
    var line: String
    var outcome: Command.Outcome
    /// What was in the database before and after; nil where there is nothing that SQLite can read.
    var before: String?
    var after: String?
  }

  let scratch: Scratch
  private(set) var scenes: [Scene] = []
  /// The database, as commands name it.
  var database = "experiments.sqlite3"
  /// What the commands run in, such as another user; the description says so.
  var wrapper: [String] = []
  /// The program; a copy of it where the other user cannot reach it.
  var program = Workshop.program

  init() throws {
    scratch = try Scratch()
    try scratch.write(
      "[alembic]\nscript_location = migrations\nsqlalchemy.url = sqlite:///experiments.sqlite3\n",
      to: "alembic.ini"
    )
    try script("first", after: nil, "pass")
    try sql(
      "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))",
      "INSERT INTO alembic_version VALUES ('first')",
      "CREATE TABLE experiment (id INTEGER PRIMARY KEY, title TEXT NOT NULL)",
      "INSERT INTO experiment VALUES (1, 'cifar'), (2, 'mnist')",
      "CREATE TABLE job (id INTEGER PRIMARY KEY, experiment_id INTEGER REFERENCES experiment (id), name TEXT)",
      "INSERT INTO job VALUES (1, 1, 'train'), (2, 1, 'eval'), (3, 2, NULL)"
    )
    chmod(path, 0o600)
  }

  /// The database's path.
  var path: String { database.hasPrefix("/") ? database : scratch.file(database) }

  /// The store's path.
  var store: String { scratch.file("Backups") }

  /// Writes a migration script.
  func script(_ id: String, after down: String?, _ body: String...) throws {
    let lines = body.map { "    \($0)\n" }.joined()
    let parent = down.map { "\"\($0)\"" } ?? "None"
    try scratch.write(
      "\"\"\"Step \(id).\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = \"\(id)\"\ndown_revision = \(parent)\n\n\ndef upgrade():\n\(lines)",
      to: "migrations/versions/\(id).py"
    )
  }

  /// Changes the database.
  func sql(_ statements: String...) throws {
    try SampleDatabases.create(path, statements)
  }

  /// Fills the database with what does not compress.
  func fill(rows: Int) throws {
    try sql(
      "CREATE TABLE data (id INTEGER PRIMARY KEY, content BLOB)",
      "INSERT INTO data WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows)) SELECT i, randomblob(900) FROM n"
    )
  }

  /// Runs a command that only sets the stage.
  @discardableResult
  func quietly(_ arguments: String..., status: Int32 = 0) throws -> Command.Outcome {
    let outcome = try Workshop.xmSafe(arguments, in: scratch.path)
    #expect(outcome.status == status, "\(arguments): \(outcome)")
    return outcome
  }

  /// Takes a snapshot, and returns its id.
  func snapshot() throws -> String {
    let line = try quietly("snapshot", "-q").output
    return String(try #require(line.firstMatch(of: #/snapshot ([0-9a-f]{8}):/#)).1)
  }

  /// The archive of a snapshot.
  func archive(_ id: String) throws -> String {
    let name = try scratch.names(in: "Backups").first { $0.hasSuffix("-\(id).sqlite3.gz") }
    return store + "/" + (try #require(name))
  }

  /// Runs a command for the transcript.
  @discardableResult
  func play(_ arguments: String...) throws -> Command.Outcome {
    let before = try content()
    let outcome = try Command.run(wrapper + [program] + arguments, in: scratch.path)
    try note(arguments, outcome, before: before)
    return outcome
  }

  /// Starts a command for the transcript, does something to it, and waits for its end.
  func play(_ arguments: String..., during: (Command.Running) throws -> Void) throws {
    let before = try content()
    let running = try Workshop.xmSafeStarted(arguments, in: scratch.path)
    try during(running)
    try note(arguments, try running.finish(), before: before)
  }

  private func note(
    _ arguments: [String],
    _ outcome: Command.Outcome,
    before: String?
  ) throws {
    scenes.append(
      Scene(
        line: (["xm-safe"] + arguments.map(Self.quoted)).joined(separator: " "),
        outcome: outcome,
        before: before,
        after: try content()
      )
    )
  }

  /// Everything in the database, read from a copy, so that neither locks nor journals are disturbed.
  private func content() throws -> String? {
    let files = FileManager.default
    var isDirectory: ObjCBool = false
    guard files.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue,
      try files.attributesOfItem(atPath: path)[.type] as? FileAttributeType == .typeRegular
    else { return nil }
    let copy = try Scratch()
    for suffix in ["", "-wal", "-journal"] where files.fileExists(atPath: path + suffix) {
      try files.copyItem(atPath: path + suffix, toPath: copy.file("copy" + suffix))
    }
    chmod(copy.file("copy"), 0o600)
    do {
      return try DatabaseDump.text(copy.file("copy"))
    } catch is SQLiteError {
      // No database: then the bytes are what must stay.
      return try Data(contentsOf: URL(fileURLWithPath: path)).base64EncodedString()
    }
  }

  private static func quoted(_ argument: String) -> String {
    let isPlain = argument.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "-_./+:".utf8.contains(byte)
    }
    return isPlain && !argument.isEmpty ? argument : "'\(argument)'"
  }

  /// The transcript as it is kept: what it shows, then each command with what it said and how it ended.
  func transcript(_ about: String) throws -> String {
    let blocks = scenes.map { scene in
      let outcome = scene.outcome
      return "$ \(scene.line)\n"
        + (outcome.output.isEmpty ? "" : "[standard output]\n\(outcome.output)")
        + (outcome.errors.isEmpty ? "" : "[standard error]\n\(outcome.errors)")
        + "(exit code \(outcome.status))\n"
    }
    let normaliser = TranscriptNormaliser(paths: [(scratch.path, "/home/ada/project")])
    let body = try normaliser.normalised(blocks.joined(separator: "\n"))
    return "# \(about)\n\n\(body)"
  }
}
