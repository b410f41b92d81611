internal import Schema

/// The methods of a SELECT.
extension CoreDirectives {
  static let selects = Directive<SelectObject>.table([
    Directive("select.where", variadic: true) { arguments, select in
      try select.changed { $0.filters += try arguments.conditions() }
    },
    Directive("select.filter", variadic: true) { arguments, select in
      try select.changed { $0.filters += try arguments.conditions() }
    },
    Directive("select.order_by", variadic: true) { arguments, select in
      try select.changed { $0.order += try arguments.terms() }
    },
    Directive("select.group_by", variadic: true) { arguments, select in
      try select.changed { $0.groups += try arguments.terms() }
    },
    Directive("select.having", variadic: true) { arguments, select in
      try select.changed { $0.having += try arguments.conditions() }
    },
    Directive("select.limit", ["limit"], required: 1) { arguments, select in
      try select.changed { $0.limit = try arguments.number("limit") }
    },
    Directive("select.offset", ["offset"], required: 1) { arguments, select in
      try select.changed { $0.offset = try arguments.number("offset") }
    },
    Directive("select.distinct") { _, select in select.changed { $0.isDistinct = true } },
    Directive("select.select_from", variadic: true) { arguments, select in
      try select.changed { statement in
        for value in arguments.rest {
          guard let from = value.from else { throw arguments.wrongKind("froms", value) }
          statement.from.append(from)
        }
      }
    },
    Directive("select.join", ["right", "onclause"], required: 2, keywords: ["isouter"]) {
      arguments,
      select in
      try joined(select, arguments, isOuter: try arguments.boolean("isouter"))
    },
    Directive("select.outerjoin", ["right", "onclause"], required: 2) { arguments, select in
      try joined(select, arguments, isOuter: true)
    },
    Directive("select.scalar_subquery") { _, select in .core(.scalar(select.statement)) },
    Directive("select.exists") { _, select in .core(.exists(select.statement)) },
    Directive("select.label", ["name"], required: 1) { arguments, select in
      .core(.label(.scalar(select.statement), try arguments.string("name")))
    },
    Directive("select.subquery", ["name"]) { arguments, select in
      .object(
        SubqueryObject(select.statement, name: try arguments.optionalString("name") ?? "anon_1")
      )
    },
    Directive("select.alias", ["name"]) { arguments, select in
      .object(
        SubqueryObject(select.statement, name: try arguments.optionalString("name") ?? "anon_1")
      )
    },
    Directive("select.execution_options", keywords: BindDirectives.streaming) { _, select in
      .object(select)
    },
    Directive("select.correlate", variadic: true) { _, select in .object(select) },
  ])

  private static func joined(
    _ select: SelectObject,
    _ arguments: BoundArguments,
    isOuter: Bool
  ) throws -> PythonValue {
    try select.changed { statement in
      guard let right = arguments.values["right"]?.from,
        let condition = arguments.values["onclause"]?.coreExpression
      else { throw arguments.wrongKind("right", arguments.values["right"] ?? .none) }
      let left = statement.sources.filter { from in
        !from.sources.contains { source in right.sources.contains { $0 === source } }
      }
      guard left.count == 1 else {
        throw ScriptError.notRead(
          "a join whose left side is not plain is not read",
          at: arguments.location
        )
      }
      statement.from = [.join(left[0], right, on: condition, isOuter: isOuter)]
    }
  }
}

extension BoundArguments {
  /// What `order_by` and `group_by` take.
  fileprivate func terms() throws -> [CoreExpression] {
    try rest.map { value in
      if case .string(let name) = value { return .column(CoreColumn(name: name, type: .null)) }
      guard let expression = value.coreExpression else { throw wrongKind("clauses", value) }
      return expression
    }
  }

  fileprivate func number(_ parameter: String) throws -> CoreExpression? {
    switch values[parameter] {
    case nil, .some(.none): return nil
    case .integer(let number)?: return .literal(BindValue(.integer(number)), CoreTypes.integer)
    case let value?:
      guard let expression = value.coreExpression else { throw wrongKind(parameter, value) }
      return expression
    }
  }
}
