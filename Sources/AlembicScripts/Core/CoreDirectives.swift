internal import Schema

/// The methods of tables and of statements.
enum CoreDirectives {
  static let tables = Directive<TableObject>.table([
    Directive("table.insert") { _, table in .object(InsertObject(table)) },
    Directive("table.update") { _, table in .object(UpdateObject(table)) },
    Directive("table.delete") { _, table in .object(DeleteObject(table)) },
    Directive("table.select") { _, table in
      .object(
        SelectObject(SelectStatement(columns: table.columns, from: [.source(table.source)]))
      )
    },
    Directive("table.alias", ["name"]) { arguments, table in
      guard let name = try arguments.optionalString("name") else {
        throw ScriptError.notRead("an alias without a name is not read", at: arguments.location)
      }
      return .object(TableObject(table.table, alias: name))
    },
    Directive("table.join", ["right", "onclause"], required: 2, keywords: ["isouter"]) {
      arguments,
      table in
      try arguments.join(.source(table.source), isOuter: try arguments.boolean("isouter"))
    },
    Directive("table.outerjoin", ["right", "onclause"], required: 2) { arguments, table in
      try arguments.join(.source(table.source), isOuter: true)
    },
  ])

  static let joins = Directive<JoinObject>.table([
    Directive("join.join", ["right", "onclause"], required: 2, keywords: ["isouter"]) {
      arguments,
      join in
      try arguments.join(join.from, isOuter: try arguments.boolean("isouter"))
    },
    Directive("join.outerjoin", ["right", "onclause"], required: 2) { arguments, join in
      try arguments.join(join.from, isOuter: true)
    },
  ])

  static let inserts = Directive<InsertObject>.table([
    Directive("insert.values", ["values"], keywords: [], takesAnyKeyword: true) {
      arguments,
      insert in
      let copy = insert.copy()
      if case .list(let list)? = arguments.values["values"] {
        copy.rows = try list.elements.map { try arguments.row($0, of: insert.table) }
      } else {
        copy.rows = [(copy.rows.first ?? []) + (try arguments.assignments(to: insert.table))]
      }
      return .object(copy)
    },
    Directive(
      "insert.from_select",
      ["names", "select"],
      required: 2,
      keywords: ["include_defaults"]
    ) {
      arguments,
      insert in
      guard case .object(let object as SelectObject)? = arguments.values["select"] else {
        throw arguments.wrongKind("select", arguments.values["select"] ?? .none)
      }
      let copy = insert.copy()
      let names = try arguments.expressions(arguments.values["names"]?.elements ?? [], "names")
      copy.select = (names, object.statement)
      return .object(copy)
    },
    Directive("insert.prefix_with", ["prefix"], required: 1, keywords: ["dialect"]) {
      arguments,
      insert in
      let copy = insert.copy()
      let dialect = try arguments.optionalString("dialect")
      if dialect == nil || dialect == "sqlite" { copy.prefix = try arguments.string("prefix") }
      return .object(copy)
    },
    Directive("insert.inline") { _, insert in .object(insert.copy()) },
  ])

  static let updates = Directive<UpdateObject>.table([
    Directive("update.values", ["values"], takesAnyKeyword: true) { arguments, update in
      let copy = update.copy()
      copy.values += try arguments.assignments(to: update.table)
      return .object(copy)
    },
    Directive("update.where", variadic: true) { arguments, update in
      let copy = update.copy()
      copy.filters += try arguments.conditions()
      return .object(copy)
    },
  ])

  static let deletes = Directive<DeleteObject>.table([
    Directive("delete.where", variadic: true) { arguments, delete in
      let copy = delete.copy()
      copy.filters += try arguments.conditions()
      return .object(copy)
    }
  ])
}

extension BoundArguments {
  /// Positional conditions.
  func conditions() throws -> [CoreExpression] {
    try rest.map { value in
      switch value {
      case .boolean(let isTrue): return .sql(isTrue ? "1" : "0", CoreTypes.boolean)
      default:
        guard let expression = value.coreExpression else { throw wrongKind("whereclause", value) }
        return expression
      }
    }
  }

  /// The columns and values of `values(...)`.
  func assignments(to table: TableObject) throws -> [(column: String, value: CoreExpression)] {
    var items: [(key: PythonValue, value: PythonValue)] = []
    switch values["values"] {
    case nil: break
    case .dictionary(let dictionary)?: items = dictionary.items
    case let value?: throw wrongKind("values", value)
    }
    items += others.map { (.string($0.name), $0.value) }
    return try Values.pairs(of: items, for: table, location)
  }

  /// A row given as a dictionary.
  func row(
    _ value: PythonValue,
    of table: TableObject
  ) throws -> [(column: String, value: CoreExpression)] {
    guard case .dictionary(let dictionary) = value else { throw wrongKind("values", value) }
    return try Values.pairs(of: dictionary.items, for: table, location)
  }

  /// Names given as strings or columns.
  func expressions(_ elements: [PythonValue], _ parameter: String) throws -> [String] {
    try elements.map { element in
      switch element {
      case .string(let name): return name
      case .core(.column(let column)): return column.name
      case .schema(.column(let column)): return column.name
      default: throw wrongKind(parameter, element)
      }
    }
  }

  /// The join of something with the argument `right`.
  func join(_ left: CoreFrom, isOuter: Bool) throws -> PythonValue {
    guard let right = values["right"]?.from,
      let condition = values["onclause"]?.coreExpression
    else { throw wrongKind("right", values["right"] ?? .none) }
    return .object(JoinObject(.join(left, right, on: condition, isOuter: isOuter)))
  }
}

extension PythonValue {
  /// The value as something to select from.
  var from: CoreFrom? {
    switch self {
    case .object(let table as TableObject): .source(table.source)
    case .object(let subquery as SubqueryObject): .source(subquery.source)
    case .object(let join as JoinObject): join.from
    default: nil
    }
  }
}
