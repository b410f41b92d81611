internal import Schema

/// Expressions and statements.
extension SADirectives {
  static let expressions: [Function] = [
    Function("sa.and_", variadic: true) { arguments, _ in
      try joined(arguments, CoreExpression.and)
    },
    Function("sa.or_", variadic: true) { arguments, _ in
      try joined(arguments, CoreExpression.or)
    },
    Function("sa.not_", ["clause"], required: 1) { arguments, _ in
      .core(try arguments.expression("clause").negated)
    },
    Function("sa.desc", ["column"], required: 1) { arguments, _ in
      .core(.suffix(try arguments.expression("column"), "DESC"))
    },
    Function("sa.asc", ["column"], required: 1) { arguments, _ in
      .core(.suffix(try arguments.expression("column"), "ASC"))
    },
    Function("sa.distinct", ["expr"], required: 1) { arguments, _ in
      .core(.prefix("DISTINCT", try arguments.expression("expr"), binding: 0))
    },
    Function("sa.cast", ["expression", "type_"], required: 2) { arguments, _ in
      let type = try arguments.optionalType("type_") ?? .null
      return .core(.cast(try arguments.expression("expression"), type))
    },
    Function("sa.case", variadic: true, keywords: ["else_", "value"]) { arguments, _ in
      try conditional(arguments)
    },
    Function("sa.exists", ["select"]) { arguments, _ in
      guard arguments.values["select"] != nil else {
        return .core(.exists(SelectStatement(columns: [.star])))
      }
      guard case .object(let select as SelectObject)? = arguments.values["select"] else {
        throw arguments.wrongKind("select", arguments.values["select"] ?? .none)
      }
      return .core(.exists(select.statement))
    },
  ]

  static let statements: [Function] = [
    Function("sa.select", variadic: true) { arguments, _ in
      var columns: [CoreExpression] = []
      var from: [CoreFrom] = []
      for value in arguments.rest {
        switch value {
        case .object(let table as TableObject):
          columns += table.columns
          from.append(.source(table.source))
        case .object(let subquery as SubqueryObject):
          columns += subquery.expressions
          from.append(.source(subquery.source))
        case .list:
          throw ScriptError(
            .raised("ArgumentError"),
            "Column expression, FROM clause, or other columns clause element expected, got a list. Did you mean to say select(...)?",
            at: arguments.location
          )
        case .object(let columns as ColumnsObject):
          throw arguments.wrongKind("columns", .object(columns))
        default:
          columns.append(try arguments.operand(value))
        }
      }
      return .object(SelectObject(SelectStatement(columns: columns, from: from)))
    },
    Function("sa.insert", ["table"], required: 1) { arguments, _ in
      .object(InsertObject(try arguments.table()))
    },
    Function("sa.update", ["table"], required: 1) { arguments, _ in
      .object(UpdateObject(try arguments.table()))
    },
    Function("sa.delete", ["table"], required: 1) { arguments, _ in
      .object(DeleteObject(try arguments.table()))
    },
  ]

  private static func joined(
    _ arguments: BoundArguments,
    _ sign: CoreExpression.Operator
  ) throws -> PythonValue {
    let clauses = try arguments.conditions()
    guard let first = clauses.first else {
      throw ScriptError.notRead("\(arguments.name) of nothing is not read", at: arguments.location)
    }
    return .core(clauses.dropFirst().reduce(first) { .operation($0, sign, $1) })
  }

  private static func conditional(_ arguments: BoundArguments) throws -> PythonValue {
    let subject = try arguments.values["value"].map { try arguments.operand($0) }
    var pairs = arguments.rest
    if subject != nil, case .dictionary(let dictionary)? = pairs.first {
      pairs = dictionary.items.map { .tuple([$0.key, $0.value]) }
    }
    let branches = try pairs.map { pair in
      guard case .tuple(let parts) = pair, parts.count == 2 else {
        throw ScriptError(
          .raised("ArgumentError"),
          "The \"whens\" argument to case(), when referring to a sequence of items, is now passed as a series of positional elements, rather than as a list.",
          at: arguments.location
        )
      }
      return (try arguments.operand(parts[0]), try arguments.operand(parts[1]))
    }
    let otherwise = try arguments.values["else_"].map { try arguments.operand($0) }
    return .core(.conditional(subject: subject, branches, otherwise: otherwise))
  }
}

extension BoundArguments {
  /// A parameter that must be SQL, or a value that stands for itself.
  func expression(_ parameter: String) throws -> CoreExpression {
    try operand(values[parameter] ?? .none)
  }

  func operand(_ value: PythonValue) throws -> CoreExpression {
    if case .object(let parameter as BindParameter) = value {
      return try parameter.expression(self)
    }
    switch value {
    case .object(let object)
    where !(object is SelectObject) && !(object is DateValue) && !(object is UUIDValue):
      throw wrongKind("*columns", value)
    case .string where value.coreExpression == nil && name == "sa.select":
      throw wrongKind("*columns", value)
    default: return try CoreExpression.operand(value, beside: .null, at: location)
    }
  }

  /// The parameter `table`.
  fileprivate func table() throws -> TableObject {
    guard case .object(let table as TableObject)? = values["table"] else {
      throw wrongKind("table", values["table"] ?? .none)
    }
    return table
  }
}
