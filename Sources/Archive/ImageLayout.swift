/// Which bytes of the payload are in which data member.
///
/// Of a dump, 1 MiB is in each. Of the image of an SQLite database page 1 alone is in the first, and 1 MiB in each of the
/// others. Page 1 is apart because it is known last and comes first: it is stored, not compressed, so its member's length is
/// known in advance and its place can be kept free.
package struct ImageLayout: Hashable, Sendable {
  /// How many bytes the first member holds: the database's page size, or a whole member's.
  package var pageSize: Int
  /// The length of the image in bytes.
  package var size: Int64

  /// Makes the layout of a dump.
  ///
  /// - Parameter size: The length of the dump in bytes.
  package init(dumpOf size: Int64) {
    self.init(pageSize: Int(min(size, Int64(ArchiveFormat.memberSize))), size: size)
  }

  /// Makes the layout of an image.
  ///
  /// - Parameters:
  ///   - pageSize: The database's page size in bytes.
  ///   - size: The length of the image in bytes.
  package init(pageSize: Int, size: Int64) {
    self.pageSize = pageSize
    self.size = size
  }

  /// How many data members there are.
  package var memberCount: Int {
    let rest = max(0, size - Int64(pageSize))
    let (whole, part) = rest.quotientAndRemainder(dividingBy: Int64(ArchiveFormat.memberSize))
    return 1 + Int(whole) + (part > 0 ? 1 : 0)
  }

  /// Where the bytes of a member begin in the image.
  ///
  /// - Parameter index: The member, from 0.
  /// - Returns: The offset.
  package func offset(of index: Int) -> Int64 {
    index == 0 ? 0 : Int64(pageSize) + Int64(index - 1) * Int64(ArchiveFormat.memberSize)
  }

  /// How many bytes of the image a member holds.
  ///
  /// - Parameter index: The member, from 0.
  /// - Returns: The count.
  package func count(of index: Int) -> Int {
    index == 0 ? pageSize : Int(min(Int64(ArchiveFormat.memberSize), size - offset(of: index)))
  }

  /// The member that holds a byte of the image.
  ///
  /// - Parameter offset: Where the byte is.
  /// - Returns: The member, from 0.
  package func member(at offset: Int64) -> Int {
    offset < pageSize ? 0 : 1 + Int((offset - Int64(pageSize)) / Int64(ArchiveFormat.memberSize))
  }
}
