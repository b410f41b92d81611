@testable internal import Archive

/// The archive reader, from the file's first byte to the last byte of the image.
enum ArchiveTarget {
  static func run(_ input: [UInt8]) {
    let path = InputFile.write(input)
    attempt {
      let reader = try ArchiveReader(opening: path)
      attempt { try reader.verify() }
      readImage(reader)
    }
  }

  /// Reads from the image as SQLite does: page 1, the last page, beyond the end, odd places.
  private static func readImage(_ reader: ArchiveReader) {
    let page = reader.manifest.database.file?.pageSize ?? 4096
    let size = reader.manifest.image.size
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: page, alignment: 8)
    defer { buffer.deallocate() }
    for offset in [0, Int64(page), size - Int64(page), size - 1, size, 100] where offset >= 0 {
      attempt { try reader.readImage(into: buffer, at: offset) }
    }
  }

  /// Reads a manifest, in one piece and byte by byte: both must come to the same.
  static func readManifest(_ input: [UInt8]) {
    var whole: Manifest?
    attempt {
      let manifest = try Manifest(json: input)
      _ = manifest.contradiction
      whole = manifest
    }
    var pieced: Manifest?
    attempt {
      var rest = input[...]
      pieced = try Manifest(length: input.count) {
        let piece = rest.prefix(1 + rest.count % 7)
        rest = rest.dropFirst(piece.count)
        return Array(piece)
      }
    }
    precondition(whole == pieced, "the manifest depends on the pieces that it comes in")
    guard let whole else { return }
    attempt {
      let written = try whole.json()
      let again = try Manifest(json: written)
      precondition(again == whole, "a manifest is another one after it was written and read")
    }
  }
}
