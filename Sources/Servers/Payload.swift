internal import Archive

/// The payload of an archive, piece by piece, for a program that is fed with it.
final class Payload {
  private let archive: ArchiveReader
  private var offset: Int64 = 0

  init(_ archive: ArchiveReader) {
    self.archive = archive
  }

  /// The next piece; nil at the end.
  func next() throws -> [UInt8]? {
    let piece = try archive.payload(at: offset, upTo: 1 << 20)
    offset += Int64(piece.count)
    return piece.isEmpty ? nil : piece
  }
}
