/// The operators, brackets and other marks of the language.
enum Punctuator: String, Sendable, CaseIterable {
  case leftParenthesis = "("
  case rightParenthesis = ")"
  case leftBracket = "["
  case rightBracket = "]"
  case leftBrace = "{"
  case rightBrace = "}"
  case comma = ","
  case colon = ":"
  case semicolon = ";"
  case dot = "."
  case ellipsis = "..."
  case arrow = "->"
  case walrus = ":="
  case exclamation = "!"

  case plus = "+"
  case minus = "-"
  case star = "*"
  case doubleStar = "**"
  case slash = "/"
  case doubleSlash = "//"
  case percent = "%"
  case at = "@"
  case ampersand = "&"
  case bar = "|"
  case caret = "^"
  case tilde = "~"
  case leftShift = "<<"
  case rightShift = ">>"

  case less = "<"
  case greater = ">"
  case lessOrEqual = "<="
  case greaterOrEqual = ">="
  case doubleEqual = "=="
  case notEqual = "!="

  case equal = "="
  case plusEqual = "+="
  case minusEqual = "-="
  case starEqual = "*="
  case slashEqual = "/="
  case doubleSlashEqual = "//="
  case percentEqual = "%="
  case atEqual = "@="
  case ampersandEqual = "&="
  case barEqual = "|="
  case caretEqual = "^="
  case rightShiftEqual = ">>="
  case leftShiftEqual = "<<="
  case doubleStarEqual = "**="

  /// The punctuators by the code of their characters.
  private static let byCode = Dictionary(
    uniqueKeysWithValues: allCases.map { (code(of: Array($0.rawValue.unicodeScalars)), $0) }
  )

  /// The longest punctuator at an index of a source.
  init?(in source: SourceText, at index: Int) {
    let scalars = [source[index], source[index + 1], source[index + 2]]
    for count in [3, 2, 1] {
      guard let found = Self.byCode[Self.code(of: scalars.prefix(count))] else { continue }
      self = found
      return
    }
    return nil
  }

  /// A number that stands for up to three ASCII characters; other characters give no punctuator.
  private static func code(of scalars: some Sequence<Unicode.Scalar>) -> UInt32 {
    scalars.reduce(0) { $0 << 8 | ($1.isASCII ? $1.value : 0) }
  }

  /// The number of characters.
  var length: Int { rawValue.utf8.count }

  /// The bracket that closes this one, if this one opens.
  var closing: Punctuator? {
    switch self {
    case .leftParenthesis: .rightParenthesis
    case .leftBracket: .rightBracket
    case .leftBrace: .rightBrace
    default: nil
    }
  }

  /// Whether this is a closing bracket.
  var isClosing: Bool {
    self == .rightParenthesis || self == .rightBracket || self == .rightBrace
  }
}
