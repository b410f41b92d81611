internal import Schema

/// A table as an object of a script: what `op.create_table`, `sa.table` and `sa.Table` give.
final class TableObject: PythonObject {
  let table: Table
  let source: CoreSource
  /// The naming convention of a table that the script declares whole; nil for any other.
  let naming: NamingConvention?

  init(_ table: Table, alias: String? = nil, naming: NamingConvention? = nil) {
    self.table = table
    self.naming = naming
    source = CoreSource(name: alias ?? table.name, base: .table(table.name))
  }

  var typeName: String { "Table" }

  func attribute(_ name: String) -> PythonValue? {
    switch name {
    case "c", "columns": return .object(ColumnsObject(table.columns, of: source))
    case "name", "fullname", "key": return .string(table.name)
    default: return CoreDirectives.tables[name]?.value(on: self)
    }
  }

  /// The column of a name.
  func column(_ name: String) -> Column? { table.columns.first { $0.name == name } }

  /// All columns as expressions.
  var columns: [CoreExpression] {
    table.columns.map { column in
      .column(CoreColumn(name: column.name, type: column.type, source: source, declared: column))
    }
  }
}

/// `table.c`: the columns of a table or of a SELECT.
final class ColumnsObject: PythonObject {
  private let columns: [Column]
  private let source: CoreSource

  init(_ columns: [Column], of source: CoreSource) {
    self.columns = columns
    self.source = source
  }

  var typeName: String { "ColumnCollection" }

  private func expression(_ column: Column) -> PythonValue {
    .core(
      .column(CoreColumn(name: column.name, type: column.type, source: source, declared: column))
    )
  }

  func attribute(_ name: String) -> PythonValue? {
    if let column = columns.first(where: { $0.name == name }) { return expression(column) }
    guard name == "keys" else { return nil }
    let names = columns.map { PythonValue.string($0.name) }
    return .native(NativeFunction(name: name) { _ in .list(PythonList(names)) })
  }

  func element(at index: PythonValue) -> PythonValue? {
    switch index {
    case .string(let name):
      if let column = columns.first(where: { $0.name == name }) { return expression(column) }
      return .unread(ScriptError(.raised("KeyError"), "'\(name)'"))
    case .integer(let number) where columns.indices.contains(Int(clamping: number)):
      return expression(columns[Int(number)])
    default: return nil
    }
  }

  var elements: [PythonValue]? { columns.map(expression) }

  func contains(_ value: PythonValue) -> Bool? {
    guard case .string(let name) = value else { return nil }
    return columns.contains { $0.name == name }
  }
}

/// A SELECT as an object of a script.
final class SelectObject: PythonObject {
  let statement: SelectStatement

  init(_ statement: SelectStatement) {
    self.statement = statement
  }

  var typeName: String { "Select" }

  func attribute(_ name: String) -> PythonValue? { CoreDirectives.selects[name]?.value(on: self) }

  /// The SELECT with a change.
  func changed(_ change: (inout SelectStatement) throws -> Void) rethrows -> PythonValue {
    var statement = statement
    try change(&statement)
    return .object(SelectObject(statement))
  }
}

/// A SELECT to select from: `select(...).subquery()`, `.alias("x")`, `.cte("x")`.
final class SubqueryObject: PythonObject {
  let source: CoreSource
  private let columns: [Column]

  init(_ statement: SelectStatement, name: String) {
    source = CoreSource(name: name, base: .select(statement))
    columns = statement.columns.map { Column($0.resultName, $0.type) }
  }

  var typeName: String { "Subquery" }

  func attribute(_ name: String) -> PythonValue? {
    name == "c" || name == "columns" ? .object(ColumnsObject(columns, of: source)) : nil
  }

  /// All columns as expressions.
  var expressions: [CoreExpression] {
    columns.map { .column(CoreColumn(name: $0.name, type: $0.type, source: source)) }
  }
}

/// `a.join(b, ...)`: something to select from.
final class JoinObject: PythonObject {
  let from: CoreFrom

  init(_ from: CoreFrom) {
    self.from = from
  }

  var typeName: String { "Join" }
  func attribute(_ name: String) -> PythonValue? { CoreDirectives.joins[name]?.value(on: self) }
}
