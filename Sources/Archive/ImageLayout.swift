/// Which bytes of the image are in which data member: page 1 alone in the first, 1 MiB each in the others.
///
/// Page 1 is apart because it is known last and comes first: it is stored, not compressed, so its member's length is
/// known in advance and its place can be kept free.
package struct ImageLayout: Hashable, Sendable {
  /// The database's page size in bytes.
  package var pageSize: Int
  /// The length of the image in bytes.
  package var size: Int64

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
