package import DurableFiles
internal import Stopping

/// Writes one archive: the image's bytes in, gzip members out, under a temporary name until all of it is proven.
///
/// Order of calls for the image of an SQLite database: `append` with pages 2 to the last, `closeImage` with page 1; for a
/// server's dump: `append`, `closeDump`; then `readBack`, and `publish` with the manifest.
package final class ArchiveWriter {
  /// What the writer knows of the image once all of it is written and read back.
  package struct Summary: Hashable, Sendable {
    /// The image's record for the manifest.
    package var image: Manifest.Image
    /// The members' digests for the manifest.
    package var members: MemberDigests
  }

  private let file: DurableFile
  private let files: FileSystem
  private let deflaters: Pool<Deflater>
  private let pipeline = OrderedPipeline<StoredMember>()
  private var pending: [UInt8] = []
  private var firstMemberOffset: Int64?
  private var digests: [[UInt8]] = []
  private var imageCount: Int64 = 0
  private let content = ContentDigest()
  private var closed: (layout: ImageLayout, contentDigest: String)?
  private var definitionsDigest: String?

  /// The level that archives are compressed with unless told otherwise.
  ///
  /// Measured (the table in README.md): the fastest level is smaller than `gzip -1`, and the next one takes twice its time
  /// to save 3 % more.
  package static let defaultLevel = 1

  /// Begins an archive.
  ///
  /// - Parameters:
  ///   - path: Its final path.
  ///   - format: The archive format's version: that of an image or of a dump.
  ///   - level: The compression level, 0 to 9.
  ///   - files: The file system to use.
  /// - Throws: `FileError` if the file cannot be created.
  package init(
    creating path: String,
    format: UInt16 = ArchiveFormat.imageVersion,
    level: Int = defaultLevel,
    files: FileSystem
  ) throws {
    deflaters = Pool { try Deflater(level: level) }
    file = try DurableFile(creating: path, files: files)
    self.files = files
    pending.reserveCapacity(ArchiveFormat.memberSize)
    try file.append(ArchiveFormat.header(version: format))
  }

  /// The final path.
  package var path: String { file.path }

  /// The bytes that were written so far.
  package var archiveSize: Int64 { file.count }

  /// The digest of the content, as in a manifest; empty before the image is closed.
  package var contentSHA256: String { closed?.contentDigest ?? "" }

  /// Takes the next bytes of the image after page 1.
  ///
  /// - Parameters:
  ///   - bytes: The bytes: whole pages.
  ///   - pageSize: The page size, so that the place of page 1 can be kept.
  /// - Throws: `FileError`, for example when the disk is full.
  package func append(_ bytes: UnsafeRawBufferPointer, pageSize: Int) throws {
    reserveFirstMember(pageSize: pageSize)
    pending.append(contentsOf: bytes)
    if pending.count >= ArchiveFormat.memberSize { try submitPending() }
  }

  /// Writes page 1 and makes everything durable.
  ///
  /// - Parameter firstPage: Page 1; its length is the page size.
  /// - Throws: `FileError`.
  package func closeImage(firstPage: [UInt8]) throws {
    reserveFirstMember(pageSize: firstPage.count)
    try flush()
    let member = StoredMember(Deflater.store(firstPage), of: firstPage)
    try file.write(member.bytes, at: firstMemberOffset ?? 0)
    digests.insert(member.digest, at: 0)
    imageCount += Int64(firstPage.count)
    let contentDigest = content.finish(firstPage: firstPage)
    try file.sync()
    closed = (ImageLayout(pageSize: firstPage.count, size: imageCount), contentDigest)
  }

  /// Takes the next bytes of a dump.
  ///
  /// - Parameter bytes: The bytes, as they come.
  /// - Throws: `FileError`, for example when the disk is full.
  package func append(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = rest.prefix(ArchiveFormat.memberSize - pending.count)
      pending.append(contentsOf: part)
      rest = rest.dropFirst(part.count)
      if pending.count == ArchiveFormat.memberSize { try submitPending() }
    }
  }

  /// Ends a dump and makes everything durable.
  ///
  /// - Parameters:
  ///   - contentSHA256: The digest of what the database says, which the dump's bytes cannot tell.
  ///   - definitionsSHA256: The digest of how its objects are defined; nil where the other one has that.
  /// - Throws: `FileError`; `ArchiveError` if there was nothing at all.
  package func closeDump(contentSHA256: String, definitionsSHA256: String? = nil) throws {
    try flush()
    guard imageCount > 0 else {
      throw ArchiveError(.damaged, file.temporaryPath, "the dump that was to go into it is empty")
    }
    try file.sync()
    closed = (ImageLayout(dumpOf: imageCount), contentSHA256)
    definitionsDigest = definitionsSHA256
  }

  /// Compresses and writes what is left.
  private func flush() throws {
    if !pending.isEmpty { try submitPending() }
    while let member = try pipeline.next() { try write(member) }
  }

  /// Reads every member back and compares it.
  ///
  /// - Returns: What goes into the manifest.
  /// - Throws: `FileError`; `ArchiveError` if what the disk gives back is not what was written.
  package func readBack() throws -> Summary {
    guard let closed else {
      throw ArchiveError(.damaged, file.temporaryPath, "its image was never closed")
    }
    let written = try ReadableFile(opening: file.temporaryPath, calls: files.calls)
    let digests = MemberDigests(digests)
    let members = MemberReader(file: written, layout: closed.layout, digests: digests)
    let image = BackgroundDigest()
    try members.readAll { _, bytes in
      try StopSwitch.check()
      image.update(bytes)
    }
    return Summary(
      image: Manifest.Image(
        size: imageCount,
        sha256: image.text,
        contentSHA256: closed.contentDigest,
        definitionsSHA256: definitionsDigest,
        memberSize: ArchiveFormat.memberSize
      ),
      members: digests
    )
  }

  /// Writes the manifest and the tail, reads them back, and gives the archive its name.
  ///
  /// - Parameter manifest: The manifest.
  /// - Throws: `FileError`; `ArchiveError` if what the disk gives back is not what was written.
  package func publish(_ manifest: Manifest) throws {
    let member = ArchiveFormat.manifestMember(try manifest.json())
    let offset = file.count
    try file.append(member)
    try file.append(
      ArchiveFormat.tail(
        manifestOffset: offset,
        manifestLength: member.count,
        digest: HexadecimalDigest.bytes(hashing: member)
      )
    )
    try file.sync()
    let reader = try ArchiveReader(opening: file.temporaryPath, files: files)
    guard reader.manifest == manifest else {
      throw ArchiveError(
        .damaged,
        file.temporaryPath,
        "the manifest changed on its way to the disk"
      )
    }
    try file.publish()
  }

  private func reserveFirstMember(pageSize: Int) {
    guard firstMemberOffset == nil else { return }
    firstMemberOffset = file.reserve(
      ArchiveFormat.dataMemberPrefixLength + Deflater.storedCount(pageSize)
        + ArchiveFormat.trailerLength
    )
  }

  private func submitPending() throws {
    // Of an image, whole pages arrive and 1 MiB is a multiple of every page size, so a member is exactly full or the last one.
    let image = pending
    if firstMemberOffset != nil { content.update(image) }
    imageCount += Int64(image.count)
    pending = []
    pending.reserveCapacity(ArchiveFormat.memberSize)
    if !pipeline.hasRoom, let member = try pipeline.next() { try write(member) }
    pipeline.submit { [deflaters] in
      try deflaters.with { StoredMember($0.deflate(image), of: image) }
    }
  }

  private func write(_ member: StoredMember) throws {
    digests.append(member.digest)
    try file.append(member.bytes)
  }
}
