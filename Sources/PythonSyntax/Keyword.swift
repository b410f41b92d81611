/// The words that cannot be names.
enum Keyword: String, Sendable, CaseIterable {
  case and
  case `as`
  case assert
  case async
  case await
  case `break`
  case `class`
  case `continue`
  case def
  case del
  case elif
  case `else`
  case except
  case `false` = "False"
  case finally
  case `for`
  case from
  case global
  case `if`
  case `import`
  case `in`
  case `is`
  case lambda
  case none = "None"
  case nonlocal
  case not
  case or
  case pass
  case raise
  case `return`
  case `true` = "True"
  case `try`
  case `while`
  case with
  case yield

  /// The keywords by their text.
  static let byText = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

  /// The words that may directly follow the digits of a number.
  static let afterNumber: Set<String> = ["and", "else", "for", "if", "in", "is", "not", "or"]
}
