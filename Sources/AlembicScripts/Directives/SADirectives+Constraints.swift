internal import Schema

/// Constraints and indexes beside the columns of a table.
extension SADirectives {
  static let constraints: [Function] = [
    Function(
      "sa.ForeignKeyConstraint",
      ["columns", "refcolumns", "name"],
      required: 2,
      keywords: ["onupdate", "ondelete", "deferrable", "initially", "match"],
      ignored: ["use_alter", "comment", "info", "link_to_name"]
    ) { arguments, _ in
      let columns = try arguments.strings("columns")
      let targets = try zip(columns, try arguments.strings("refcolumns")).map { column, text in
        try ForeignKey.target(text, for: column)
      }
      guard let first = targets.first else { throw arguments.wrongKind("refcolumns", .none) }
      var target = ForeignKey(table: first.table, columns: targets.flatMap(\.columns))
      try complete(&target, arguments)
      return try constraint(.foreignKey(columns: columns, target), arguments)
    },
    Function(
      "sa.PrimaryKeyConstraint",
      variadic: true,
      keywords: ["name", "sqlite_on_conflict"],
      ignored: ["comment", "info"]
    ) { arguments, _ in try constraint(.primaryKey(try names(arguments)), arguments) },
    Function(
      "sa.UniqueConstraint",
      variadic: true,
      keywords: ["name", "deferrable", "initially", "sqlite_on_conflict"],
      ignored: ["comment", "info"]
    ) { arguments, _ in try constraint(.unique(try names(arguments)), arguments) },
    Function(
      "sa.CheckConstraint",
      ["sqltext", "name"],
      required: 1,
      keywords: ["deferrable", "initially", "sqlite_on_conflict"],
      ignored: ["comment", "info"]
    ) { arguments, _ in try constraint(.check(try arguments.sql("sqltext")), arguments) },
    Function(
      "sa.Index",
      ["name"],
      required: 1,
      variadic: true,
      keywords: ["unique", "sqlite_where"],
      ignored: ["info"]
    ) { arguments, _ in
      let hasPredicate = arguments.values["sqlite_where"].map { !$0.isNone } ?? false
      return .schema(
        .index(
          Index(
            try arguments.optionalString("name"),
            on: "",
            try arguments.indexElements(arguments.rest, "*expressions"),
            isUnique: try arguments.boolean("unique"),
            predicate: hasPredicate ? try arguments.sql("sqlite_where") : nil
          )
        )
      )
    },
  ]

  private static func constraint(
    _ kind: Constraint.Kind,
    _ arguments: BoundArguments
  ) throws -> PythonValue {
    let (name, isFinal) = try arguments.constraintName("name")
    var constraint = Constraint(
      kind,
      name: name,
      deferrable: try arguments.optionalBoolean("deferrable"),
      initially: try arguments.optionalString("initially")
    )
    constraint.isNameFinal = isFinal
    constraint.onConflict = try arguments.optionalString("sqlite_on_conflict")
    return .schema(.constraint(constraint))
  }

  private static func names(_ arguments: BoundArguments) throws -> [String] {
    try arguments.rest.map { value in
      switch value {
      case .string(let name), .schema(.finalName(let name)): return name
      case .schema(.column(let column)): return column.name
      default: throw arguments.wrongKind("*columns", value)
      }
    }
  }
}
