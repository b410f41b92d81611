/// A digest that is equal for two databases of the same content, whichever way one became a copy of the other.
///
/// Copying a database changes a few bytes of page 1: the change counter and what goes with it, the schema cookie, and
/// the journal mode (https://www.sqlite.org/fileformat2.html#the_database_header). They are zero here. The pages come in
/// the order of the stream: 2 to the last, then 1.
package final class ContentDigest {
  private let digest = BackgroundDigest()
  private var pending: [UInt8] = []

  /// Makes a digest of nothing yet.
  package init() {}

  /// Takes the next pages after page 1.
  ///
  /// - Parameter bytes: The bytes.
  package func update(_ bytes: UnsafeRawBufferPointer) {
    if pending.isEmpty { pending.reserveCapacity(ArchiveFormat.memberSize) }
    pending.append(contentsOf: bytes)
    if pending.count >= ArchiveFormat.memberSize { flush() }
  }

  /// Takes the next piece of the image after page 1, about 1 MiB long, without copying it.
  ///
  /// - Parameter piece: The bytes.
  package func update(_ piece: [UInt8]) {
    flush()
    digest.update(piece)
  }

  /// Ends the digest.
  ///
  /// - Parameter firstPage: Page 1.
  /// - Returns: 64 lower-case hexadecimal digits.
  package func finish(firstPage: [UInt8]) -> String {
    flush()
    digest.update(Self.normalized(firstPage: firstPage))
    return digest.text
  }

  private func flush() {
    guard !pending.isEmpty else { return }
    digest.update(pending)
    pending = []
  }

  /// Page 1 without what a copy may change.
  static func normalized(firstPage: [UInt8]) -> [UInt8] {
    var page = firstPage
    for range in [18..<20, 24..<28, 40..<44, 92..<100] {
      for index in range where index < page.count { page[index] = 0 }
    }
    return page
  }
}
