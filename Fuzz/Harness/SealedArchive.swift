internal import Crypto

@testable internal import Archive

/// An archive whose checksums are right again after its bytes were changed, so that the reader goes on to what they protect.
enum SealedArchive {
  /// Seals what looks like an archive; nil if its parts cannot be told from each other.
  static func sealing(_ bytes: [UInt8]) -> [UInt8]? {
    let tailLength = Int(ArchiveFormat.tailLength)
    guard bytes.count > ArchiveFormat.headerLength + tailLength else { return nil }
    // Of the header only the version is left as it is, if it is one.
    let isDump = bytes[24] == UInt8(ArchiveFormat.dumpVersion)
    let header = ArchiveFormat.header(
      version: isDump ? ArchiveFormat.dumpVersion : ArchiveFormat.imageVersion
    )
    // The manifest is found by its text, since the tail may say anything by now.
    guard let text = manifestText(in: bytes) else { return nil }
    let dataEnd = max(header.count, text.lowerBound - ArchiveFormat.manifestPrefixLength)
    let members = members(in: Array(bytes[header.count..<dataEnd]))
    let json = placing(members.map(digest), in: Array(bytes[text]))
    let manifest = ArchiveFormat.manifestMember(json)
    let body = header + Array(members.joined())
    return body + manifest
      + ArchiveFormat.tail(
        manifestOffset: Int64(body.count),
        manifestLength: manifest.count,
        digest: Array(SHA256.hash(data: manifest))
      )
  }

  private static func manifestText(in bytes: [UInt8]) -> Range<Int>? {
    let start = Array("{\"".utf8)
    let end = bytes.count - Int(ArchiveFormat.tailLength) - ArchiveFormat.manifestSuffix.count
    var index = end - start.count
    // The outermost brace is the first one behind the member's own prefix.
    var found: Int?
    while index >= ArchiveFormat.manifestPrefixLength {
      let prefix = bytes[(index - ArchiveFormat.manifestPrefixLength)..<index]
      if bytes[index] == start[0], prefix.starts(with: [0x1f, 0x8b, 8, 0x14]) {
        found = index
        break
      }
      index -= 1
    }
    return found.map { $0..<end }
  }

  /// The data members, each with the lengths and the CRC-32 that it must have.
  private static func members(in data: [UInt8]) -> [[UInt8]] {
    var members: [[UInt8]] = []
    var rest = data[...]
    let least = ArchiveFormat.dataMemberPrefixLength + ArchiveFormat.trailerLength
    while rest.count >= least {
      let start = rest.startIndex
      let stated = Int(ArchiveFormat.unsigned(rest[(start + 16)..<(start + 20)]))
      let imageCount = Int(ArchiveFormat.unsigned(rest[(start + 20)..<(start + 24)]))
      let length = (least...rest.count).contains(stated) ? stated : rest.count
      let member = rest.prefix(length)
      let deflated = member.dropFirst(ArchiveFormat.dataMemberPrefixLength)
        .dropLast(ArchiveFormat.trailerLength)
      let count = min(imageCount, ArchiveFormat.memberSize)
      var sealed = ArchiveFormat.dataMemberPrefix(
        deflatedCount: deflated.count,
        imageCount: count
      )
      sealed += deflated
      if let image = try? Inflater().inflate(deflated, count: count) {
        sealed += ArchiveFormat.trailer(crc: crc32(of: image), imageCount: count)
      } else {
        sealed += member.suffix(ArchiveFormat.trailerLength)
      }
      members.append(sealed)
      rest = rest.dropFirst(length)
    }
    return members
  }

  private static func digest(of member: [UInt8]) -> [UInt8] {
    Array(HexadecimalDigest.text(hashing: member).utf8)
  }

  /// The JSON with the digests in place of those that its list of members holds.
  private static func placing(_ digests: [[UInt8]], in json: [UInt8]) -> [UInt8] {
    let key = Array("\"members\":[".utf8)
    guard let start = json.indices.first(where: { json[$0...].starts(with: key) }) else {
      return json
    }
    let list = start + key.count
    guard let end = json[list...].firstIndex(of: UInt8(ascii: "]")) else { return json }
    let quote = UInt8(ascii: "\"")
    let texts = digests.map { [quote] + $0 + [quote] }
    return Array(json[..<list]) + Array(texts.joined(separator: [UInt8(ascii: ",")]))
      + Array(json[end...])
  }
}
