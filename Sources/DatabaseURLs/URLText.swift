/// Percent-encoding in database URLs, both ways.
enum URLText {
  /// Decodes `%XX` as Python's `unquote` does: what is no hexadecimal number stays as it is.
  ///
  /// - Parameters:
  ///   - text: The encoded bytes.
  ///   - plusIsSpace: Whether `+` stands for a space, as in a query.
  /// - Returns: The decoded text.
  /// - Throws: `AddressError` for what is not UTF-8, or holds a zero byte, which no server takes.
  static func decoded(
    _ text: ArraySlice<UInt8>,
    plusIsSpace: Bool = false
  ) throws(AddressError) -> String {
    var bytes: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let value = hexadecimal(rest.prefix(2)) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else if plusIsSpace, byte == UInt8(ascii: "+") {
        bytes.append(UInt8(ascii: " "))
      } else {
        bytes.append(byte)
      }
    }
    guard let decoded = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw AddressError(
        "what is percent-encoded in the database URL is not UTF-8 text",
        hint: "encode every byte of the UTF-8 form, as Python's urllib.parse.quote does"
      )
    }
    return decoded
  }

  /// Encodes all but letters, digits and `-._~`, and what is named beside them.
  static func encoded(_ text: String, also kept: Set<UInt8> = []) -> String {
    var encoded = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      case _ where kept.contains(byte):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += digits.count == 1 ? "%0" + digits : "%" + digits
      }
    }
    return encoded
  }

  private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt8? {
    // The initialiser alone would take a sign as well.
    guard digits.count == 2, digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-")
    else { return nil }
    return UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
