internal import Schema

/// What `connection.execute(...)` gives: rows, read once from front to back.
final class ResultObject: PythonObject {
  private let rows: [RowObject]
  private var position = 0
  private let columns: [String]
  let rowCount: Int
  private let lastRowID: Int64

  init(_ result: StatementResult, types: [ColumnType], names: [String]? = nil) {
    let columns = names ?? result.columns
    self.columns = columns
    rowCount = result.rowCount
    lastRowID = result.lastRowID
    rows = result.rows.map { row in
      RowObject(
        columns,
        row.enumerated().map { index, value in
          BindValue.python(value, type: types.indices.contains(index) ? types[index] : .null)
        }
      )
    }
  }

  private init(copying other: ResultObject, rowCount: Int) {
    rows = other.rows
    columns = other.columns
    lastRowID = other.lastRowID
    self.rowCount = rowCount
  }

  /// The same result with another count of rows.
  func counting(_ count: Int) -> ResultObject { ResultObject(copying: self, rowCount: count) }

  var typeName: String { "CursorResult" }

  /// The rows that are left.
  func drain() -> [RowObject] {
    defer { position = rows.count }
    return Array(rows[position...])
  }

  /// The next row.
  func next() -> RowObject? {
    guard position < rows.count else { return nil }
    defer { position += 1 }
    return rows[position]
  }

  var elements: [PythonValue]? { drain().map { .object($0) } }

  func attribute(_ name: String) -> PythonValue? {
    switch name {
    case "rowcount": .integer(Int64(rowCount))
    case "lastrowid": .integer(lastRowID)
    case "inserted_primary_key": .object(RowObject(["id"], [.integer(lastRowID)]))
    case "returns_rows": .boolean(!columns.isEmpty)
    default: ResultDirectives.results[name]?.value(on: self)
    }
  }

  /// The names of the columns.
  var keys: [PythonValue] { columns.map { .string($0) } }

  /// The only row; none and several are errors where asked.
  func only(_ arguments: BoundArguments, allowsNone: Bool) throws -> RowObject? {
    let left = drain()
    guard left.count <= 1 else {
      throw ScriptError(
        .raised("MultipleResultsFound"),
        "Multiple rows were found when \(allowsNone ? "one or none was required" : "exactly one was required")",
        at: arguments.location
      )
    }
    guard !left.isEmpty || allowsNone else {
      throw ScriptError(
        .raised("NoResultFound"),
        "No row was found when one was required",
        at: arguments.location
      )
    }
    return left.first
  }
}

/// One row: a tuple with names.
final class RowObject: PythonObject {
  let columns: [String]
  let values: [PythonValue]

  init(_ columns: [String], _ values: [PythonValue]) {
    self.columns = columns
    self.values = values
  }

  var typeName: String { "Row" }
  var elements: [PythonValue]? { values }
  var isTrue: Bool { !values.isEmpty }
  var text: String? { representation }
  var representation: String? { PythonValue.tuple(values).representation }

  func attribute(_ name: String) -> PythonValue? {
    // These are methods of a tuple, whatever the columns are called.
    guard !["count", "index", "t", "tuple"].contains(name) else { return nil }
    // A name that two columns share is an error in SQLAlchemy.
    let places = columns.indices.filter { columns[$0] == name }
    if places.count == 1 { return values[places[0]] }
    switch name {
    case "_mapping": return .object(RowMapping(self))
    case "_asdict":
      let dictionary = PythonDictionary(zip(columns, values).map { (.string($0), $1) })
      return .native(NativeFunction(name: name) { _ in .dictionary(dictionary) })
    case "_fields": return .tuple(columns.map { .string($0) })
    default: return nil
    }
  }

  func equals(_ other: PythonValue) -> Bool? {
    if case .object(let row as RowObject) = other {
      return PythonValue.tuple(values).equals(.tuple(row.values))
    }
    return PythonValue.tuple(values).equals(other)
  }
}

/// `row._mapping`, and the rows of `result.mappings()`: a dictionary that cannot be changed.
final class RowMapping: PythonObject {
  private let row: RowObject

  init(_ row: RowObject) {
    self.row = row
  }

  var typeName: String { "RowMapping" }
  var elements: [PythonValue]? { row.columns.map { .string($0) } }

  /// Names and values.
  var pairs: [(PythonValue, PythonValue)] {
    zip(row.columns, row.values).map { (.string($0), $1) }
  }

  func element(at index: PythonValue) -> PythonValue? {
    let name: String
    switch index {
    case .string(let text): name = text
    case .core(.column(let column)): name = column.name
    default: return nil
    }
    guard row.columns.contains(name) else {
      return .unread(
        ScriptError(
          .raised("NoSuchColumnError"),
          "Could not locate column in row for column '\(name)'"
        )
      )
    }
    return row.columns.filter { $0 == name }.count == 1 ? row.attribute(name) : nil
  }

  func attribute(_ name: String) -> PythonValue? {
    ValueMethods.dictionaries[name].flatMap { method in
      ["get", "items", "keys", "values"].contains(name)
        ? method.bound(name, to: PythonDictionary(pairs.map { (key: $0.0, value: $0.1) })) : nil
    }
  }
}

/// The methods of results.
enum ResultDirectives {
  static let results = Directive<ResultObject>.table([
    Directive("result.fetchall") { _, result in rows(result.drain()) },
    Directive("result.all") { _, result in rows(result.drain()) },
    Directive("result.fetchmany", ["size"]) { arguments, result in
      guard case .integer(let size)? = arguments.values["size"], size > 0 else {
        throw ScriptError.notRead(
          "fetchmany() without a number is not read",
          at: arguments.location
        )
      }
      var taken: [RowObject] = []
      while taken.count < size, let row = result.next() { taken.append(row) }
      return rows(taken)
    },
    Directive("result.fetchone") { _, result in result.next().map { .object($0) } ?? .none },
    Directive("result.first") { _, result in
      let first = result.next()
      _ = result.drain()
      return first.map { .object($0) } ?? .none
    },
    Directive("result.one") { arguments, result in
      try result.only(arguments, allowsNone: false).map { .object($0) } ?? .none
    },
    Directive("result.one_or_none") { arguments, result in
      try result.only(arguments, allowsNone: true).map { .object($0) } ?? .none
    },
    Directive("result.scalar") { _, result in
      let first = result.next()
      _ = result.drain()
      return first?.values.first ?? .none
    },
    Directive("result.scalar_one") { arguments, result in
      try result.only(arguments, allowsNone: false)?.values.first ?? .none
    },
    Directive("result.scalar_one_or_none") { arguments, result in
      try result.only(arguments, allowsNone: true)?.values.first ?? .none
    },
    Directive("result.scalars") { _, result in
      .object(RowsObject(result.drain().map { $0.values.first ?? .none }))
    },
    Directive("result.mappings") { _, result in
      .object(RowsObject(result.drain().map { .object(RowMapping($0)) }))
    },
    Directive("result.keys") { _, result in .list(PythonList(result.keys)) },
    Directive("result.close") { _, result in
      _ = result.drain()
      return .none
    },
  ])

  private static func rows(_ rows: [RowObject]) -> PythonValue {
    .list(PythonList(rows.map { .object($0) }))
  }
}

/// What `scalars()` and `mappings()` give.
final class RowsObject: PythonObject {
  private var rest: ArraySlice<PythonValue>

  init(_ values: [PythonValue]) {
    rest = values[...]
  }

  var typeName: String { "ScalarResult" }

  private func drain() -> [PythonValue] {
    defer { rest = [] }
    return Array(rest)
  }

  var elements: [PythonValue]? { drain() }

  func attribute(_ name: String) -> PythonValue? {
    switch name {
    case "all", "fetchall":
      .native(NativeFunction(name: name) { [self] _ in .list(PythonList(drain())) })
    case "first":
      .native(NativeFunction(name: name) { [self] _ in drain().first ?? PythonValue.none })
    case "one", "one_or_none":
      .native(
        NativeFunction(name: name) { [self] arguments in
          let left = drain()
          guard left.count <= 1 else {
            throw arguments.raised(
              "MultipleResultsFound",
              "Multiple rows were found when one was required"
            )
          }
          guard let value = left.first else {
            if name == "one_or_none" { return .none }
            throw arguments.raised("NoResultFound", "No row was found when one was required")
          }
          return value
        }
      )
    default: nil
    }
  }
}
