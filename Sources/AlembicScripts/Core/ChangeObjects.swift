internal import Revisions
internal import Schema

/// An INSERT as an object of a script.
final class InsertObject: PythonObject {
  let table: TableObject
  /// The rows: each with its columns and what goes into them.
  var rows: [[(column: String, value: CoreExpression)]] = []
  var select: (columns: [String], SelectStatement)?
  /// `OR IGNORE` and the like.
  var prefix = ""

  init(_ table: TableObject) {
    self.table = table
  }

  var typeName: String { "Insert" }
  func attribute(_ name: String) -> PythonValue? { CoreDirectives.inserts[name]?.value(on: self) }

  /// A copy, since every method gives a new statement.
  func copy() -> InsertObject {
    let copy = InsertObject(table)
    copy.rows = rows
    copy.select = select
    copy.prefix = prefix
    return copy
  }

  /// The statement for one row.
  func render(
    _ row: [(column: String, value: CoreExpression)],
    _ location: Revision.Location
  ) throws -> CoreRenderer {
    var renderer = CoreRenderer()
    renderer.write(
      "INSERT \(prefix.isEmpty ? "" : prefix + " ")INTO \(Identifier.quoted(table.table.name))"
    )
    try Values.requireDefaults(of: table, given: row.map(\.column), isInsert: true, location)
    guard !row.isEmpty else {
      renderer.write(" DEFAULT VALUES")
      return renderer
    }
    renderer.write(" (\(Identifier.list(row.map(\.column)))) VALUES (")
    try renderer.add(list: row.map(\.value))
    renderer.write(")")
    return renderer
  }

  /// The statement of `from_select`.
  func renderSelect(_ location: Revision.Location) throws -> CoreRenderer? {
    guard let select else { return nil }
    var renderer = CoreRenderer()
    renderer.write(
      "INSERT \(prefix.isEmpty ? "" : prefix + " ")INTO \(Identifier.quoted(table.table.name))"
    )
    try Values.requireDefaults(of: table, given: select.columns, isInsert: true, location)
    renderer.write(" (\(Identifier.list(select.columns))) ")
    try renderer.add(select.1)
    return renderer
  }
}

/// An UPDATE as an object of a script.
final class UpdateObject: PythonObject {
  let table: TableObject
  var values: [(column: String, value: CoreExpression)] = []
  var filters: [CoreExpression] = []

  init(_ table: TableObject) {
    self.table = table
  }

  var typeName: String { "Update" }
  func attribute(_ name: String) -> PythonValue? { CoreDirectives.updates[name]?.value(on: self) }

  func copy() -> UpdateObject {
    let copy = UpdateObject(table)
    copy.values = values
    copy.filters = filters
    return copy
  }

  func render(
    _ given: [(column: String, value: CoreExpression)],
    _ location: Revision.Location,
    parameters: [String: SQLValue] = [:]
  ) throws -> CoreRenderer {
    let values = self.values + given
    var renderer = CoreRenderer()
    renderer.parameters = parameters
    renderer.enclosing = [table.source]
    try Values.requireDefaults(of: table, given: values.map(\.column), isInsert: false, location)
    guard !values.isEmpty else {
      throw ScriptError.notRead("an update of all columns by parameters is not read", at: location)
    }
    renderer.write("UPDATE \(Identifier.quoted(table.table.name)) SET ")
    for (index, value) in values.enumerated() {
      if index > 0 { renderer.write(", ") }
      renderer.write("\(Identifier.quoted(value.column))=")
      try renderer.add(value.value)
    }
    let others = filters.flatMap(\.sources).filter {
      $0 !== table.source && $0.name != table.source.name
    }
    guard others.isEmpty else {
      throw ScriptError.notRead("an update from several tables is not read", at: location)
    }
    try renderer.add(" WHERE ", filters)
    return renderer
  }
}

/// A DELETE as an object of a script.
final class DeleteObject: PythonObject {
  let table: TableObject
  var filters: [CoreExpression] = []

  init(_ table: TableObject) {
    self.table = table
  }

  var typeName: String { "Delete" }
  func attribute(_ name: String) -> PythonValue? { CoreDirectives.deletes[name]?.value(on: self) }

  func copy() -> DeleteObject {
    let copy = DeleteObject(table)
    copy.filters = filters
    return copy
  }

  func render(_ location: Revision.Location) throws -> CoreRenderer {
    var renderer = CoreRenderer()
    renderer.enclosing = [table.source]
    renderer.write("DELETE FROM \(Identifier.quoted(table.table.name))")
    let others = filters.flatMap(\.sources).filter {
      $0 !== table.source && $0.name != table.source.name
    }
    guard others.isEmpty else {
      throw ScriptError.notRead("a delete by several tables is not read", at: location)
    }
    try renderer.add(" WHERE ", filters)
    return renderer
  }
}

/// Reading the values of `values(...)` and of rows.
enum Values {
  /// Pairs of columns and expressions out of `values(a=1)`, `values({"a": 1})`, or a row.
  static func pairs(
    of items: [(key: PythonValue, value: PythonValue)],
    for table: TableObject,
    _ location: Revision.Location
  ) throws -> [(column: String, value: CoreExpression)] {
    try items.map { item in
      let name: String
      switch item.key {
      case .string(let text), .schema(.finalName(let text)): name = text
      case .core(.column(let column)): name = column.name
      default:
        throw ScriptError.notRead("a key of type \(item.key.typeName) is not read", at: location)
      }
      guard let column = table.column(name) else {
        // With rows of their own alembic's bulk_insert takes them.
        throw ScriptError.notRead(
          "Unconsumed column names: \(name), or such a row is not read",
          at: location
        )
      }
      // A column without a type passes values on as Python's sqlite3 takes them.
      if let expression = item.value.coreExpression { return (name, expression) }
      return (name, .literal(try BindValue(item.value, type: column.type, location), column.type))
    }
  }

  /// Refuses to leave out a column that SQLAlchemy would fill with a default made in Python.
  static func requireDefaults(
    of table: TableObject,
    given: [String],
    isInsert: Bool,
    _ location: Revision.Location
  ) throws {
    for column in table.table.columns where !given.contains(column.name) {
      guard isInsert ? column.hasClientDefault : column.hasClientUpdate else { continue }
      throw ScriptError.notRead(
        "the column '\(column.name)' is left out, and its default is made in Python",
        at: location
      )
    }
  }
}
