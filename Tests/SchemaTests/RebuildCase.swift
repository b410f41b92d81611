import Schema
import Testing

/// A batch on a table, and the statements that alembic 1.20.1 with SQLAlchemy 2.1.9 sent for it.
///
/// Where alembic's order of constraints or indexes is random, the statements have that of the
/// table's text.
struct RebuildCase: Sendable, CustomTestStringConvertible {
  let name: String
  let table: @Sendable () throws -> ReflectedTable
  let batch: BatchAlteration
  let statements: [String]

  init(
    _ name: String,
    _ table: @escaping @Sendable () throws -> ReflectedTable,
    _ batch: BatchAlteration,
    _ statements: [String]
  ) {
    self.name = name
    self.table = table
    self.batch = batch
    self.statements = statements
  }

  var testDescription: String { name }

  static let all = columns + constraints + reflections + texts
}

/// CREATE TABLE as SQLAlchemy lays it out, from its lines.
func created(_ name: String, _ lines: [String], tail: String = "") -> String {
  "\nCREATE TABLE \(name) (\n\t\(lines.joined(separator: ", \n\t"))\n)\(tail)\n\n"
}

/// A type that is known to be understood.
func sa(
  _ name: String,
  _ arguments: [TypeArgument] = [],
  _ keywords: [String: TypeArgument] = [:]
) -> ColumnType {
  do {
    return try ColumnType.make(name, arguments, keywords: keywords)
  } catch {
    Issue.record(error)
    return .null
  }
}
