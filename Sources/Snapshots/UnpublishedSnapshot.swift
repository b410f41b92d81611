package import Archive

/// A snapshot whose pages are all on the disk, but which has no name yet; dropped, it leaves nothing behind.
///
/// The database is not needed any more: a restore reads its archive back while it copies, and waits for it before the copy
/// counts.
///
/// Sendable although its writer is not: it has one owner at a time, who hands it over whole.
package final class UnpublishedSnapshot: @unchecked Sendable {
  private let writer: ArchiveWriter
  private let path: String
  /// Its id.
  package let id: String
  /// The rows of the version table in it.
  package let heads: [String]
  private let describe: (ArchiveWriter.Summary) -> Manifest

  /// Makes a snapshot of an archive that is written and closed.
  ///
  /// - Parameters:
  ///   - writer: Its writer.
  ///   - path: The archive's final path.
  ///   - id: Its id.
  ///   - heads: The rows of the version table in it.
  ///   - describe: Makes the manifest.
  package init(
    _ writer: ArchiveWriter,
    path: String,
    id: String,
    heads: [String],
    describe: @escaping (ArchiveWriter.Summary) -> Manifest
  ) {
    self.writer = writer
    self.path = path
    self.id = id
    self.heads = heads
    self.describe = describe
  }

  /// The digest of its content, as the manifest will have it.
  package var contentSHA256: String { writer.contentSHA256 }

  /// Reads every byte back and compares it, and gives the archive its name; once only.
  ///
  /// - Returns: The snapshot, which is on the disk.
  /// - Throws: `FileError`, `ArchiveError`: no archive is then left behind. `NotDurable`: a whole one is, which a power cut may
  ///   take.
  package func publish() throws -> Store.Snapshot {
    let manifest = describe(try writer.readBack())
    try writer.publish(manifest)
    return Store.Snapshot(path: path, archiveSize: writer.archiveSize, manifest: manifest)
  }
}
