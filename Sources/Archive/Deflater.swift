internal import CDeflate

/// Makes raw deflate data (RFC 1951), one complete stream per call.
///
/// Levels 1 and 2 are ISA-L's where there is ISA-L, which on a database like XManager's is three times as fast as the fastest level of
/// libdeflate, and that more than twice as fast as zlib's; the others are libdeflate's. Any gunzip reads both. What ISA-L
/// writes is read back by libdeflate before it counts: neither has to be trusted alone.
final class Deflater {
  /// The memory that a compressor needs could not be had.
  struct Failure: Error, Hashable, CustomStringConvertible {
    var description: String { "there is no memory for compressing" }
  }

  private enum Engine {
    case fast(FastDeflater)
    case thorough(OpaquePointer)
  }

  private let engine: Engine

  /// Prepares a level: 0 stores, 1 is fastest, 9 is smallest.
  init(level: Int) throws(Failure) {
    if let fast = FastDeflater(level: level) {
      engine = .fast(fast)
      return
    }
    guard let compressor = libdeflate_alloc_compressor(Int32(level)) else { throw Failure() }
    engine = .thorough(compressor)
  }

  deinit {
    if case .thorough(let compressor) = engine { libdeflate_free_compressor(compressor) }
  }

  /// Compresses; what cannot be compressed is stored.
  func deflate(_ input: [UInt8]) -> [UInt8] {
    // More than storing takes is never worth it, and so much room is enough for either library.
    let room = Self.storedCount(input.count)
    let output = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      switch engine {
      case .fast(let fast):
        count = fast.deflate(input, into: buffer.baseAddress, room: room)
      case .thorough(let compressor):
        count = libdeflate_deflate_compress(
          compressor,
          input,
          input.count,
          buffer.baseAddress,
          room
        )
      }
    }
    return output.isEmpty ? Self.store(input) : output
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
