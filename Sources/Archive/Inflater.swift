internal import CDeflate

/// Reads raw deflate data (RFC 1951), never more than it is told to expect.
final class Inflater {
  private let decompressor: OpaquePointer

  init() throws(Deflater.Failure) {
    guard let decompressor = libdeflate_alloc_decompressor() else { throw Deflater.Failure() }
    self.decompressor = decompressor
  }

  deinit {
    libdeflate_free_decompressor(decompressor)
  }

  /// The data, or nil unless the input is one complete stream, ends where it should, and holds exactly so many bytes.
  func inflate(_ input: ArraySlice<UInt8>, count: Int) -> [UInt8]? {
    var isWhole = false
    let output = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      input.withUnsafeBytes { source in
        var taken = 0
        // Without a place for the actual length, the library accepts only data of exactly this length.
        let result = libdeflate_deflate_decompress_ex(
          decompressor,
          source.baseAddress,
          source.count,
          buffer.baseAddress,
          count,
          &taken,
          nil
        )
        isWhole = result == LIBDEFLATE_SUCCESS && taken == source.count
      }
      filled = isWhole ? count : 0
    }
    return isWhole ? output : nil
  }
}
