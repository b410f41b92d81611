/// A digest that is equal for two databases of the same content, whichever way one became a copy of the other.
///
/// Copying a database changes a few bytes of page 1: the change counter and what goes with it, the schema cookie, and
/// the journal mode (https://www.sqlite.org/fileformat2.html#the_database_header). They are zero here. The pages come in
/// the order of the stream: 2 to the last, then 1.
package struct ContentDigest {
  private var digest = HexadecimalDigest()

  /// Makes a digest of nothing yet.
  package init() {}

  /// Takes the next bytes after page 1.
  ///
  /// - Parameter bytes: The bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    digest.update(bytes)
  }

  /// Ends the digest.
  ///
  /// - Parameter firstPage: Page 1.
  /// - Returns: 64 lower-case hexadecimal digits.
  package mutating func finish(firstPage: [UInt8]) -> String {
    digest.update(Self.normalized(firstPage: firstPage))
    return digest.text
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
