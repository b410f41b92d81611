internal import Schema

/// SQL and rows: `execute`, `bulk_insert`.
extension OpDirectives {
  static let execution: [Function] = [
    Function("op.execute", ["sqltext"], required: 1, keywords: ["execution_options"]) {
      arguments,
      context in
      try arguments.refuse("execution_options")
      try StatementRunner(context.actions).run(arguments, "sqltext")
      return .none
    },
    Function(
      "op.bulk_insert",
      ["table", "rows"],
      required: 2,
      keywords: ["multiinsert"]
    ) { arguments, context in
      guard case .object(let object)? = arguments.values["table"],
        let table = object as? TableObject
      else { throw arguments.wrongKind("table", arguments.values["table"] ?? .none) }
      guard case .list(let list)? = arguments.values["rows"] else {
        throw ScriptError(.raised("TypeError"), "List expected", at: arguments.location)
      }
      try BulkInsert(table, list.elements, arguments).run(on: context.actions)
      return .none
    },
    Function("op.inline_literal", ["value", "type_"], required: 1) { arguments, _ in
      let value = arguments.values["value"] ?? .none
      let type = try arguments.optionalType("type_")
      return .core(
        .literal(try BindValue(value, type: type, arguments.location), type ?? .null)
      )
    },
  ]
}
