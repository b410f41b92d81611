/// The numbers and byte layouts of the archive formats, which Backups/README.md explains.
///
/// An archive is a standard gzip file (RFC 1952) of several members, so that `gunzip` alone gives the image back. Each
/// kind of member is told by a subfield in FEXTRA, and every byte of a member is a function of what it holds: a reader
/// compares instead of interpreting, so that no bit can change unseen.
package enum ArchiveFormat {
  /// The version of archives that hold the image of an SQLite database: what older versions of xm-safe read as well.
  package static let imageVersion: UInt16 = 1
  /// The version of archives that hold the dump of a server's database.
  package static let dumpVersion: UInt16 = 2
  /// The highest version that this program knows.
  package static let newestVersion = dumpVersion
  /// How many bytes of the image a data member holds, the first and the last one excepted.
  package static let memberSize = 1 << 20
  /// The extension of an archive's file name, after what `gunzip` gives.
  ///
  /// - Parameter dialect: The kind of database.
  /// - Returns: The extension, with its point.
  package static func fileExtension(_ dialect: Manifest.Dialect) -> String {
    switch dialect {
    case .sqlite: ".sqlite3.gz"
    case .postgresql: ".pgdump.gz"
    case .mariadb, .mysql: ".sql.gz"
    }
  }

  static let magic = Array("xm-safe\0".utf8)
  /// Longer manifests are refused: 32 MiB list the members of a database of about half a terabyte.
  static let maximalManifestLength = 32 << 20
  /// The most that a member of 1 MiB can take: deflate adds 5 bytes per 16 KiB at the very most.
  static let maximalMemberLength = memberSize + memberSize / 1024 + 1024
  static let headerLength = header(version: imageVersion).count
  static let tailLength = Int64(
    emptyMember(extra: subfield("XT", Array(repeating: 0, count: 44))).count
  )

  /// The first member: no payload, and the magic with the format version.
  static func header(version: UInt16) -> [UInt8] {
    emptyMember(extra: subfield("XM", magic + littleEndian(version) + [0, 0]))
  }

  /// The bytes of a data member before its deflated data.
  ///
  /// - Parameters:
  ///   - deflatedCount: The length of the deflated data.
  ///   - imageCount: How many bytes of the image they hold.
  /// - Returns: The header.
  static func dataMemberPrefix(deflatedCount: Int, imageCount: Int) -> [UInt8] {
    let length = UInt32(dataMemberPrefixLength + deflatedCount + trailerLength)
    return gzipHeader(
      extra: subfield("XD", littleEndian(length) + littleEndian(UInt32(imageCount)))
    )
  }

  static let dataMemberPrefixLength = gzipHeader(
    extra: subfield("XD", Array(repeating: 0, count: 8))
  ).count
  static let trailerLength = 8

  /// CRC-32 and length of the image bytes, as RFC 1952 wants them.
  static func trailer(crc: UInt32, imageCount: Int) -> [UInt8] {
    littleEndian(crc) + littleEndian(UInt32(truncatingIfNeeded: imageCount))
  }

  /// The manifest member: no payload, and the JSON text as the comment.
  static func manifestMember(_ json: [UInt8]) -> [UInt8] {
    manifestPrefix(length: manifestPrefixLength + json.count + manifestSuffix.count)
      + json + manifestSuffix
  }

  /// The bytes of a manifest member before the JSON text.
  ///
  /// - Parameter length: The length of the whole member.
  /// - Returns: The header.
  static func manifestPrefix(length: Int) -> [UInt8] {
    gzipHeader(extra: subfield("XJ", littleEndian(UInt32(length))), flags: 0x14)
  }

  static let manifestPrefixLength = manifestPrefix(length: 0).count
  /// The bytes of a manifest member behind the JSON text: the comment's end, and no payload.
  static let manifestSuffix = [0] + emptyDeflate + trailer(crc: 0, imageCount: 0)

  /// The last member: no payload; where the manifest is, and its SHA-256.
  static func tail(manifestOffset: Int64, manifestLength: Int, digest: [UInt8]) -> [UInt8] {
    let fields =
      littleEndian(UInt64(manifestOffset)) + littleEndian(UInt32(manifestLength)) + digest
    return emptyMember(extra: subfield("XT", fields))
  }

  /// Where the tail says that the manifest is; nil if the bytes are not exactly a tail.
  static func manifestPlace(in tail: [UInt8]) -> (offset: Int64, length: Int, digest: [UInt8])? {
    guard tail.count == tailLength else { return nil }
    let fields = Array(tail[16..<60])
    let offset = Int64(clamping: unsigned(fields[0..<8]))
    let length = Int(unsigned(fields[8..<12]))
    let digest = Array(fields[12...])
    let again = Self.tail(manifestOffset: offset, manifestLength: length, digest: digest)
    return again == tail ? (offset, length, digest) : nil
  }

  /// Reads a little-endian number.
  static func unsigned(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// What deflate makes of no data at all: one final block with fixed codes and nothing in it.
  private static let emptyDeflate: [UInt8] = [3, 0]

  private static func emptyMember(extra: [UInt8]) -> [UInt8] {
    gzipHeader(extra: extra) + emptyDeflate + trailer(crc: 0, imageCount: 0)
  }

  /// RFC 1952, section 2.3: no time (the manifest has it), no extra flags, operating system unknown.
  private static func gzipHeader(extra: [UInt8], flags: UInt8 = 0x04) -> [UInt8] {
    [0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 255] + littleEndian(UInt16(extra.count)) + extra
  }

  private static func subfield(_ name: String, _ data: [UInt8]) -> [UInt8] {
    Array(name.utf8) + littleEndian(UInt16(data.count)) + data
  }

  private static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
}
