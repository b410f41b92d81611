/// The table of SQLAlchemy's types: keyword on SQLite, family, and the parameters in order.
struct TypeRule: Sendable {
  /// What an argument is for.
  enum Parameter: Hashable, Sendable {
    /// The length of a text or of bytes.
    case length
    /// The collation of a text.
    case collation
    /// The precision of a number.
    case precision
    /// The scale of a number.
    case scale
    /// Whether the type brings a CHECK.
    case createConstraint
    /// The name of the type and of its CHECK.
    case constraintName
    /// A flag that leaves no trace in DDL.
    case flag(String)
    /// A number that leaves no trace in DDL.
    case number(String)
    /// A type that leaves no trace in DDL.
    case element(String)
    /// Only None is understood.
    case absent(String)

    /// The name as a keyword argument.
    var name: String {
      switch self {
      case .length: "length"
      case .collation: "collation"
      case .precision: "precision"
      case .scale: "scale"
      case .createConstraint: "create_constraint"
      case .constraintName: "name"
      case .flag(let name), .number(let name), .element(let name), .absent(let name): name
      }
    }
  }

  let keyword: String
  let affinity: ColumnType.Affinity
  let shape: ColumnType.Shape
  let parameters: [Parameter]

  init(
    _ keyword: String,
    _ affinity: ColumnType.Affinity,
    _ shape: ColumnType.Shape = .keyword,
    _ parameters: [Parameter] = []
  ) {
    self.keyword = keyword
    self.affinity = affinity
    self.shape = shape
    self.parameters = parameters
  }

  static let null = TypeRule("", .null, .impossible)

  private static let string: [Parameter] = [.length, .collation, .absent("collation_schema")]
  private static let decimal: [Parameter] = [
    .precision, .scale, .number("decimal_return_scale"), .flag("asdecimal"),
  ]
  private static let float: [Parameter] = [
    .number("precision"), .flag("asdecimal"), .number("decimal_return_scale"),
  ]
  private static let timezone: [Parameter] = [.flag("timezone")]
  private static let silentLength: [Parameter] = [.number("length")]
  private static let boolean: [Parameter] = [.createConstraint, .constraintName]
  private static let json: [Parameter] = [.flag("none_as_null")]

  /// Enum takes its values by position, so these are for keywords only.
  static let enumeration: [Parameter] = [
    .constraintName, .createConstraint, .length, .flag("native_enum"), .flag("validate_strings"),
    .flag("omit_aliases"), .flag("inherit_schema"), .flag("quote"), .absent("schema"),
    .absent("metadata"), .absent("values_callable"), .absent("sort_key_function"),
  ]

  /// Every type by the name of its class in `sqlalchemy` or `sqlalchemy.types`; JSONB is that of
  /// SQLAlchemy's SQLite dialect.
  static let all: [String: TypeRule] = [
    "Integer": TypeRule("INTEGER", .integer),
    "INTEGER": TypeRule("INTEGER", .integer),
    "INT": TypeRule("INTEGER", .integer),
    "SmallInteger": TypeRule("SMALLINT", .integer),
    "SMALLINT": TypeRule("SMALLINT", .integer),
    "BigInteger": TypeRule("BIGINT", .integer),
    "BIGINT": TypeRule("BIGINT", .integer),

    "String": TypeRule("VARCHAR", .string, .text, string),
    "VARCHAR": TypeRule("VARCHAR", .string, .text, string),
    "Unicode": TypeRule("VARCHAR", .string, .text, string),
    "NVARCHAR": TypeRule("NVARCHAR", .string, .text, string),
    "CHAR": TypeRule("CHAR", .string, .text, string),
    "NCHAR": TypeRule("NCHAR", .string, .text, string),
    "Text": TypeRule("TEXT", .string, .text, string),
    "TEXT": TypeRule("TEXT", .string, .text, string),
    "UnicodeText": TypeRule("TEXT", .string, .text, string),
    "CLOB": TypeRule("CLOB", .string, .keyword, string),
    "Enum": TypeRule("VARCHAR", .string, .enumeration, enumeration),

    "Numeric": TypeRule("NUMERIC", .numeric, .number, decimal),
    "NUMERIC": TypeRule("NUMERIC", .numeric, .number, decimal),
    "DECIMAL": TypeRule("DECIMAL", .numeric, .number, decimal),
    "Float": TypeRule("FLOAT", .float, .keyword, float),
    "FLOAT": TypeRule("FLOAT", .float, .keyword, float),
    "REAL": TypeRule("REAL", .float, .keyword, float),
    "Double": TypeRule("DOUBLE", .float, .keyword, float),
    "DOUBLE": TypeRule("DOUBLE", .float, .keyword, float),
    "DOUBLE_PRECISION": TypeRule("DOUBLE PRECISION", .float, .keyword, float),

    "Boolean": TypeRule("BOOLEAN", .boolean, .keyword, boolean),
    "BOOLEAN": TypeRule("BOOLEAN", .boolean, .keyword, boolean),

    "Date": TypeRule("DATE", .date),
    "DATE": TypeRule("DATE", .date),
    "DateTime": TypeRule("DATETIME", .dateTime, .keyword, timezone),
    "DATETIME": TypeRule("DATETIME", .dateTime, .keyword, timezone),
    "TIMESTAMP": TypeRule("TIMESTAMP", .dateTime, .keyword, timezone),
    "Time": TypeRule("TIME", .time, .keyword, timezone),
    "TIME": TypeRule("TIME", .time, .keyword, timezone),
    "Interval": TypeRule(
      "DATETIME",
      .interval,
      .keyword,
      [.flag("native"), .number("second_precision"), .number("day_precision")]
    ),

    "LargeBinary": TypeRule("BLOB", .binary, .keyword, silentLength),
    "BLOB": TypeRule("BLOB", .binary, .keyword, silentLength),
    "PickleType": TypeRule("BLOB", .binary, .keyword, [.number("protocol")]),
    "BINARY": TypeRule("BINARY", .binary, .bytes, [.length]),
    "VARBINARY": TypeRule("VARBINARY", .binary, .bytes, [.length]),

    "JSON": TypeRule("JSON", .json, .keyword, json),
    "JSONB": TypeRule("JSONB", .json, .keyword, json),
    "Uuid": TypeRule("CHAR(32)", .uuid, .keyword, [.flag("as_uuid"), .flag("native_uuid")]),
    "UUID": TypeRule("UUID", .uuid, .keyword, [.flag("as_uuid")]),
    "ARRAY": TypeRule(
      "",
      .array,
      .impossible,
      [
        .element("item_type"), .flag("as_tuple"), .number("dimensions"), .flag("zero_indexes"),
      ]
    ),
    "NullType": .null,
  ]
}
