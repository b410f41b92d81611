extension ColumnType {
  /// The type that a script writes as `name(*arguments, **keywords)`, or as the bare class `name`.
  ///
  /// Argument order and names are SQLAlchemy's; an argument that SQLAlchemy ignores on SQLite is
  /// accepted and leaves no trace.
  ///
  /// - Throws: `.type` for a name, an argument or a value that is not understood.
  package static func make(
    _ name: String,
    _ arguments: [TypeArgument] = [],
    keywords: [String: TypeArgument] = [:]
  ) throws(SchemaError) -> ColumnType {
    guard let rule = TypeRule.all[name] else {
      throw SchemaError(.type, "the type \(name) is unknown")
    }
    var type = ColumnType(name: name, rule: rule)
    if rule.shape == .enumeration {
      try type.setValues(arguments)
    } else {
      guard arguments.count <= rule.parameters.count else {
        throw SchemaError(
          .type,
          "the type \(name) takes at most \(rule.parameters.count) arguments,"
            + " not \(arguments.count)"
        )
      }
      for (parameter, argument) in zip(rule.parameters, arguments) {
        try type.set(parameter, to: argument)
      }
    }
    let positional = rule.shape == .enumeration ? [] : rule.parameters.prefix(arguments.count)
    // Sorted, so that of several mistakes always the same one is reported.
    for (keyword, argument) in keywords.sorted(by: { $0.key < $1.key }) {
      guard let parameter = rule.parameters.first(where: { $0.name == keyword }) else {
        throw SchemaError(.type, "the type \(name) has no argument \(keyword)")
      }
      guard !positional.contains(parameter) else {
        throw SchemaError(.type, "the type \(name) gets its argument \(keyword) twice")
      }
      try type.set(parameter, to: argument)
    }
    if name == "ARRAY", arguments.isEmpty, keywords["item_type"] == nil {
      throw SchemaError(.type, "the type ARRAY needs the type of its items")
    }
    if rule.shape == .enumeration { try type.setEnumLength() }
    return type
  }

  private mutating func setValues(_ arguments: [TypeArgument]) throws(SchemaError) {
    for argument in arguments {
      guard case .string(let value) = argument else {
        throw SchemaError(.type, "the values of an Enum must be strings here")
      }
      values.append(value)
    }
  }

  /// An Enum is as long as its longest value, unless it says that it is longer.
  private mutating func setEnumLength() throws(SchemaError) {
    let longest = values.map(\.unicodeScalars.count).max() ?? 0
    if let length, length < longest {
      throw SchemaError(
        .value,
        "the length \(length) of the Enum is less than that of its longest value, \(longest)"
      )
    }
    length = length ?? longest
  }

  private mutating func set(
    _ parameter: TypeRule.Parameter,
    to argument: TypeArgument
  ) throws(SchemaError) {
    switch (parameter, argument) {
    case (.length, .integer(let value)): length = value
    case (.precision, .integer(let value)): precision = value
    case (.scale, .integer(let value)): scale = value
    case (.collation, .string(let value)): collation = value.isEmpty ? nil : value
    case (.constraintName, .string(let value)): constraintName = value
    case (.createConstraint, .boolean(let value)): createsConstraint = value
    case (.flag("as_uuid"), .boolean(let value)): hasTextUUIDs = !value
    case (.flag("none_as_null"), .boolean(let value)): storesNoneAsNull = value
    case (.flag, .boolean), (.flag, .integer), (.number, .integer), (.element, .type): break
    case (.element, .none):
      throw SchemaError(.type, "the type \(name) needs a value for its argument \(parameter.name)")
    case (_, .none): break
    default:
      throw SchemaError(
        .type,
        "the type \(name) gets a value of the wrong kind for its argument \(parameter.name)"
      )
    }
  }
}

extension ColumnType {
  /// The names of all types that `make` knows.
  package static let names: Set<String> = Set(TypeRule.all.keys)
}
