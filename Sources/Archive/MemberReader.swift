internal import DurableFiles

/// Reads the data members of an archive, each compared byte for byte with what it must be.
final class MemberReader {
  let layout: ImageLayout
  private let file: ReadableFile
  private let digests: [String]
  private let inflater: Inflater
  // Where each member begins, as far as known: found by hopping from one to the next.
  private var offsets: [Int64]

  init(file: ReadableFile, layout: ImageLayout, digests: [String]) throws {
    self.file = file
    self.layout = layout
    self.digests = digests
    inflater = try Inflater()
    offsets = [Int64(ArchiveFormat.header().count)]
  }

  /// The bytes of the image that a member holds.
  func image(of index: Int) throws -> [UInt8] {
    let member = try bytes(of: index)
    let count = layout.count(of: index)
    let start = ArchiveFormat.dataMemberPrefixLength
    let end = member.count - ArchiveFormat.trailerLength
    guard end >= start else { throw damage(index, "too short") }
    let prefix = ArchiveFormat.dataMemberPrefix(deflatedCount: end - start, imageCount: count)
    guard Array(member[..<start]) == prefix else { throw damage(index, "its header is wrong") }
    guard HexadecimalDigest.text(hashing: member) == digests[index] else {
      throw damage(index, "its SHA-256 is not the manifest's")
    }
    guard let image = inflater.inflate(member[start..<end], count: count) else {
      throw damage(index, "it does not decompress to \(count) bytes")
    }
    guard Array(member[end...]) == ArchiveFormat.trailer(crc: crc32(of: image), imageCount: count)
    else {
      throw damage(index, "its CRC-32 is wrong")
    }
    return image
  }

  /// Where the last member ends.
  func end() throws -> Int64 {
    try offset(of: layout.memberCount)
  }

  private func bytes(of index: Int) throws -> [UInt8] {
    let offset = try offset(of: index)
    let length = try self.offset(of: index + 1) - offset
    guard let bytes = try file.read(Int(length), at: offset) else {
      throw damage(index, "the file ends inside it")
    }
    return bytes
  }

  private func offset(of index: Int) throws -> Int64 {
    while offsets.count <= index {
      let known = offsets.count - 1
      let start = offsets[known]
      guard let prefix = try file.read(ArchiveFormat.dataMemberPrefixLength, at: start) else {
        throw damage(known, "the file ends before it")
      }
      let length = Int(ArchiveFormat.unsigned(prefix[16..<20]))
      let least = ArchiveFormat.dataMemberPrefixLength + ArchiveFormat.trailerLength
      guard length >= least, length <= ArchiveFormat.maximalMemberLength else {
        throw damage(known, "its length cannot be")
      }
      offsets.append(start + Int64(length))
    }
    return offsets[index]
  }

  private func damage(_ index: Int, _ detail: String) -> ArchiveError {
    ArchiveError(
      .damaged,
      file.path,
      "data member \(index + 1) of \(layout.memberCount): \(detail)"
    )
  }
}
