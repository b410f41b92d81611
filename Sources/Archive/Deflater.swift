internal import CDeflate

/// Makes raw deflate data (RFC 1951), one complete stream per call.
///
/// libdeflate and not zlib: on a database like XManager's its level 1 is more than twice as fast as zlib's and the
/// result is smaller, and any gunzip reads it.
final class Deflater {
  /// The library could not be had, which means that memory is short.
  struct Failure: Error, Hashable, CustomStringConvertible {
    var description: String { "there is no memory for compressing" }
  }

  private let compressor: OpaquePointer

  /// Prepares a level: 0 stores, 1 is fastest, 9 is smallest.
  init(level: Int) throws(Failure) {
    guard let compressor = libdeflate_alloc_compressor(Int32(level)) else { throw Failure() }
    self.compressor = compressor
  }

  deinit {
    libdeflate_free_compressor(compressor)
  }

  /// Compresses; the result is never longer than `bound` says.
  func deflate(_ input: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Self.bound(compressor, input.count)) { buffer, count in
      // With the bound as room the library cannot fail.
      count = libdeflate_deflate_compress(
        compressor,
        input,
        input.count,
        buffer.baseAddress,
        buffer.count
      )
    }
  }

  private static func bound(_ compressor: OpaquePointer, _ count: Int) -> Int {
    libdeflate_deflate_compress_bound(compressor, count)
  }

  /// Deflate data that stores the bytes as they are: its length depends only on theirs.
  static func store(_ input: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    var rest = input[...]
    repeat {
      let block = rest.prefix(0xffff)
      rest = rest.dropFirst(block.count)
      let length = UInt16(block.count)
      output.append(rest.isEmpty ? 1 : 0)
      output += [
        UInt8(length & 0xff), UInt8(length >> 8), UInt8(~length & 0xff), UInt8(~length >> 8),
      ]
      output += block
    } while !rest.isEmpty
    return output
  }

  /// The length of what `store` makes of so many bytes.
  static func storedCount(_ count: Int) -> Int {
    count + 5 * max(1, (count + 0xfffe) / 0xffff)
  }
}

/// CRC-32 as gzip uses it.
func crc32(of bytes: [UInt8]) -> UInt32 {
  libdeflate_crc32(0, bytes, bytes.count)
}
