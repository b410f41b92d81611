internal import Schema

/// Creating and dropping indexes.
extension OpDirectives {
  static let indexes: [Function] = [
    Function(
      "op.create_index",
      ["index_name", "table_name", "columns"],
      required: 3,
      keywords: ["schema", "unique", "if_not_exists", "sqlite_where"]
    ) { arguments, context in
      var index = try arguments.index(on: try arguments.string("table_name"))
      if index.name == nil {
        let convention = try context.convention()
        index.name = try ScriptError.located(at: arguments.location) {
          try convention.name(ofIndexOn: index.columnNames, in: index.table)
        }
      }
      let ifNotExists = try arguments.boolean("if_not_exists")
      try context.perform(.createIndex(index, ifNotExists: ifNotExists), at: arguments)
      return .none
    },
    Function(
      "op.drop_index",
      ["index_name", "table_name"],
      required: 1,
      keywords: ["schema", "if_exists"]
    ) { arguments, context in
      let name = try arguments.string("index_name")
      let ifExists = try arguments.boolean("if_exists")
      try context.perform(.dropIndex(name, ifExists: ifExists), at: arguments)
      return .none
    },
  ]
}
