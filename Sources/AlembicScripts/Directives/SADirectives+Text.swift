internal import Schema

/// SQL as text.
extension SADirectives {
  static let text: [Function] = [
    Function("sa.text", ["text"], required: 1) { arguments, _ in
      .schema(.text(try arguments.string("text")))
    },
    Function("sa.literal_column", ["text", "type_"], required: 1) { arguments, _ in
      let type = try arguments.optionalType("type_") ?? .null
      return .core(.sql(try arguments.string("text"), type))
    },
    Function("sa.literal", ["value", "type_"], required: 1) { arguments, _ in
      let value = arguments.values["value"] ?? .none
      let type = try arguments.optionalType("type_")
      return .core(
        .literal(
          try BindValue(value, type: type, arguments.location),
          type ?? BindValue.type(of: value)
        )
      )
    },
    Function(
      "sa.bindparam",
      ["key", "value", "type_"],
      required: 1,
      keywords: ["expanding"],
      ignored: ["required"]
    ) { arguments, _ in
      .object(try BindParameter(arguments))
    },
    Function("sa.true") { _, _ in .core(.sql("1", CoreTypes.boolean)) },
    Function("sa.false") { _, _ in .core(.sql("0", CoreTypes.boolean)) },
    Function("sa.null") { _, _ in .core(.sql("NULL", .null)) },
  ]
}

/// `sa.bindparam("x", ...)`.
final class BindParameter: PythonObject {
  let key: String
  let value: PythonValue?
  let type: ColumnType?
  let isExpanding: Bool

  init(_ arguments: BoundArguments) throws {
    key = try arguments.string("key")
    value = arguments.values["value"]
    type = try arguments.optionalType("type_")
    isExpanding = try arguments.boolean("expanding")
  }

  var typeName: String { "BindParameter" }
  func attribute(_ name: String) -> PythonValue? { nil }

  /// The parameter where an expression stands.
  func expression(_ arguments: BoundArguments) throws -> CoreExpression {
    var text = CoreText(sql: ":\(key)")
    if let value { text.values[key] = try BindValue(value, type: type, arguments.location) }
    return .text(text)
  }
}

extension BoundArguments {
  /// A text with the values that `bindparams(a=1)` and `bindparams(bindparam("a", 1))` give.
  func bound(to text: CoreText) throws -> CoreText {
    var text = text
    let names = Set(
      SQLText.pieces(of: text.sql).compactMap { piece in
        if case .parameter(let name) = piece { name } else { nil }
      }
    )
    func require(_ name: String) throws {
      guard names.contains(name) else {
        throw ScriptError(
          .raised("ArgumentError"),
          "This text() construct doesn't define a bound parameter named '\(name)'",
          at: location
        )
      }
    }
    for value in rest {
      guard case .object(let parameter as BindParameter) = value else {
        throw wrongKind("bindparams", value)
      }
      try require(parameter.key)
      if parameter.isExpanding {
        text.lists[parameter.key] = try (parameter.value?.elements ?? []).map {
          try BindValue($0, type: parameter.type, location)
        }
      } else if let given = parameter.value {
        text.values[parameter.key] = try BindValue(given, type: parameter.type, location)
      }
    }
    for (name, value) in others {
      try require(name)
      text.values[name] = try BindValue(value, type: nil, location)
    }
    return text
  }
}
