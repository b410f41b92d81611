internal import Schema

/// Reading columns, indexes and SQL out of arguments.
extension BoundArguments {
  func column(_ parameter: String) throws(ScriptError) -> Column {
    guard case .schema(.column(let column))? = values[parameter] else {
      throw wrongKind(parameter, values[parameter] ?? .none)
    }
    return column
  }

  /// SQL given as a string or as `sa.text("...")`.
  func sql(_ parameter: String) throws(ScriptError) -> String {
    if case .schema(.text(let text))? = values[parameter] { return text }
    return try string(parameter)
  }

  /// The index that `index_name`, `columns`, `unique` and `sqlite_where` describe.
  func index(on table: String) throws(ScriptError) -> Index {
    guard let elements = values["columns"]?.elements, values["columns"]?.typeName != "str" else {
      throw wrongKind("columns", values["columns"] ?? .none)
    }
    var parts: [Index.Element] = []
    for element in elements {
      switch element {
      case .string(let name): parts.append(.column(name))
      case .schema(.text(let text)): parts.append(.expression(text))
      default: throw wrongKind("columns", element)
      }
    }
    let hasPredicate =
      values["sqlite_where"].map { if case .none = $0 { false } else { true } } ?? false
    return Index(
      try optionalString("index_name"),
      on: table,
      parts,
      isUnique: try boolean("unique"),
      predicate: hasPredicate ? try sql("sqlite_where") : nil
    )
  }
}
