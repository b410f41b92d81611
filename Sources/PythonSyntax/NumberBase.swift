/// The base in which an integer is written.
enum NumberBase: Int {
  case binary = 2
  case octal = 8
  case decimal = 10
  case hexadecimal = 16

  /// The base of the letter after a zero.
  init?(prefix: Unicode.Scalar) {
    switch prefix {
    case "b", "B": self = .binary
    case "o", "O": self = .octal
    case "x", "X": self = .hexadecimal
    default: return nil
    }
  }

  /// The adjective that errors use.
  var name: String {
    switch self {
    case .binary: "binary"
    case .octal: "octal"
    case .decimal: "decimal"
    case .hexadecimal: "hexadecimal"
    }
  }

  /// Whether a character is a digit of the base.
  func contains(_ scalar: Unicode.Scalar) -> Bool {
    guard let value = scalar.hexadecimalValue else { return false }
    return value < rawValue
  }
}

extension Unicode.Scalar {
  /// The value of the character as a hexadecimal digit.
  var hexadecimalValue: Int? {
    switch self {
    case "0"..."9": Int(value) - 0x30
    case "a"..."f": Int(value) - 0x61 + 10
    case "A"..."F": Int(value) - 0x41 + 10
    default: nil
    }
  }
}
