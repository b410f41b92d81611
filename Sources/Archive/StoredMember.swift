/// A data member as it stands in the file, with its digest.
struct StoredMember: Sendable {
  /// All its bytes.
  var bytes: [UInt8]
  /// SHA-256 of them.
  var digest: [UInt8]

  /// Makes the member of a piece of the image and its deflated form.
  init(_ deflated: [UInt8], of image: [UInt8]) {
    bytes =
      ArchiveFormat.dataMemberPrefix(deflatedCount: deflated.count, imageCount: image.count)
      + deflated + ArchiveFormat.trailer(crc: crc32(of: image), imageCount: image.count)
    digest = HexadecimalDigest.bytes(hashing: bytes)
  }
}
