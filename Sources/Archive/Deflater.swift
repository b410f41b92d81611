internal import CZlib

/// Makes raw deflate data (RFC 1951) with zlib, one complete stream per call.
final class Deflater {
  /// zlib could not do it, which for valid parameters means that memory is short.
  struct Failure: Error, Hashable, CustomStringConvertible {
    var code: Int32
    var description: String { "zlib failed with code \(code)" }
  }

  private var stream = z_stream()

  /// Prepares zlib for a level: 0 stores, 1 is fastest, 9 is smallest.
  init(level: Int) throws(Failure) {
    // Negative window bits: no zlib header and trailer, the gzip ones are ours.
    let code = xmsafe_deflate_init(&stream, Int32(level), -15)
    guard code == Z_OK else { throw Failure(code: code) }
  }

  deinit {
    deflateEnd(&stream)
  }

  func deflate(_ input: [UInt8]) throws(Failure) -> [UInt8] {
    deflateReset(&stream)
    let capacity = Int(deflateBound(&stream, UInt(input.count)))
    var code = Z_OK
    var input = input
    let output = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      input.withUnsafeMutableBufferPointer { source in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(buffer.count)
        code = CZlib.deflate(&stream, Z_FINISH)
        count = buffer.count - Int(stream.avail_out)
      }
    }
    guard code == Z_STREAM_END else { throw Failure(code: code) }
    return output
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
  UInt32(CZlib.crc32(0, bytes, UInt32(bytes.count)))
}
