internal import Revisions
internal import Schema

/// Parts of JSON columns: `column["key"].as_string() == "text"`.
///
/// SQLAlchemy 2.0 compares what `JSON_EXTRACT` gives, 2.1 compares that cast to VARCHAR. The two differ for numbers and true and
/// false, so only those comparisons are read that come out the same for whatever is in the column.
extension CoreExpression {
  /// The part of a JSON column at a key or a place; nil for what is not read.
  func jsonItem(at index: PythonValue) -> CoreExpression? {
    guard case .column(let column) = self, column.type.name == "JSON",
      column.type.affinity == .json, !column.type.changesValues
    else { return nil }
    switch index {
    case .string(let key) where Self.isPlain(key):
      return .jsonItem(self, path: "$.\"\(key)\"", isString: false)
    case .integer(let place) where place >= 0:
      return .jsonItem(self, path: "$[\(place)]", isString: false)
    default: return nil
    }
  }

  /// Whether all versions of SQLite find a key that stands in a path as it is: they differ in what they make of escapes.
  private static func isPlain(_ key: String) -> Bool {
    !key.isEmpty && key.utf8.allSatisfy { (0x20..<0x7f).contains($0) && $0 != 0x22 && $0 != 0x5c }
  }

  /// The left side of a comparison: a part of a JSON column as SQL, everything else as it is.
  ///
  /// - Parameters:
  ///   - value: The right side.
  ///   - isEquality: Whether they are compared for being equal, or for not being it.
  ///   - location: The place of the comparison.
  /// - Returns: What is compared.
  /// - Throws: `ScriptError` where it would depend on SQLAlchemy's version what comes of it.
  func tested(
    against value: PythonValue,
    isEquality: Bool,
    _ location: Revision.Location
  ) throws(ScriptError) -> CoreExpression {
    guard case .jsonItem(let column, let path, let isString) = self else { return self }
    guard isString, isEquality else { throw Self.unreadItem(location) }
    switch value {
    case .none: break
    case .string(let text) where !Self.isLikeNumber(text): break
    default: throw Self.unreadItem(location)
    }
    let extracted = [column, .literal(BindValue(.text(path)), CoreTypes.string)]
    return .function("JSON_EXTRACT", extracted, CoreTypes.string)
  }

  /// Whether a text may be what SQLite writes for a number.
  private static func isLikeNumber(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return false }
    return (0x30...0x39).contains(first) || [0x2b, 0x2d, 0x2e].contains(first)
      || text.lowercased().hasPrefix("inf")
  }

  /// The refusal of a part of a JSON column in any other place.
  static func unreadItem(_ location: Revision.Location?) -> ScriptError {
    .notRead(
      "a part of a JSON column is read only as as_string() that is equal, or not, to a text that is no number, or to None",
      at: location
    )
  }
}
