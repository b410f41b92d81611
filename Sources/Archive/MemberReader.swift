internal import DurableFiles

/// Reads the data members of an archive, each compared byte for byte with what it must be, on several cores.
final class MemberReader: @unchecked Sendable {
  // Sendable: only the owner calls; the workers get values, the file (which is Sendable) and the pool.

  let layout: ImageLayout
  private let file: ReadableFile
  private let digests: MemberDigests
  private let inflaters = Pool { try Inflater() }
  // Where each member begins, as far as known: found by hopping from one to the next.
  private var offsets: [Int64]

  init(file: ReadableFile, layout: ImageLayout, digests: MemberDigests) {
    self.file = file
    self.layout = layout
    self.digests = digests
    offsets = [Int64(ArchiveFormat.headerLength)]
  }

  /// Hands out the image bytes of all members in order.
  func readAll(_ take: (Int, [UInt8]) throws -> Void) throws {
    let stream = stream(from: 0)
    for index in 0..<layout.memberCount { try take(index, try stream.next()) }
  }

  /// The image bytes of the members from one on, in order, read ahead by the workers.
  func stream(from index: Int) -> Stream {
    Stream(self, from: index)
  }

  /// Members in order, some of them read ahead.
  final class Stream {
    /// The member that `next` returns.
    private(set) var index: Int
    private let reader: MemberReader
    private let pipeline = OrderedPipeline<[UInt8]>()
    private var submitted: Int

    fileprivate init(_ reader: MemberReader, from index: Int) {
      self.reader = reader
      self.index = index
      submitted = index
    }

    /// The image bytes of the next member.
    func next() throws -> [UInt8] {
      while pipeline.hasRoom, submitted < reader.layout.memberCount {
        let work = try reader.work(submitted)
        pipeline.submit(work)
        submitted += 1
      }
      guard let bytes = try pipeline.next() else { throw reader.damage(index, "there is none") }
      index += 1
      return bytes
    }
  }

  /// What a worker does to read a member.
  private func work(_ index: Int) throws -> @Sendable () throws -> [UInt8] {
    let start = try offset(of: index)
    let length = Int(try offset(of: index + 1) - start)
    let count = layout.count(of: index)
    let digest = digests[index]
    let total = layout.memberCount
    return { [file, inflaters] in
      func damage(_ detail: String) -> ArchiveError {
        ArchiveError(.damaged, file.path, "data member \(index + 1) of \(total): \(detail)")
      }
      guard let member = try file.read(length, at: start) else {
        throw damage("the file ends inside it")
      }
      let data = ArchiveFormat.dataMemberPrefixLength..<(length - ArchiveFormat.trailerLength)
      let prefix = ArchiveFormat.dataMemberPrefix(deflatedCount: data.count, imageCount: count)
      guard member[..<data.lowerBound].elementsEqual(prefix) else {
        throw damage("its header is wrong")
      }
      guard HexadecimalDigest.bytes(hashing: member).elementsEqual(digest) else {
        throw damage("its SHA-256 is not the manifest's")
      }
      guard let image = try inflaters.with({ $0.inflate(member[data], count: count) }) else {
        throw damage("it does not decompress to \(count) bytes")
      }
      let trailer = ArchiveFormat.trailer(crc: crc32(of: image), imageCount: count)
      guard member[data.upperBound...].elementsEqual(trailer) else {
        throw damage("its CRC-32 is wrong")
      }
      return image
    }
  }

  /// Where the last member ends.
  func end() throws -> Int64 {
    try offset(of: layout.memberCount)
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

  fileprivate func damage(_ index: Int, _ detail: String) -> ArchiveError {
    ArchiveError(
      .damaged,
      file.path,
      "data member \(index + 1) of \(layout.memberCount): \(detail)"
    )
  }
}
