/// A value in a template.
enum MakoValue: Hashable {
  /// Python's `None`.
  case none
  /// A string.
  case text(String)
  /// A tuple or a list of strings.
  case list([String], isTuple: Bool)
  /// A date.
  case date(LocalDate)
  /// A name that has no value: false, and an error where it is written.
  case missing

  /// Whether it is true for Python.
  var isTrue: Bool {
    switch self {
    case .none, .missing: false
    case .text(let text): !text.isEmpty
    case .list(let names, _): !names.isEmpty
    case .date: true
    }
  }

  /// Python's `str`; nil where there is no value.
  var text: String? {
    switch self {
    case .text(let text): text
    case .date(let date): date.text
    case .none, .list: representation
    case .missing: nil
    }
  }

  /// Python's `repr`; nil where there is no value.
  var representation: String? {
    switch self {
    case .none: return "None"
    case .text(let text): return PythonText.representation(text)
    case .list(let names, let isTuple):
      let inner = names.map(PythonText.representation).joined(separator: ", ")
      guard isTuple else { return "[\(inner)]" }
      return names.count == 1 ? "(\(inner),)" : "(\(inner))"
    case .date, .missing: return nil
    }
  }

  /// alembic's `comma`: names with commas between them, nothing for `None`.
  var joined: String {
    switch self {
    case .none, .missing: ""
    case .list(let names, _): names.joined(separator: ", ")
    case .text, .date: text ?? ""
    }
  }
}

/// An expression in a template: a name, a string, `repr()`, `str()`, a part of a date, or `a if b else c` of these.
struct MakoExpression {
  private let text: String
  private let values: [String: MakoValue]

  init(_ text: String, _ values: [String: MakoValue]) {
    self.text = PythonText.stripped(text)
    self.values = values
  }

  /// The value; nil if the expression is not read.
  func value() -> MakoValue? {
    let words = text.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    if let condition = words.firstIndex(of: "if"), let other = words.lastIndex(of: "else"),
      condition > 0, condition < other, other < words.count - 1
    {
      let isTrue = term(words[(condition + 1)..<other].joined(separator: " "))?.isTrue
      let first = term(words[..<condition].joined(separator: " "))
      let second = term(words[(other + 1)...].joined(separator: " "))
      guard let isTrue, let first, let second else { return nil }
      return isTrue ? first : second
    }
    return term(text)
  }

  private func term(_ text: String) -> MakoValue? {
    if text == "None" { return MakoValue.none }
    for quote in ["\"", "'"] where text.count >= 2 && text.hasPrefix(quote) && text.hasSuffix(quote)
    {
      let inner = text.dropFirst().dropLast()
      guard !inner.contains("\\"), !inner.contains(quote) else { return nil }
      return .text(String(inner))
    }
    for (function, apply) in [
      ("repr", \MakoValue.representation), ("str", \MakoValue.text),
    ] where text.hasPrefix(function + "(") && text.hasSuffix(")") {
      let inner = PythonText.stripped(String(text.dropFirst(function.count + 1).dropLast()))
      return term(inner)?[keyPath: apply].map(MakoValue.text) ?? nil
    }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.allSatisfy(Self.isName), let value = parts.first.map({ values[$0] ?? .missing })
    else { return nil }
    guard parts.count == 2 else { return parts.count == 1 ? value : nil }
    guard case .date(let date) = value, let number = date.part(parts[1]) else { return nil }
    return .text(String(number))
  }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.first, first.isLetter || first == "_" else { return false }
    return text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
  }
}
