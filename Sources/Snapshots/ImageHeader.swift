internal import Archive

/// The header of the database in an archive, compared with the manifest before SQLite sees any of it.
///
/// SQLite believes the header: one that names fewer pages than there are would have a part of them restored, and one that
/// is none at all would look as if the database that is restored into were none.
enum ImageHeader {
  /// Refuses an image that is not the database that the manifest describes.
  ///
  /// The fields are those of https://www.sqlite.org/fileformat2.html#the_database_header.
  ///
  /// - Parameter reader: The archive.
  /// - Throws: `ArchiveError` if it is not, or cannot be read.
  static func check(_ reader: ArchiveReader) throws {
    var header = [UInt8](repeating: 0, count: 100)
    try unsafe header.withUnsafeMutableBytes { try unsafe reader.readImage(into: $0, at: 0) }
    guard header.starts(with: Array("SQLite format 3\0".utf8)) else {
      throw damage(reader, "its image is no SQLite database")
    }
    // 65536 does not fit into the two bytes and is written as 1.
    let pageSize = number(header[16..<18]) == 1 ? 65_536 : number(header[16..<18])
    guard pageSize == reader.manifest.database.pageSize else {
      throw damage(reader, "its image says a page size of \(pageSize)")
    }
    // Old versions of SQLite left the page count alone; then the file's length counts.
    let pageCount = number(header[28..<32])
    guard
      pageCount == 0 || header[24..<28] != header[92..<96]
        || pageCount == reader.manifest.database.pageCount
    else {
      throw damage(reader, "its image says that it has \(pageCount) pages")
    }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 << 8 | Int($1) }
  }

  private static func damage(_ reader: ArchiveReader, _ detail: String) -> ArchiveError {
    ArchiveError(.damaged, reader.path, detail)
  }
}
