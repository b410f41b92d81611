internal import Revisions
internal import Schema

/// Executes what a script gives to `execute`: a string, `text()`, or a statement of Core.
struct StatementRunner {
  private let actions: any MigrationActions

  init(_ actions: any MigrationActions) {
    self.actions = actions
  }

  /// Executes the statement of `op.execute`, where a string stands for `text()`.
  func run(_ arguments: BoundArguments, _ parameter: String) throws {
    let value = arguments.values[parameter] ?? .none
    switch value {
    case .string(let sql), .schema(.text(let sql)):
      try ActionFailure.located(at: arguments.location) { try actions.perform(.execute(sql)) }
    default: _ = try result(of: value, .none, arguments.location)
    }
  }

  /// Executes a statement of `connection.execute`, with its parameters, and gives the result.
  func result(
    of value: PythonValue,
    _ parameters: PythonValue,
    _ location: Revision.Location
  ) throws -> ResultObject {
    let sets = try parameterSets(parameters, location)
    switch value {
    case .schema(.text(let sql)): return try run(CoreText(sql: sql), sets, location)
    case .core(.text(let text)): return try run(text, sets, location)
    case .object(let select as SelectObject):
      return try run(select.statement, sets, location)
    case .object(let insert as InsertObject): return try run(insert, sets, location)
    case .object(let update as UpdateObject): return try run(update, sets, location)
    case .object(let delete as DeleteObject):
      return try run(try located(location) { try delete.render(location) }, location)
    case .string(let sql):
      throw ScriptError(
        .raised("ObjectNotExecutableError"),
        "Not an executable object: \(PythonText.representation(sql))",
        at: location
      )
    default:
      throw ScriptError.notRead(
        "executing a value of type \(value.typeName) is not read",
        at: location
      )
    }
  }

  /// No parameters, one set of them, or several.
  private func parameterSets(
    _ value: PythonValue,
    _ location: Revision.Location
  ) throws -> [PythonDictionary] {
    switch value {
    case .none: return []
    case .dictionary(let dictionary): return [dictionary]
    case .list(let list):
      return try list.elements.map { element in
        guard case .dictionary(let dictionary) = element else {
          throw ScriptError.notRead(
            "parameters that are no dictionaries are not read",
            at: location
          )
        }
        return dictionary
      }
    default: throw ScriptError.notRead("parameters of this kind are not read", at: location)
    }
  }

  private func bound(
    _ set: PythonDictionary,
    _ location: Revision.Location
  ) throws -> [String: SQLValue] {
    var values: [String: SQLValue] = [:]
    for item in set.items {
      guard case .string(let name) = item.key else {
        throw ScriptError.notRead("a parameter whose name is no string is not read", at: location)
      }
      values[name] = try BindValue(item.value, type: nil, location).value
    }
    return values
  }

  private func run(
    _ text: CoreText,
    _ sets: [PythonDictionary],
    _ location: Revision.Location
  ) throws -> ResultObject {
    var last = ResultObject(StatementResult(), types: [])
    var count = 0
    for set in sets.isEmpty ? [PythonDictionary([])] : sets {
      var text = text
      var renderer = CoreRenderer()
      // A list for an expanding parameter belongs to the parameter; everything else is a value.
      for (name, _) in text.lists {
        guard let given = set[name] else { continue }
        guard let elements = given.elements else {
          throw ScriptError.notRead("the parameter '\(name)' is no list", at: location)
        }
        text.lists[name] = try elements.map { try BindValue($0, type: nil, location) }
      }
      let plain = PythonDictionary(
        set.items.filter { item in !text.lists.keys.contains(item.key.text ?? "") }
      )
      renderer.parameters = try bound(plain, location)
      try located(location) { try renderer.add(.text(text)) }
      last = try run(renderer, location)
      count += max(0, last.rowCount)
    }
    return sets.count > 1 ? last.counting(count) : last
  }

  private func run(
    _ select: SelectStatement,
    _ sets: [PythonDictionary],
    _ location: Revision.Location
  ) throws -> ResultObject {
    var renderer = CoreRenderer()
    if let set = sets.first { renderer.parameters = try bound(set, location) }
    try located(location) { try renderer.add(select) }
    let result = try execute(renderer, location)
    let isStar = select.columns.contains { if case .star = $0 { true } else { false } }
    return ResultObject(
      result,
      types: isStar ? [] : select.columns.map(\.type),
      names: isStar ? nil : select.columns.map(\.resultName)
    )
  }

  private func run(
    _ insert: InsertObject,
    _ sets: [PythonDictionary],
    _ location: Revision.Location
  ) throws -> ResultObject {
    if let renderer = try located(location, { try insert.renderSelect(location) }) {
      return try run(renderer, location)
    }
    var rows = insert.rows.isEmpty ? [[]] : insert.rows
    if !sets.isEmpty {
      let fixed = rows[0]
      try Self.requireSameKeys(sets, location)
      rows = try sets.map { fixed + (try Values.pairs(of: $0.items, for: insert.table, location)) }
    }
    // All rows are rendered before the first one is inserted.
    let renderers = try located(location) { try rows.map { try insert.render($0, location) } }
    var last = ResultObject(StatementResult(), types: [])
    var count = 0
    for renderer in renderers {
      last = try run(renderer, location)
      count += max(0, last.rowCount)
    }
    return renderers.count > 1 ? last.counting(count) : last
  }

  /// SQLAlchemy takes the columns of the first row for all.
  static func requireSameKeys(
    _ sets: [PythonDictionary],
    _ location: Revision.Location
  ) throws {
    let first = Set(sets.first?.items.compactMap(\.key.text) ?? [])
    for set in sets.dropFirst() {
      let keys = Set(set.items.compactMap(\.key.text))
      if let missing = first.subtracting(keys).sorted().first {
        throw ScriptError(
          .raised("StatementError"),
          "(sqlalchemy.exc.InvalidRequestError) A value is required for bind parameter '\(missing)'",
          at: location
        )
      }
      guard keys == first else {
        throw ScriptError.notRead("rows with different columns are not read", at: location)
      }
    }
  }

  private func run(
    _ update: UpdateObject,
    _ sets: [PythonDictionary],
    _ location: Revision.Location
  ) throws -> ResultObject {
    guard !sets.isEmpty else {
      return try run(try located(location) { try update.render([], location) }, location)
    }
    var last = ResultObject(StatementResult(), types: [])
    var count = 0
    for set in sets {
      // Names of columns are set, unless `values` sets them already; the others are parameters.
      let isColumn: (PythonValue) -> Bool = { key in
        guard let name = key.text else { return false }
        return update.table.column(name) != nil && !update.values.contains { $0.column == name }
      }
      let given = try Values.pairs(
        of: update.values.isEmpty ? set.items.filter { isColumn($0.key) } : [],
        for: update.table,
        location
      )
      let rest = PythonDictionary(set.items.filter { !(update.values.isEmpty && isColumn($0.key)) })
      let parameters = try bound(rest, location)
      let renderer = try located(location) {
        try update.render(given, location, parameters: parameters)
      }
      last = try run(renderer, location)
      count += max(0, last.rowCount)
    }
    return sets.count > 1 ? last.counting(count) : last
  }

  private func run(
    _ renderer: CoreRenderer,
    _ location: Revision.Location
  ) throws -> ResultObject {
    ResultObject(try execute(renderer, location), types: [])
  }

  private func execute(
    _ renderer: CoreRenderer,
    _ location: Revision.Location
  ) throws -> StatementResult {
    var result = StatementResult()
    try ActionFailure.located(at: location) {
      result = try actions.execute(renderer.sql, renderer.values)
    }
    return result
  }

  private func located<Result>(
    _ location: Revision.Location,
    _ body: () throws -> Result
  ) throws -> Result {
    do { return try body() } catch var error as ScriptError {
      error.location = error.location ?? location
      throw error
    } catch let error as SchemaError {
      throw Evaluator.scriptError(error, at: location)
    }
  }
}

/// `op.bulk_insert`.
struct BulkInsert {
  private let insert: InsertObject
  private let rows: [PythonDictionary]
  private let location: Revision.Location

  init(_ table: TableObject, _ rows: [PythonValue], _ arguments: BoundArguments) throws {
    insert = InsertObject(table)
    location = arguments.location
    self.rows = try rows.map { row in
      guard case .dictionary(let dictionary) = row else {
        throw ScriptError(
          .raised("TypeError"),
          "List of dictionaries expected",
          at: arguments.location
        )
      }
      return dictionary
    }
    if arguments.values["multiinsert"].map(\.isTrue) ?? true {
      try StatementRunner.requireSameKeys(self.rows, location)
    }
  }

  /// Inserts the rows, one after the other.
  func run(on actions: any MigrationActions) throws {
    for row in rows {
      let copy = insert.copy()
      copy.rows = [try Values.pairs(of: row.items, for: insert.table, location)]
      _ = try StatementRunner(actions).result(of: .object(copy), .none, location)
    }
  }
}
