internal import PythonSyntax
internal import Schema

/// A column type of the project: its `impl`, or what its `load_dialect_impl` says for SQLite, is what the database sees.
final class TypeClass: PythonCallable {
  private let name: String
  private let implementation: PythonValue
  private let loader: PythonFunction?
  private let changesValues: Bool

  init(
    _ definition: ClassDefinition,
    at position: SourcePosition,
    _ evaluator: Evaluator
  ) throws {
    name = definition.name
    var changesValues = false
    var implementation: PythonValue?
    var loader: PythonFunction?
    for statement in definition.body {
      switch statement.kind {
      case .assign(let targets, let value) where targets.contains { $0.kind == .name("impl") }:
        implementation = try evaluator.evaluate(value, in: evaluator.globals)
      case .annotatedAssign(let target, _, let value?, _) where target.kind == .name("impl"):
        implementation = try evaluator.evaluate(value, in: evaluator.globals)
      case .functionDefinition(let function) where function.name == "load_dialect_impl":
        loader = PythonFunction(
          function,
          scope: evaluator.globals,
          defaults: [:],
          evaluator: evaluator
        )
      case .functionDefinition(let function) where Self.decisive.contains(function.name):
        throw Self.refusal(
          "the type '\(definition.name)', which decides by itself what it is on SQLite, is not read",
          of: definition,
          at: position,
          evaluator
        )
      // Anything else that it defines may be about values.
      case .functionDefinition: changesValues = true
      default: continue
      }
    }
    guard let implementation else {
      throw Self.refusal(
        "the type '\(definition.name)' without 'impl' is not read",
        of: definition,
        at: position,
        evaluator
      )
    }
    self.implementation = implementation
    self.loader = loader
    self.changesValues = changesValues
  }

  /// A refusal that names the way out: to say what the type is.
  private static func refusal(
    _ message: String,
    of definition: ClassDefinition,
    at position: SourcePosition,
    _ evaluator: Evaluator
  ) -> ScriptError {
    var refusal = evaluator.notRead(message, at: position)
    if let module = evaluator.moduleName {
      refusal.hint =
        "\(refusal.hint ?? ""), or say what it is: --type \(module).\(definition.name)=SQL"
    }
    return refusal
  }

  /// Methods that may make another type of it.
  private static let decisive: Set<String> = [
    "__init__", "__new__", "get_col_spec", "with_variant", "bind_expression", "column_expression",
    "type_engine", "coerce_compared_value", "get_dbapi_type",
  ]

  var typeName: String { "type" }
  func attribute(_ name: String) -> PythonValue? { name == "impl" ? implementation : nil }

  /// The type with arguments, which go to what it is made of.
  func type(
    _ arguments: [TypeArgument],
    _ keywords: [String: TypeArgument]
  ) throws(SchemaError) -> ColumnType {
    var type = try plainType(arguments, keywords)
    if let loader { type = type.withVariant(try loaded(loader, type), for: ["sqlite"]) }
    type.changesValues = type.changesValues || changesValues
    return type
  }

  private func plainType(
    _ arguments: [TypeArgument],
    _ keywords: [String: TypeArgument]
  ) throws(SchemaError) -> ColumnType {
    switch implementation {
    case .schema(.typeName(let name)):
      return try ColumnType.make(name, arguments, keywords: keywords)
    case .schema(.dialectType(let name, let dialect)):
      return try ColumnType.make(name, in: dialect, arguments, keywords: keywords)
    // SQLAlchemy hands arguments on to a class only.
    case .schema(.type(let type)): return type
    case .object(let object as TypeClass): return try object.type(arguments, keywords)
    case .object(let object as TypeSubclass): return try object.type(arguments, keywords)
    case .object(let object as MappedType): return object.type
    default: throw SchemaError(.refused, "what the type '\(name)' is made of is not read")
    }
  }

  /// What `load_dialect_impl(self, dialect)` gives for SQLite.
  private func loaded(
    _ loader: PythonFunction,
    _ type: ColumnType
  ) throws(SchemaError) -> ColumnType {
    let place = loader.evaluator.location(SourcePosition(line: 1, column: 1))
    let arguments = CallArguments(
      positional: [.object(TypeInstance(type)), .object(DialectObject())],
      keywords: [],
      location: place,
      evaluator: loader.evaluator
    )
    let loaded: ColumnType?
    do {
      loaded = try loader.evaluator.call(loader, arguments).columnType
    } catch {
      throw SchemaError(.refused, "what the type '\(name)' is on SQLite is not read: \(error)")
    }
    guard let loaded else {
      throw SchemaError(.refused, "what the type '\(name)' is on SQLite is not read")
    }
    return loaded
  }

  func call(_ arguments: CallArguments) throws -> PythonValue {
    let (positional, keywords) = try TypeReader.read(arguments)
    return .schema(.type(try type(positional, keywords)))
  }
}

/// `self` in a method of a type.
final class TypeInstance: PythonObject {
  private let type: ColumnType

  init(_ type: ColumnType) {
    self.type = type
  }

  var typeName: String { "TypeDecorator" }

  func attribute(_ name: String) -> PythonValue? {
    switch name {
    case "impl", "impl_instance": .schema(.type(type))
    default: nil
    }
  }
}
