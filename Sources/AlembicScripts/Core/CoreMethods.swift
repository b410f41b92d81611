internal import Revisions
internal import Schema

/// The attributes and methods of an SQL expression.
enum CoreMethods {
  /// Their names, for the check before a run.
  static let names = Set(methods.keys).union([
    "name", "key", "type", "nullable", "primary_key", "server_default", "text", "c",
  ])

  static func attribute(_ name: String, of expression: CoreExpression) -> PythonValue? {
    switch (name, expression) {
    case ("name", _), ("key", _): return .string(expression.resultName)
    case ("type", _): return .schema(.type(expression.type))
    case ("nullable", .column(let column)):
      return column.declared.map { .boolean($0.nullable ?? !$0.isPrimaryKey) }
    case ("primary_key", .column(let column)):
      return column.declared.map { .boolean($0.isPrimaryKey) }
    case ("_copy", .column(let column)), ("copy", .column(let column)):
      guard let declared = column.declared else { return nil }
      return .native(NativeFunction(name: name) { _ in .schema(.column(declared)) })
    default: return methods[name]?.value(on: expression)
    }
  }

  private static let methods = Directive<CoreExpression>.table([
    Directive("column.is_", ["other"], required: 1) { arguments, expression in
      try identity(expression, "IS", arguments)
    },
    Directive("column.is_not", ["other"], required: 1) { arguments, expression in
      try identity(expression, "IS NOT", arguments)
    },
    Directive("column.isnot", ["other"], required: 1) { arguments, expression in
      try identity(expression, "IS NOT", arguments)
    },
    Directive("column.in_", ["other"], required: 1) { arguments, expression in
      try membership(expression, "IN", arguments)
    },
    Directive("column.not_in", ["other"], required: 1) { arguments, expression in
      try membership(expression, "NOT IN", arguments)
    },
    Directive("column.notin_", ["other"], required: 1) { arguments, expression in
      try membership(expression, "NOT IN", arguments)
    },
    Directive("column.like", ["other"], required: 1) { arguments, expression in
      try comparison(expression, "LIKE", arguments)
    },
    Directive("column.notlike", ["other"], required: 1) { arguments, expression in
      try comparison(expression, "NOT LIKE", arguments)
    },
    Directive("column.not_like", ["other"], required: 1) { arguments, expression in
      try comparison(expression, "NOT LIKE", arguments)
    },
    Directive("column.startswith", ["other"], required: 1) { arguments, expression in
      try pattern(expression, "", "%", arguments)
    },
    Directive("column.endswith", ["other"], required: 1) { arguments, expression in
      try pattern(expression, "%", "", arguments)
    },
    Directive("column.contains", ["other"], required: 1) { arguments, expression in
      try pattern(expression, "%", "%", arguments)
    },
    Directive("column.as_string") { arguments, expression in
      guard case .jsonItem(let column, let path, false) = expression else {
        throw ScriptError.notRead(
          "as_string() of anything but a part of a JSON column is not read",
          at: arguments.location
        )
      }
      return .core(.jsonItem(column, path: path, isString: true))
    },
    Directive("column.asc") { _, expression in .core(.suffix(expression, "ASC")) },
    Directive("column.desc") { _, expression in .core(.suffix(expression, "DESC")) },
    Directive("column.label", ["name"], required: 1) { arguments, expression in
      .core(.label(expression, try arguments.string("name")))
    },
    Directive("column.cast", ["type_"], required: 1) { arguments, expression in
      .core(.cast(expression, try arguments.optionalType("type_") ?? .null))
    },
    Directive("column.where", variadic: true) { arguments, expression in
      guard case .exists(var select) = expression else {
        throw arguments.wrongKind("where", .core(expression))
      }
      select.filters += try arguments.conditions()
      return .core(.exists(select))
    },
    Directive("column.distinct") { _, expression in
      .core(.prefix("DISTINCT", expression, binding: 0))
    },
    Directive("column.bindparams", variadic: true, takesAnyKeyword: true) {
      arguments,
      expression in
      guard case .text(let text) = expression else {
        throw arguments.wrongKind("bindparams", .core(expression))
      }
      return .core(.text(try arguments.bound(to: text)))
    },
  ])

  private static func identity(
    _ expression: CoreExpression,
    _ sign: String,
    _ arguments: BoundArguments
  ) throws -> PythonValue {
    let right: CoreExpression
    switch arguments.values["other"] {
    case .some(.none):
      let subject = try expression.tested(against: .none, isEquality: true, arguments.location)
      return .core(
        .operation(subject, CoreExpression.comparing(sign), .sql("NULL", .null))
      )
    case .boolean(let value)?: right = .sql(value ? "1" : "0", CoreTypes.boolean)
    case let value?:
      guard let other = value.coreExpression else { throw arguments.wrongKind("other", value) }
      right = other
    case nil: throw arguments.wrongKind("other", .none)
    }
    return .core(.operation(expression, CoreExpression.comparing(sign), right))
  }

  private static func membership(
    _ expression: CoreExpression,
    _ sign: String,
    _ arguments: BoundArguments
  ) throws -> PythonValue {
    let value = arguments.values["other"] ?? .none
    let sign = CoreExpression.comparing(sign)
    switch value {
    case .object(let select as SelectObject):
      return .core(.operation(expression, sign, .scalar(select.statement)))
    case .core(.scalar): return .core(.operation(expression, sign, value.coreExpression ?? .star))
    default: break
    }
    let elements: [PythonValue]
    if case .set(let set) = value {
      elements = set.elements
    } else {
      guard let given = value.elements, value.typeName != "str" else {
        throw arguments.wrongKind("other", value)
      }
      elements = given
    }
    guard !elements.isEmpty else {
      // Nothing is in an empty list, and everything, NULL aside, is not in it.
      let empty = CoreExpression.sql("(SELECT 1 FROM (SELECT 1) WHERE 1!=1)", .null)
      return .core(.operation(expression, sign, empty))
    }
    let list = try elements.map {
      try CoreExpression.operand($0, beside: expression.type, at: arguments.location)
    }
    return .core(.operation(expression, sign, .list(list)))
  }

  private static func comparison(
    _ expression: CoreExpression,
    _ sign: String,
    _ arguments: BoundArguments
  ) throws -> PythonValue {
    let other = try CoreExpression.operand(
      arguments.values["other"] ?? .none,
      beside: CoreTypes.string,
      at: arguments.location
    )
    return .core(.operation(expression, CoreExpression.comparing(sign), other))
  }

  private static func pattern(
    _ expression: CoreExpression,
    _ before: String,
    _ after: String,
    _ arguments: BoundArguments
  ) throws -> PythonValue {
    // SQLAlchemy does not escape % and _ in it either.
    let text = before + (try arguments.string("other")) + after
    let literal = CoreExpression.literal(BindValue(.text(text)), CoreTypes.string)
    return .core(.operation(expression, CoreExpression.comparing("LIKE"), literal))
  }
}
