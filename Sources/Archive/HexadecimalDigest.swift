internal import Crypto

/// SHA-256 over bytes that come in pieces, read out in hexadecimal.
package struct HexadecimalDigest {
  private var hash = SHA256()

  /// Makes a digest of nothing yet.
  package init() {}

  /// Takes more bytes.
  ///
  /// - Parameter bytes: The next bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    hash.update(bufferPointer: bytes)
  }

  /// Takes more bytes.
  ///
  /// - Parameter bytes: The next bytes.
  package mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// The digest of what came so far: 64 lower-case digits.
  package var text: String { Self.text(of: bytes) }

  /// The digest of what came so far: 32 bytes.
  var bytes: [UInt8] { Array(hash.finalize()) }

  /// The digest of some bytes: 64 lower-case digits.
  ///
  /// - Parameter bytes: The bytes.
  /// - Returns: The digits.
  package static func text(hashing bytes: [UInt8]) -> String {
    text(of: Array(SHA256.hash(data: bytes)))
  }

  static func bytes(hashing bytes: [UInt8]) -> [UInt8] {
    Array(SHA256.hash(data: bytes))
  }

  static func text(of digest: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
      as: UTF8.self
    )
  }
}
