package import DurableFiles

/// Reads one archive: the manifest from its end, the image by members, nothing that is not proven.
package final class ArchiveReader {
  /// The file.
  package let path: String
  /// The length of the file in bytes.
  package let size: Int64
  /// What the archive says of itself.
  package let manifest: Manifest
  private let members: MemberReader
  private let manifestOffset: Int64
  // The member that was read last: a restore reads page after page.
  private var cached: (index: Int, bytes: [UInt8])?
  private var stream: MemberReader.Stream?

  /// Opens an archive and reads its manifest; the image is not looked at yet.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - files: The file system to use.
  /// - Throws: `ArchiveError`; `FileError` if the file cannot be read.
  package init(opening path: String, files: FileSystem = FileSystem()) throws {
    let file = try Self.file(path, files)
    let version = try Self.checkHeader(of: file)
    let tailOffset = file.size - ArchiveFormat.tailLength
    guard
      tailOffset > 0,
      let tail = try file.read(Int(ArchiveFormat.tailLength), at: tailOffset),
      let place = ArchiveFormat.manifestPlace(in: tail)
    else {
      throw ArchiveError(.damaged, path, "its end is missing or is followed by something else")
    }
    guard
      place.length <= ArchiveFormat.maximalManifestLength,
      place.offset <= tailOffset,
      place.offset + Int64(place.length) == tailOffset
    else {
      throw ArchiveError(.damaged, path, "its manifest is not where its end says")
    }
    let manifest = try ManifestReader(file, at: place.offset, length: place.length)
      .read(digest: place.digest)
    guard manifest.format == Int(version) else {
      throw ArchiveError(.damaged, path, "its manifest says format \(manifest.format)")
    }
    if let contradiction = manifest.contradiction {
      throw ArchiveError(.damaged, path, "its manifest contradicts itself: \(contradiction)")
    }
    self.path = path
    self.manifest = manifest
    size = file.size
    manifestOffset = place.offset
    members = MemberReader(
      file: file,
      layout: manifest.layout,
      digests: manifest.members
    )
  }

  private static func file(_ path: String, _ files: FileSystem) throws -> ReadableFile {
    do {
      return try ReadableFile(opening: path, calls: files.calls)
    } catch {
      guard error.isNotRegular else { throw error }
      throw ArchiveError(.notAnArchive, path, "it is no regular file")
    }
  }

  /// Which version the header says; refused if it is not one that is known.
  private static func checkHeader(of file: ReadableFile) throws -> UInt16 {
    let versions = 24..<26
    guard let start = try file.read(ArchiveFormat.headerLength, at: 0) else {
      throw ArchiveError(.notAnArchive, file.path, "it is too short")
    }
    let version = UInt16(ArchiveFormat.unsigned(start[versions]))
    let header = ArchiveFormat.header(version: version)
    guard start[..<versions.lowerBound] == header[..<versions.lowerBound] else {
      throw ArchiveError(.notAnArchive, file.path, "it does not begin like one")
    }
    guard version <= ArchiveFormat.newestVersion else {
      throw ArchiveError(
        .newerFormat,
        file.path,
        "archive format \(version); this one reads up to \(ArchiveFormat.newestVersion)"
      )
    }
    guard start == header, version >= ArchiveFormat.imageVersion else {
      throw ArchiveError(.damaged, file.path, "its header is wrong")
    }
    return version
  }

  /// Reads every byte of the archive and compares it with what it must be: each member with its own digest.
  ///
  /// Nothing can have changed in an archive that passes. What remains to `verify` is whether the digests of the whole image,
  /// too, are what its writer should have noted.
  ///
  /// - Parameters:
  ///   - progress: Told how many bytes of the image were checked; what it throws ends the check.
  ///   - take: Called with the number of each member, in order, and its bytes of the image.
  /// - Throws: `ArchiveError` naming the first damage; `FileError` if the file cannot be read.
  private func checkMembers(
    progress: (Int64) throws -> Void,
    take: (Int, [UInt8]) -> Void
  ) throws {
    let layout = members.layout
    try members.readAll { index, bytes in
      take(index, bytes)
      try progress(layout.offset(of: index) + Int64(bytes.count))
    }
    guard try members.end() == manifestOffset else {
      throw ArchiveError(.damaged, path, "something stands between its data and its manifest")
    }
  }

  /// Reads every byte of the archive and compares it, each member and the whole image, with what it must be.
  ///
  /// - Parameters:
  ///   - hashesImage: Whether the image's own SHA-256 is compared as well, and not only that of its content; that of a dump
  ///     is compared in any case, since nothing else can be told from its bytes.
  ///   - progress: Told how many bytes of the image were checked; what it throws ends the check.
  /// - Throws: `ArchiveError` naming the first damage; `FileError` if the file cannot be read.
  package func verify(
    hashingImage hashesImage: Bool = true,
    progress: (Int64) throws -> Void = { _ in }
  ) throws {
    let image = BackgroundDigest()
    guard manifest.database.dialect == .sqlite else {
      try checkMembers(progress: progress) { image.update($1) }
      try compare(image)
      return
    }
    let content = ContentDigest()
    var firstPage: [UInt8] = []
    try checkMembers(progress: progress) { index, bytes in
      if hashesImage { image.update(bytes) }
      if index == 0 {
        firstPage = bytes
      } else {
        content.update(bytes)
      }
    }
    if hashesImage { try compare(image) }
    guard content.finish(firstPage: firstPage) == manifest.image.contentSHA256 else {
      throw ArchiveError(.damaged, path, "the content's SHA-256 is not the manifest's")
    }
  }

  private func compare(_ image: BackgroundDigest) throws {
    guard image.text == manifest.image.sha256 else {
      throw ArchiveError(.damaged, path, "the image's SHA-256 is not the manifest's")
    }
  }

  /// Reads bytes of the payload, what `gunzip -c` gives; each member is proven by its digest before its bytes are handed out.
  ///
  /// - Parameters:
  ///   - offset: Where they begin.
  ///   - limit: How many there are at most.
  /// - Returns: The bytes; none at the end.
  /// - Throws: `ArchiveError` if a member is damaged; `FileError` if the file cannot be read.
  package func payload(at offset: Int64, upTo limit: Int) throws -> [UInt8] {
    let count = Int(min(Int64(limit), max(0, manifest.image.size - offset)))
    var bytes = [UInt8](repeating: 0, count: count)
    try bytes.withUnsafeMutableBytes { try readImage(into: $0, at: offset) }
    return bytes
  }

  /// Reads bytes of the image; each member is proven by its digest before its bytes are handed out.
  ///
  /// - Parameters:
  ///   - buffer: Filled from the offset on; what lies behind the end of the image is zero.
  ///   - offset: Where in the image.
  /// - Throws: `ArchiveError` if a member is damaged; `FileError` if the file cannot be read.
  package func readImage(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws {
    var filled = 0
    while filled < buffer.count {
      let position = offset + Int64(filled)
      guard position < manifest.image.size else {
        for index in filled..<buffer.count { buffer[index] = 0 }
        return
      }
      let index = members.layout.member(at: position)
      let bytes = try member(index)
      let start = Int(position - members.layout.offset(of: index))
      let count = min(buffer.count - filled, bytes.count - start)
      bytes.withUnsafeBytes { source in
        let target = UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<(filled + count)])
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[start..<(start + count)]))
      }
      filled += count
    }
  }

  private func member(_ index: Int) throws -> [UInt8] {
    if let cached, cached.index == index { return cached.bytes }
    // SQLite reads page 1 first and last, and in between page after page.
    let stream = stream.flatMap { $0.index == index ? $0 : nil } ?? members.stream(from: index)
    let bytes = try stream.next()
    self.stream = stream
    cached = (index, bytes)
    return bytes
  }
}
