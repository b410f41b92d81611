internal import Archive
internal import DurableFiles
internal import SQLite

/// The image in an archive as a file that SQLite reads: the near end of a restore.
///
/// SQLite takes it as immutable, and the backup API copies pages without running a single statement of it.
final class ArchivedImage: VirtualFile {
  private let reader: ArchiveReader

  /// Makes the file of an archive's image.
  ///
  /// - Parameter reader: The archive.
  /// - Throws: `SnapshotError` if it holds a server's dump.
  init(_ reader: ArchiveReader) throws {
    try Self.require(reader)
    self.reader = reader
  }

  /// Refuses an archive that holds no image.
  ///
  /// - Parameter reader: The archive.
  /// - Throws: `SnapshotError` with `.refused`.
  static func require(_ reader: ArchiveReader) throws {
    let database = reader.manifest.database
    guard database.dialect != .sqlite else { return }
    throw SnapshotError(
      .refused,
      "snapshot \(reader.manifest.id) holds a \(database.dialect.rawValue) database, \(database.path.shownOnOneLine), and no SQLite file",
      hint: "name that database with --db"
    )
  }

  var size: Int64 { reader.manifest.image.size }

  var isReadOnly: Bool { true }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws {
    try unsafe reader.readImage(into: buffer, at: offset)
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws {
    throw SQLiteError(extendedCode: .readOnly, message: "an archive is never written to")
  }
}
