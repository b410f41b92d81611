/// A `uuid.UUID`.
final class UUIDValue: PythonTyped {
  /// The 32 digits.
  let hex: String

  /// Reads a text with or without hyphens; nil if it is no UUID.
  init?(_ text: String) {
    let digits = text.lowercased().filter { !"-{}".contains($0) }
    let bare = digits.hasPrefix("urn:uuid:") ? String(digits.dropFirst(9)) : digits
    guard bare.utf8.count == 32,
      bare.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else { return nil }
    hex = bare
  }

  /// A random one.
  static func random() -> UUIDValue? {
    var digits = (0..<32).map { _ in String(UInt8.random(in: 0...15), radix: 16) }
    digits[12] = "4"
    digits[16] = String(UInt8.random(in: 8...11), radix: 16)
    return UUIDValue(digits.joined())
  }

  var typeName: String { "UUID" }

  var text: String? {
    let digits = Array(hex)
    return [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20..<32]]
      .map { String($0) }.joined(separator: "-")
  }

  var representation: String? { text.map { "UUID('\($0)')" } }
  func attribute(_ name: String) -> PythonValue? { name == "hex" ? .string(hex) : nil }

  func equals(_ other: PythonValue) -> Bool? {
    if case .object(let object as UUIDValue) = other { return object.hex == hex }
    return false
  }

  func isInstance(of type: PythonValue) -> Bool? {
    if case .object(let object) = type { return object is UUIDClass }
    return false
  }
}
