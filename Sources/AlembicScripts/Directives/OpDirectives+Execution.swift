internal import Schema

/// SQL and rows: `execute`, `bulk_insert`.
extension OpDirectives {
  static let execution: [Function] = [
    Function("op.execute", ["sqltext"], required: 1, keywords: ["execution_options"]) {
      arguments,
      context in
      try arguments.checkExecutionOptions()
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
      try arguments.inlineLiteral()
    },
  ]
}

extension BoundArguments {
  /// The value of `inline_literal`.
  func inlineLiteral() throws -> PythonValue {
    let type = try optionalType("type_")
    return .core(
      .literal(try BindValue(values["value"] ?? .none, type: type, location), type ?? .null)
    )
  }

  /// Options of SQLAlchemy that change nothing of what one statement does on SQLite.
  private static let idleOptions: Set<String> = [
    "autocommit", "compiled_cache", "logging_token", "max_row_buffer", "no_parameters",
    "populate_existing", "stream_results", "synchronize_session", "yield_per",
  ]

  /// Refuses `execution_options` that may change what a statement does.
  func checkExecutionOptions() throws(ScriptError) {
    guard let value = values["execution_options"], value.isTrue else { return }
    guard case .dictionary(let options) = value else { throw wrongKind("execution_options", value) }
    for item in options.items {
      guard case .string(let name) = item.key, Self.idleOptions.contains(name) else {
        throw .notRead(
          "the execution option \(item.key.text ?? "of this kind") is not read",
          at: location
        )
      }
    }
  }
}
