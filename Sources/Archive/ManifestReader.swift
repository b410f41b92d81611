internal import DurableFiles

/// Reads the manifest out of its member piece by piece, and proves the bytes that it was read from.
final class ManifestReader {
  private static let pieceLength = 64 << 10

  private let file: ReadableFile
  private let end: Int64
  private var position: Int64
  private let length: Int
  private var digest = HexadecimalDigest()

  init(_ file: ReadableFile, at offset: Int64, length: Int) {
    self.file = file
    self.length = length
    position = offset
    end = offset + Int64(length)
  }

  /// Reads the whole member once: what is proven is what was read, whoever changes the file meanwhile.
  ///
  /// - Parameter expected: SHA-256 of the member.
  /// - Returns: The manifest.
  /// - Throws: `ArchiveError`, `FileError`.
  func read(digest expected: [UInt8]) throws -> Manifest {
    let suffix = ArchiveFormat.manifestSuffix
    let textLength = length - ArchiveFormat.manifestPrefixLength - suffix.count
    guard textLength > 0 else { throw damage("its manifest has changed") }
    let prefix = try take(upTo: ArchiveFormat.manifestPrefixLength)
    let textEnd = end - Int64(suffix.count)
    let result = Result {
      try Manifest(length: textLength) { [self] in
        try take(upTo: Int(min(Int64(Self.pieceLength), textEnd - position)))
      }
    }
    if case .failure(let error) = result, !(error is JSONScanner.Failure) { throw error }
    while position < textEnd {
      _ = try take(upTo: Int(min(Int64(Self.pieceLength), textEnd - position)))
    }
    let rest = try take(upTo: suffix.count)
    // A changed byte is told as that, and not as whatever it did to the text.
    guard
      digest.bytes == expected,
      prefix == ArchiveFormat.manifestPrefix(length: length),
      rest == suffix
    else {
      throw damage("its manifest has changed")
    }
    do {
      return try result.get()
    } catch {
      throw damage("its manifest cannot be read: \(error)")
    }
  }

  private func take(upTo count: Int) throws -> [UInt8] {
    guard let bytes = try file.read(count, at: position) else {
      throw damage("its manifest is not where its end says")
    }
    digest.update(bytes)
    position += Int64(count)
    return bytes
  }

  private func damage(_ detail: String) -> ArchiveError {
    ArchiveError(.damaged, file.path, detail)
  }
}
