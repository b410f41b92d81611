internal import Revisions
internal import Schema

/// SQLAlchemy's `sa`: types, columns, constraints, SQL fragments, statements, and `inspect`.
final class SQLAlchemyModule: SharedModule {
  var typeName: String { "sqlalchemy" }

  /// The submodules that are reached by attribute and have the same names: `sa.sql.func`, `sa.types.Integer`.
  private static let namespaces: Set<String> = [
    "sql", "types", "schema", "expression", "sqltypes", "elements",
  ]

  func attribute(_ name: String) -> PythonValue? {
    switch name {
    case "func": return .object(FunctionModule())
    case "exc": return .object(ExceptionModule("sqlalchemy.exc", ExceptionClasses.sqlalchemy))
    case "dialects": return .object(DialectsModule())
    case "engine": return .object(ReflectionModule())
    case "MetaData": return .object(MetaDataClass())
    case "Inspector": return .object(InspectorClass())
    case "orm": return .object(OrmModule())
    case "TypeDecorator", "UserDefinedType", "Connection", "Engine": return .object(TypeName(name))
    default: break
    }
    if Self.namespaces.contains(name) { return .object(self) }
    if ColumnType.names.contains(name), name != "JSONB" { return .schema(.typeName(name)) }
    return SADirectives.all[name]?.value(on: ())
  }
}

/// `sqlalchemy.orm`: the bases of models, of which only the metadata is of interest here.
final class OrmModule: SharedModule {
  var typeName: String { "sqlalchemy.orm" }

  func attribute(_ name: String) -> PythonValue? {
    switch name {
    case "declarative_base":
      .native(
        NativeFunction(name: name) { arguments in
          let metadata = arguments.keywords.first { $0.name == "metadata" }?.value
          return .object(DeclarativeBase(metadata))
        }
      )
    case "DeclarativeBase": .object(TypeName(name))
    default: nil
    }
  }
}

/// What `declarative_base()` gives.
final class DeclarativeBase: PythonObject {
  private let metadata: PythonValue

  init(_ metadata: PythonValue?) {
    self.metadata = metadata ?? .object(MetaDataObject(NamingConvention()))
  }

  var typeName: String { "DeclarativeMeta" }
  func attribute(_ name: String) -> PythonValue? { name == "metadata" ? metadata : nil }
}

/// `sa.MetaData`.
final class MetaDataClass: PythonCallable, SharedModule {
  var typeName: String { "type" }
  func attribute(_ name: String) -> PythonValue? { nil }

  func call(_ arguments: CallArguments) throws -> PythonValue {
    var convention = NamingConvention()
    for (name, value) in arguments.keywords {
      switch (name, value) {
      case ("naming_convention", _):
        convention = try BatchReader.convention(
          value,
          BoundArguments(name: "sa.MetaData", values: [:], rest: [], location: arguments.location)
        )
      case ("schema", .none), ("info", _): continue
      default:
        throw ScriptError.notRead(
          "the argument '\(name)' of sa.MetaData is not read",
          at: arguments.location
        )
      }
    }
    guard arguments.positional.isEmpty else {
      throw ScriptError.notRead(
        "positional arguments of sa.MetaData are not read",
        at: arguments.location
      )
    }
    return .object(MetaDataObject(convention))
  }
}

/// A `MetaData`: the tables that a script declares or reflects.
final class MetaDataObject: PythonObject {
  private(set) var naming: NamingConvention
  private var tables: [(name: String, table: TableObject)] = []

  init(_ naming: NamingConvention) {
    self.naming = naming
  }

  var typeName: String { "MetaData" }

  /// A table that it knows.
  func table(_ name: String) -> TableObject? { tables.first { $0.name == name }?.table }

  func add(_ table: TableObject) { tables.append((table.table.name, table)) }

  func attribute(_ name: String) -> PythonValue? {
    switch name {
    case "tables":
      .dictionary(PythonDictionary(tables.map { (.string($0.name), .object($0.table)) }))
    case "reflect": SADirectives.metadata[name]?.value(on: self)
    default: nil
    }
  }

  func set(_ name: String, to value: PythonValue) -> Bool {
    guard name == "naming_convention", case .dictionary = value else { return false }
    do {
      let place = BoundArguments(
        name: "MetaData",
        values: [:],
        rest: [],
        location: .init(path: "", line: 1, column: 1)
      )
      naming = try BatchReader.convention(value, place)
      return true
    } catch { return false }
  }
}
