internal import CZlib

/// Reads raw deflate data (RFC 1951) with zlib, never more than it is told to expect.
final class Inflater {
  private var stream = z_stream()

  init() throws(Deflater.Failure) {
    let code = xmsafe_inflate_init(&stream, -15)
    guard code == Z_OK else { throw Deflater.Failure(code: code) }
  }

  deinit {
    inflateEnd(&stream)
  }

  /// - Returns: The data, or nil unless the input is one complete stream, ends where it should, and holds exactly so
  ///   many bytes.
  func inflate(_ input: ArraySlice<UInt8>, count: Int) -> [UInt8]? {
    guard inflateReset(&stream) == Z_OK else { return nil }
    var isWhole = false
    // One byte more than expected, so that zlib sees the end of a stream that is exactly as long as it should be.
    var output = [UInt8](unsafeUninitializedCapacity: count + 1) { buffer, filled in
      input.withUnsafeBufferPointer { source in
        // zlib does not write to its input; its interface merely lacks the const.
        stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        stream.avail_in = UInt32(source.count)
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(buffer.count)
        let code = CZlib.inflate(&stream, Z_FINISH)
        filled = buffer.count - Int(stream.avail_out)
        isWhole = code == Z_STREAM_END && stream.avail_in == 0 && filled == count
      }
    }
    guard isWhole else { return nil }
    output.removeLast(output.count - count)
    return output
  }
}
