internal import Archive
internal import SQLite

/// The image in an archive as a file that SQLite reads: the near end of a restore.
///
/// SQLite takes it as immutable, and the backup API copies pages without running a single statement of it.
final class ArchivedImage: VirtualFile {
  private let reader: ArchiveReader

  init(_ reader: ArchiveReader) {
    self.reader = reader
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
