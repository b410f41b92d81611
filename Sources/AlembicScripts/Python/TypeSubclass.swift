internal import PythonSyntax
internal import Schema

/// `class JSONB(JSON)`: a type of SQLAlchemy under another name, to which `@compiles` may give another text on SQLite.
final class TypeSubclass: PythonCallable {
  private let name: String
  private let base: PythonValue
  private let visitName: String?
  /// What a function below `@compiles(..., "sqlite")` returns.
  var text: String?

  /// Reads a class that adds nothing to its base but names.
  init(
    _ definition: ClassDefinition,
    of base: PythonValue,
    at position: SourcePosition,
    _ evaluator: Evaluator
  ) throws {
    name = definition.name
    self.base = base
    var visitName: String?
    for statement in definition.body where !statement.isDocstring {
      switch statement.kind {
      case .pass: continue
      case .assign(let targets, let value)
      where targets.count == 1 && targets[0].kind == .name("__visit_name__"):
        visitName = value.stringLiteral
        if visitName != nil { continue }
      case .assign(let targets, _)
      where targets.count == 1
        && [.name("cache_ok"), .name("inherit_cache")].contains(targets[0].kind):
        continue
      default: break
      }
      throw evaluator.notRead(
        "the type '\(definition.name)', which is more than another name, is not read",
        at: position
      )
    }
    self.visitName = visitName
  }

  var typeName: String { "type" }
  func attribute(_ name: String) -> PythonValue? { nil }

  /// The type with arguments.
  func type(
    _ arguments: [TypeArgument],
    _ keywords: [String: TypeArgument]
  ) throws(SchemaError) -> ColumnType {
    let type: ColumnType
    switch base {
    case .schema(.typeName(let name)):
      type = try ColumnType.make(name, arguments, keywords: keywords)
    case .schema(.dialectType(let name, let dialect)):
      type = try ColumnType.make(name, in: dialect, arguments, keywords: keywords)
    default: throw SchemaError(.refused, "what the type '\(name)' is made of is not read")
    }
    if let text { return type.written(as: text) }
    guard visitName == nil else {
      throw SchemaError(
        .refused,
        "what SQLAlchemy writes for the type '\(name)', with a __visit_name__ of its own, is not read"
      )
    }
    return type
  }

  func call(_ arguments: CallArguments) throws -> PythonValue {
    let (positional, keywords) = try TypeReader.read(arguments)
    return .schema(.type(try type(positional, keywords)))
  }
}
