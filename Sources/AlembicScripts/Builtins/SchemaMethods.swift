internal import Schema

/// The attributes of SQLAlchemy's vocabulary of schemas.
enum SchemaMethods {
  static func attribute(_ name: String, of value: SchemaValue) -> PythonValue? {
    switch (value, name) {
    case (.column(let column), "name"), (.column(let column), "key"): return .string(column.name)
    case (.column(let column), "type"): return .schema(.type(column.type))
    case (.column(let column), "nullable"):
      return .boolean(column.nullable ?? !column.isPrimaryKey)
    case (.column(let column), "primary_key"): return .boolean(column.isPrimaryKey)
    case (.column(let column), "copy"), (.column(let column), "_copy"):
      return .native(NativeFunction(name: name) { _ in .schema(.column(column)) })
    case (.column(let column), _):
      let expression = CoreExpression.column(
        CoreColumn(name: column.name, type: column.type, declared: column)
      )
      return CoreMethods.attribute(name, of: expression)
    case (.text(let sql), "bindparams"):
      return CoreMethods.attribute(name, of: .text(CoreText(sql: sql)))
    case (.text(let sql), "text"): return .string(sql)
    case (.type(let type), _): return TypeMethods.all[name]?.value(on: type) ?? fact(name, type)
    case (.typeName, _), (.dialectType, _):
      guard name == "with_variant" else { return nil }
      return variant(of: value)
    case (.finalName(let text), _):
      return ValueMethods.strings[name]?.bound(name, to: text)
    default: return nil
    }
  }

  /// `Integer.with_variant` without brackets is called on the class, which SQLAlchemy does not take.
  private static func variant(of value: SchemaValue) -> PythonValue? { nil }

  private static func fact(_ name: String, _ type: ColumnType) -> PythonValue? {
    switch name {
    case "length": type.length.map { .integer(Int64($0)) } ?? PythonValue.none
    case "enums" where !type.values.isEmpty: .list(PythonList(type.values.map { .string($0) }))
    case "name" where type.constraintName != nil: .string(type.constraintName ?? "")
    default: nil
    }
  }
}

/// The methods of a column type.
enum TypeMethods {
  static let all = Directive<ColumnType>.table([
    Directive("type.with_variant", ["type_"], required: 1, variadic: true) { arguments, type in
      var arguments = arguments
      // SQLAlchemy calls what can be called for a type: also a function of the project that gives one.
      if case .function? = arguments.values["type_"], let evaluator = arguments.evaluator {
        let call = CallArguments(
          positional: [],
          keywords: [],
          location: arguments.location,
          evaluator: evaluator
        )
        arguments.values["type_"] = try evaluator.call(arguments.values["type_"] ?? .none, call)
      }
      let variant = try arguments.optionalType("type_") ?? .null
      let dialects = try arguments.rest.map { value in
        guard case .string(let name) = value else { throw arguments.wrongKind("*dialects", value) }
        return name
      }
      return .schema(.type(type.withVariant(variant, for: dialects)))
    },
    // Only databases with types of their own have something to create here.
    Directive("type.create", ["bind"], keywords: ["checkfirst"]) { arguments, type in
      try only(enumeration: type, arguments)
    },
    Directive("type.drop", ["bind"], keywords: ["checkfirst"]) { arguments, type in
      try only(enumeration: type, arguments)
    },
  ])

  private static func only(
    enumeration type: ColumnType,
    _ arguments: BoundArguments
  ) throws -> PythonValue {
    guard type.name == "Enum" || type.name == "ENUM" else {
      throw ScriptError(
        .raised("AttributeError"),
        "'\(type.name)' object has no attribute '\(arguments.name.split(separator: ".").last ?? "")'",
        at: arguments.location
      )
    }
    return .none
  }
}
