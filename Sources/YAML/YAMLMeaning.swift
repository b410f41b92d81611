/// What a value is to Python's `yaml.safe_load`, which goes by YAML 1.1: `no` is a boolean, and `1:30` a number.
package enum YAMLMeaning: Hashable, Sendable {
  /// Text: in quotes, or of no other look.
  case text(String)
  /// A whole number in plain decimal digits.
  case number(Int)
  /// Nothing: empty, `~` or `null`.
  case null
  /// The key `<<`.
  case merge
  /// Something else, in words: "a date", "a boolean", "a list".
  case other(String)

  /// Whether two keys of this meaning are the same key.
  var isSingle: Bool {
    switch self {
    case .text, .number, .null: true
    case .merge, .other: false
    }
  }
}

extension YAMLNode {
  /// What the value is to Python.
  package var meaning: YAMLMeaning {
    switch kind {
    case .sequence: return .other("a list")
    case .mapping: return .other("a mapping")
    case .scalar(let text, let isPlain):
      switch tag {
      case nil, "!": return isPlain && tag == nil ? Self.meaning(ofPlain: text) : .text(text)
      case "tag:yaml.org,2002:str": return .text(text)
      case let tag?: return .other("tagged \(tag)")
      }
    }
  }

  /// The look of plain values, as PyYAML's resolver tells it.
  private static func meaning(ofPlain text: String) -> YAMLMeaning {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "yes", "Yes", "YES", "no", "No", "NO", "true", "True", "TRUE", "false", "False", "FALSE",
      "on", "On", "ON", "off", "Off", "OFF":
      return .other("a boolean")
    case "<<": return .merge
    case "=": return .other("a '='")
    default: break
    }
    // Nothing below begins with anything else: most words need no regular expression.
    guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first) else {
      return .text(text)
    }
    if text.wholeMatch(of: /0|[1-9][0-9]*/) != nil, let number = Int(text) {
      return .number(number)
    }
    let integer =
      /[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+/
    if text.wholeMatch(of: integer) != nil { return .other("a number of another form") }
    let fraction =
      /[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)/
    if text.wholeMatch(of: fraction) != nil { return .other("a number with a fraction") }
    let date =
      /[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?/
    if text.wholeMatch(of: date) != nil { return .other("a date") }
    return .text(text)
  }
}
