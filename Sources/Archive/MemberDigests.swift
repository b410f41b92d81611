/// The SHA-256 of each data member of an archive, in order: 32 bytes each, however many there are.
///
/// An archive of half a terabyte has half a million of them, and as texts they would take ten times the room.
package struct MemberDigests: Hashable, Sendable {
  private static let length = 32
  private var bytes: [UInt8] = []

  /// Makes a list of none.
  package init() {}

  /// Makes a list of 32 bytes each.
  init(_ digests: [[UInt8]]) {
    bytes = Array(digests.joined())
  }

  /// How many there are.
  package var count: Int { bytes.count / Self.length }

  /// One of them.
  subscript(index: Int) -> ArraySlice<UInt8> {
    bytes[(index * Self.length)..<((index + 1) * Self.length)]
  }

  /// Makes room, so that the list does not move while it grows.
  mutating func reserve(_ count: Int) {
    bytes.reserveCapacity(count * Self.length)
  }

  /// Adds one; false if it is not 64 lower-case hexadecimal digits.
  mutating func append(hexadecimal digits: [UInt8]) -> Bool {
    guard digits.count == 2 * Self.length else { return false }
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = Self.value(digits[index]), let low = Self.value(digits[index + 1]) else {
        return false
      }
      bytes.append(high << 4 | low)
    }
    return true
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x61...0x66: digit - 0x61 + 10
    default: nil
    }
  }
}

extension MemberDigests: Encodable {
  /// Writes them as an array of strings in hexadecimal.
  package func encode(to encoder: any Encoder) throws {
    var list = encoder.unkeyedContainer()
    for index in 0..<count { try list.encode(HexadecimalDigest.text(of: Array(self[index]))) }
  }
}
