internal import Schema

/// Reads the call of a column type.
enum TypeReader {
  /// Makes a type of its name and the arguments of the call.
  static func type(_ name: String, _ arguments: CallArguments) throws -> ColumnType {
    let (positional, keywords) = try read(arguments)
    if name == "Enum", let first = arguments.positional.first,
      case .object(let object as EnumClass) = first
    {
      guard arguments.positional.count == 1, keywords["values_callable"] == nil else {
        throw ScriptError.notRead("this Enum of a class is not read", at: arguments.location)
      }
      var keywords = keywords
      // SQLAlchemy names the type after the class.
      if keywords["name"] == nil { keywords["name"] = .string(object.name.lowercased()) }
      return try ColumnType.make(name, object.memberNames.map { .string($0) }, keywords: keywords)
    }
    return try made(arguments) { try ColumnType.make(name, positional, keywords: keywords) }
  }

  /// SQLAlchemy may take what is not taken here, so that no script may catch it.
  private static func made(
    _ arguments: CallArguments,
    _ body: () throws -> ColumnType
  ) throws -> ColumnType {
    do {
      return try body()
    } catch let error as SchemaError {
      throw arguments.notTaken(error.message)
    }
  }

  /// Makes a type of a dialect's module.
  static func type(
    _ name: String,
    in dialect: String,
    _ arguments: CallArguments
  ) throws -> ColumnType {
    let (positional, keywords) = try read(arguments)
    return try made(arguments) {
      try ColumnType.make(name, in: dialect, positional, keywords: keywords)
    }
  }

  static func read(
    _ arguments: CallArguments
  ) throws -> ([TypeArgument], [String: TypeArgument]) {
    var keywords: [String: TypeArgument] = [:]
    for (keyword, value) in arguments.keywords {
      keywords[keyword] = try argument(value, arguments)
    }
    return (try arguments.positional.map { try argument($0, arguments) }, keywords)
  }

  private static func argument(
    _ value: PythonValue,
    _ arguments: CallArguments
  ) throws -> TypeArgument {
    switch value {
    case .none: return .none
    case .boolean(let value): return .boolean(value)
    case .integer(let value): return .integer(Int(value))
    case .string(let text), .schema(.finalName(let text)): return .string(text)
    case .object(let object) where object is EnumClass || object is MetaDataObject: return .none
    default:
      if let type = try value.columnType { return .type(type) }
      throw ScriptError.notRead(
        "an argument of type \(value.typeName) of a column type is not read",
        at: arguments.location
      )
    }
  }
}
