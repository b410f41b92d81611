internal import Archive
internal import DurableFiles
internal import Snapshots

/// The schema that the former tables are moved to in a restore.
///
/// What others commit between the last comparison and the `RENAME TABLE` is in there, and nowhere else. So its name holds the digest
/// of the rows that were saved before: whoever finds it later, after a kill too, can tell whether all of it is in a snapshot.
extension MariaDBServer {
  private static let ending = "_old"
  /// How much of the digest there is room for.
  private static let digits = 20

  /// Its name.
  ///
  /// - Parameters:
  ///   - scratch: The schema that the dump was restored to.
  ///   - present: What was saved before.
  /// - Returns: The name, of less than the 64 characters that there may be.
  static func aside(of scratch: String, _ present: ServerContent?) -> String {
    scratch + (present.map { "_" + $0.rowsSHA256.prefix(digits) } ?? "") + ending
  }

  /// Whether all rows of such a schema are those that were saved before its tables were moved there.
  func isSaved(_ aside: String, progress: @escaping ProgressReport) throws -> Bool {
    let digest = ServerContent.rowsSHA256(try rows(of: aside, progress: progress))
    return aside.hasSuffix("_" + digest.prefix(Self.digits) + Self.ending)
  }

  /// What is said of a restore during which others have written.
  ///
  /// - Parameter kept: The schema with the former tables, if there is more in it than was saved.
  /// - Returns: A clause.
  static func remark(_ kept: String?) -> String {
    guard let kept else {
      return "it was compared before it took its place; others have written to the database since"
    }
    return
      "it was compared before it took its place; others have written while it did: what they wrote to the former tables is in the schema '\(kept)', which is kept until you drop it"
  }

  /// Drops what killed runs have left, but no rows that no snapshot holds.
  ///
  /// - Parameters:
  ///   - names: The schemas.
  ///   - progress: Told how far it is.
  /// - Throws: `ServerError`.
  func sweep(_ names: [String], progress: @escaping ProgressReport) throws {
    for name in names {
      guard name.hasSuffix(Self.ending) else {
        try drop(name)
        continue
      }
      let isSaved = try tables(of: name).isEmpty || self.isSaved(name, progress: progress)
      if isSaved {
        try drop(name)
      } else {
        client.notice(
          "The schema '\(name)' on the server of \(client.shown) holds former tables from a restore, with rows that no snapshot is known to hold: it is kept until you drop it"
        )
      }
    }
  }
}
