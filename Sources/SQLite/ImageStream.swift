/// The write-only end of a snapshot: takes the pages of a database image in order and hands them on.
///
/// The backup API writes a new database from page 2 upwards and page 1 with the commit, at the end; so page 1 is kept
/// here, and everything else is passed on at once. Memory does not grow with the database.
package final class ImageStream: VirtualFile {
  /// Pages that SQLite wrote in an order that a stream cannot follow; never seen, and never ignored.
  package struct OutOfOrder: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where SQLite wrote.
    package var offset: Int64
    /// Where the stream is.
    package var expected: Int64?

    /// One sentence.
    package var description: String {
      "SQLite wrote the image out of order: at \(offset) instead of \(expected.map(String.init) ?? "page 2")"
    }
  }

  /// The page that holds SQLite's lock bytes is never written; it has no meaning and is zero in an image.
  ///
  /// See "The Lock-Byte Page", https://www.sqlite.org/fileformat2.html#the_lock_byte_page.
  private static let lockByteOffset: Int64 = 0x4000_0000

  private let take: (UnsafeRawBufferPointer) throws -> Void
  private var firstPage: [UInt8] = []
  // The offset that the next page belongs at; nil until the first page after page 1 has told the page size.
  private var next: Int64?

  /// Makes a stream.
  ///
  /// - Parameter take: Called with the content of page 2 and all that follow, in order.
  package init(_ take: @escaping (UnsafeRawBufferPointer) throws -> Void) {
    self.take = take
  }

  /// The bytes of the image that SQLite has written so far.
  package var size: Int64 { max(next ?? 0, Int64(firstPage.count)) }

  /// A stream is written to.
  package var isReadOnly: Bool { false }

  /// SQLite reads only page 1, and only what it wrote there; before that the file is empty.
  package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws {
    guard offset + Int64(buffer.count) <= firstPage.count || offset >= size else {
      throw OutOfOrder(offset: offset, expected: next)
    }
    for index in buffer.indices {
      let position = Int(clamping: offset) + index
      buffer[index] = position < firstPage.count ? firstPage[position] : 0
    }
  }

  /// Takes page 1, or the next page in order.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws {
    if offset == 0 {
      firstPage = Array(bytes)
      return
    }
    let pageSize = Int64(bytes.count)
    let expected = next ?? pageSize
    if offset == expected + pageSize, expected == Self.lockByteOffset {
      try fill(bytes.count)
    } else if offset != expected {
      throw OutOfOrder(offset: offset, expected: next)
    }
    try take(bytes)
    next = offset + pageSize
  }

  /// Ends the image.
  ///
  /// - Parameter pageCount: How many pages the database has.
  /// - Returns: Page 1, which tells the page size by its length.
  /// - Throws: `OutOfOrder` if the pages that came are not that many; what the consumer throws.
  package func finish(pageCount: Int) throws -> [UInt8] {
    let expected = Int64(firstPage.count) * Int64(max(pageCount, 1))
    if expected - size == firstPage.count, size == Self.lockByteOffset {
      try fill(firstPage.count)
      next = expected
    }
    guard !firstPage.isEmpty, size == expected else {
      throw OutOfOrder(offset: size, expected: expected)
    }
    return firstPage
  }

  private func fill(_ count: Int) throws {
    try [UInt8](repeating: 0, count: count).withUnsafeBytes(take)
  }
}
