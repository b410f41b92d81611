import Foundation
import SQLite
import TestKit
import Testing

/// A database of one test, and the program that is run on it.
struct Subject {
  let scratch: Scratch
  /// The database.
  let path: String

  /// Creates a legacy database; one without titles cannot be upgraded.
  init(hasTitle: Bool = true) throws {
    try self.init(in: Scratch(), "a.sqlite3")
    try SampleDatabases.legacy(path, hasTitle: hasTitle)
  }

  /// Names a database in a directory.
  init(in scratch: Scratch, _ name: String) {
    self.scratch = scratch
    path = scratch.file(name)
  }

  /// The store's directory.
  var store: String { scratch.file("Backups") }

  /// Runs the program with `--db`, and expects how it ends.
  @discardableResult
  func run(
    _ arguments: [String],
    status: Int32 = 0,
    in directory: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Command.Outcome {
    let outcome = try Workshop.xmSafe(arguments + ["--db", path], in: directory)
    #expect(
      outcome.status == status,
      "\(arguments): \(outcome)",
      sourceLocation: sourceLocation
    )
    return outcome
  }

  /// Takes a snapshot.
  func snapshot() throws -> String {
    let json = try object(try run(["snapshot", "--json"]).output)
    let record = try #require(json["snapshot"] as? [String: Any])
    return try #require(record["id"] as? String)
  }

  /// The snapshots as `list` reports them.
  func snapshots() throws -> [[String: Any]] {
    let json = try object(try run(["list", "--json"]).output)
    return try #require(json["snapshots"] as? [[String: Any]])
  }

  /// Their ids.
  func ids() throws -> [String] { try snapshots().compactMap { $0["id"] as? String } }

  /// Changes the database.
  func execute(_ statements: String...) throws {
    try SampleDatabases.create(path, statements)
  }

  /// Everything in the database.
  func dump() throws -> String { try DatabaseDump.text(path) }

  /// The archive of a snapshot.
  func archive(_ id: String) throws -> String {
    let name = try scratch.names(in: "Backups").first { $0.hasSuffix("-\(id).sqlite3.gz") }
    return store + "/" + (try #require(name))
  }

  /// Flips a bit of the archive's data; its manifest can still be read.
  func damage(_ id: String) throws {
    let url = URL(fileURLWithPath: try archive(id))
    var data = try Data(contentsOf: url)
    data[120] ^= 1
    try data.write(to: url)
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }
}
