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

  /// The longest punctuator at an index of a source.
  ///
  /// Every mark of every script comes through here, hence no table to search.
  init?(in source: SourceText, at index: Int) {
    let next = source[index + 1]
    switch source[index] {
    case "(": self = .leftParenthesis
    case ")": self = .rightParenthesis
    case "[": self = .leftBracket
    case "]": self = .rightBracket
    case "{": self = .leftBrace
    case "}": self = .rightBrace
    case ",": self = .comma
    case ";": self = .semicolon
    case "~": self = .tilde
    case ".": self = next == "." && source[index + 2] == "." ? .ellipsis : .dot
    case ":": self = next == "=" ? .walrus : .colon
    case "!": self = next == "=" ? .notEqual : .exclamation
    case "=": self = next == "=" ? .doubleEqual : .equal
    case "+": self = next == "=" ? .plusEqual : .plus
    case "-": self = next == "=" ? .minusEqual : next == ">" ? .arrow : .minus
    case "%": self = next == "=" ? .percentEqual : .percent
    case "@": self = next == "=" ? .atEqual : .at
    case "&": self = next == "=" ? .ampersandEqual : .ampersand
    case "|": self = next == "=" ? .barEqual : .bar
    case "^": self = next == "=" ? .caretEqual : .caret
    case "*" where next == "*":
      self = source[index + 2] == "=" ? .doubleStarEqual : .doubleStar
    case "*": self = next == "=" ? .starEqual : .star
    case "/" where next == "/":
      self = source[index + 2] == "=" ? .doubleSlashEqual : .doubleSlash
    case "/": self = next == "=" ? .slashEqual : .slash
    case "<" where next == "<":
      self = source[index + 2] == "=" ? .leftShiftEqual : .leftShift
    case "<": self = next == "=" ? .lessOrEqual : .less
    case ">" where next == ">":
      self = source[index + 2] == "=" ? .rightShiftEqual : .rightShift
    case ">": self = next == "=" ? .greaterOrEqual : .greater
    default: return nil
    }
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
