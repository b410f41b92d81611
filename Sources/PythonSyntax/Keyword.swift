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

  /// The keywords by their characters, one byte each.
  private static let byCode = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0.rawValue.utf8.reduce(0) { $0 << 8 | UInt64($1) }, $0) }
  )

  /// The keyword that stands in a range of a source, if one does.
  init?(in source: SourceText, _ range: Range<Int>) {
    guard range.count <= 8 else { return nil }
    var code: UInt64 = 0
    for index in range {
      let scalar = source[index]
      guard scalar.isASCII else { return nil }
      code = code << 8 | UInt64(scalar.value)
    }
    guard let found = Self.byCode[code] else { return nil }
    self = found
  }

  /// The words that may directly follow the digits of a number.
  static let afterNumber: Set<String> = ["and", "else", "for", "if", "in", "is", "not", "or"]
}
