import Schema
import Testing

/// Types as scripts write them.
@Suite struct ColumnTypeTests {
  struct TypeCase: Sendable, CustomTestStringConvertible {
    let name: String
    let arguments: [TypeArgument]
    let keywords: [String: TypeArgument]
    let sql: String
    let affinity: ColumnType.Affinity

    init(_ name: String, _ sql: String, _ affinity: ColumnType.Affinity) {
      self.init(name, [], [:], sql, affinity)
    }

    init(
      _ name: String,
      _ arguments: [TypeArgument],
      _ sql: String,
      _ affinity: ColumnType.Affinity
    ) {
      self.init(name, arguments, [:], sql, affinity)
    }

    init(
      _ name: String,
      _ arguments: [TypeArgument],
      _ keywords: [String: TypeArgument],
      _ sql: String,
      _ affinity: ColumnType.Affinity
    ) {
      self.name = name
      self.arguments = arguments
      self.keywords = keywords
      self.sql = sql
      self.affinity = affinity
    }

    var testDescription: String { "\(name) as \(sql)" }
  }

  @Test(arguments: [
    TypeCase("Integer", "INTEGER", .integer), TypeCase("INTEGER", "INTEGER", .integer),
    TypeCase("INT", "INTEGER", .integer), TypeCase("SmallInteger", "SMALLINT", .integer),
    TypeCase("SMALLINT", "SMALLINT", .integer), TypeCase("BigInteger", "BIGINT", .integer),
    TypeCase("BIGINT", "BIGINT", .integer),
    TypeCase("String", "VARCHAR", .string), TypeCase("VARCHAR", "VARCHAR", .string),
    TypeCase("Unicode", "VARCHAR", .string), TypeCase("UnicodeText", "TEXT", .string),
    TypeCase("Text", "TEXT", .string), TypeCase("TEXT", "TEXT", .string),
    TypeCase("CLOB", [.integer(10)], "CLOB", .string), TypeCase("CHAR", "CHAR", .string),
    TypeCase("String", [.integer(255)], "VARCHAR(255)", .string),
    TypeCase("String", [.integer(0)], "VARCHAR", .string),
    TypeCase("String", [.none], "VARCHAR", .string),
    TypeCase(
      "String",
      [.integer(10), .string("NOCASE")],
      "VARCHAR(10) COLLATE \"NOCASE\"",
      .string
    ),
    TypeCase(
      "String",
      [],
      ["length": .integer(10), "collation": .string("nocase")],
      "VARCHAR(10) COLLATE nocase",
      .string
    ),
    TypeCase("Text", [.integer(100)], "TEXT(100)", .string),
    TypeCase("Text", [], ["collation": .string("BINARY")], "TEXT COLLATE \"BINARY\"", .string),
    TypeCase("CHAR", [.integer(3)], "CHAR(3)", .string),
    TypeCase("NCHAR", [.integer(3)], "NCHAR(3)", .string),
    TypeCase("NVARCHAR", [.integer(3)], "NVARCHAR(3)", .string),
    TypeCase("Unicode", [.integer(10)], "VARCHAR(10)", .string),
    TypeCase(
      "Enum",
      [.string("x"), .string("yy")],
      ["name": .string("e1")],
      "VARCHAR(2)",
      .string
    ),
    TypeCase("Enum", [.string("ü"), .string("aé")], "VARCHAR(2)", .string),
    TypeCase("Enum", [.string("x")], ["length": .integer(20)], "VARCHAR(20)", .string),
    TypeCase("Enum", "VARCHAR", .string),
    TypeCase("Numeric", "NUMERIC", .numeric), TypeCase("NUMERIC", "NUMERIC", .numeric),
    TypeCase("Numeric", [.integer(10)], "NUMERIC(10)", .numeric),
    TypeCase("Numeric", [.integer(10), .integer(2)], "NUMERIC(10, 2)", .numeric),
    TypeCase("Numeric", [], ["scale": .integer(2)], "NUMERIC", .numeric),
    TypeCase(
      "Numeric",
      [],
      ["precision": .integer(10), "scale": .integer(0), "asdecimal": .boolean(false)],
      "NUMERIC(10, 0)",
      .numeric
    ),
    TypeCase("DECIMAL", [.integer(8), .integer(3)], "DECIMAL(8, 3)", .numeric),
    TypeCase("Float", "FLOAT", .float), TypeCase("FLOAT", [.integer(53)], "FLOAT", .float),
    TypeCase("Float", [], ["precision": .integer(5)], "FLOAT", .float),
    TypeCase("REAL", "REAL", .float), TypeCase("Double", [.integer(53)], "DOUBLE", .float),
    TypeCase("DOUBLE", "DOUBLE", .float),
    TypeCase("DOUBLE_PRECISION", "DOUBLE PRECISION", .float),
    TypeCase("Boolean", "BOOLEAN", .boolean), TypeCase("BOOLEAN", "BOOLEAN", .boolean),
    TypeCase("Boolean", [], ["name": .string("x")], "BOOLEAN", .boolean),
    TypeCase("Date", "DATE", .date), TypeCase("DATE", "DATE", .date),
    TypeCase("DateTime", "DATETIME", .dateTime), TypeCase("DATETIME", "DATETIME", .dateTime),
    TypeCase("DateTime", [], ["timezone": .boolean(true)], "DATETIME", .dateTime),
    TypeCase("TIMESTAMP", [.boolean(true)], "TIMESTAMP", .dateTime),
    TypeCase("Time", "TIME", .time), TypeCase("TIME", [.boolean(true)], "TIME", .time),
    TypeCase("Interval", "DATETIME", .interval),
    TypeCase("Interval", [], ["native": .boolean(false)], "DATETIME", .interval),
    TypeCase("LargeBinary", [.integer(10)], "BLOB", .binary), TypeCase("BLOB", "BLOB", .binary),
    TypeCase("PickleType", "BLOB", .binary),
    TypeCase("BINARY", [.integer(5)], "BINARY(5)", .binary),
    TypeCase("VARBINARY", [.integer(5)], "VARBINARY(5)", .binary),
    TypeCase("VARBINARY", [.integer(0)], "VARBINARY", .binary),
    TypeCase("JSON", "JSON", .json), TypeCase("JSONB", "JSONB", .json),
    TypeCase("JSON", [], ["none_as_null": .boolean(true)], "JSON", .json),
    TypeCase("Uuid", "CHAR(32)", .uuid), TypeCase("UUID", "UUID", .uuid),
    TypeCase("Uuid", [], ["as_uuid": .boolean(false)], "CHAR(32)", .uuid),
  ])
  func `a type has SQLAlchemy's text and family`(_ sample: TypeCase) throws {
    let type = try ColumnType.make(sample.name, sample.arguments, keywords: sample.keywords)
    #expect(try type.sql() == sample.sql)
    #expect(type.affinity == sample.affinity)
    #expect(type.name == sample.name)
  }

  struct MistakeCase: Sendable, CustomTestStringConvertible {
    let name: String
    var arguments: [TypeArgument] = []
    var keywords: [String: TypeArgument] = [:]
    let message: String
    var testDescription: String { message }
  }

  @Test(arguments: [
    MistakeCase(name: "Strin", message: "the type Strin is unknown"),
    MistakeCase(
      name: "Integer",
      arguments: [.integer(11)],
      message: "the type Integer takes at most 0 arguments, not 1"
    ),
    MistakeCase(
      name: "String",
      arguments: [.string("x")],
      message: "the type String gets a value of the wrong kind for its argument length"
    ),
    MistakeCase(
      name: "String",
      keywords: ["size": .integer(3)],
      message: "the type String has no argument size"
    ),
    MistakeCase(
      name: "String",
      arguments: [.integer(3)],
      keywords: ["length": .integer(3)],
      message: "the type String gets its argument length twice"
    ),
    MistakeCase(
      name: "Enum",
      arguments: [.integer(1)],
      message: "the values of an Enum must be strings here"
    ),
    MistakeCase(
      name: "Enum",
      arguments: [.string("bbb")],
      keywords: ["length": .integer(2)],
      message: "the length 2 of the Enum is less than that of its longest value, 3"
    ),
    MistakeCase(name: "ARRAY", message: "the type ARRAY needs the type of its items"),
    MistakeCase(
      name: "ARRAY",
      arguments: [.none],
      message: "the type ARRAY needs a value for its argument item_type"
    ),
  ])
  func `a mistake in a type is named`(_ sample: MistakeCase) {
    let error = #expect(throws: SchemaError.self) {
      try ColumnType.make(sample.name, sample.arguments, keywords: sample.keywords)
    }
    #expect(error?.message == sample.message)
    #expect(error?.description == sample.message)
  }

  @Test func `ARRAY and no type at all have no SQL`() {
    let array = sa("ARRAY", [.type(sa("Integer"))])
    #expect(throws: SchemaError(.compile, "SQLite has no type for ARRAY")) { try array.sql() }
    #expect(throws: SchemaError.self) { try ColumnType.null.sql() }
    #expect(sa("NullType") == .null)
  }

  @Test func `a variant counts on SQLite only and keeps the family`() throws {
    let base = sa("Integer")
    let text = sa("String", [.integer(5)])
    #expect(base.withVariant(text, for: ["postgresql"]) == base)
    let variant = base.withVariant(text, for: ["mysql", "sqlite"])
    #expect(try variant.sql() == "VARCHAR(5)")
    #expect(variant.affinity == .integer)
  }

  struct ReflectedCase: Sendable, CustomTestStringConvertible {
    let declared: String
    let sql: String?

    init(_ declared: String, _ sql: String?) {
      self.declared = declared
      self.sql = sql
    }

    var testDescription: String { declared }
  }

  @Test(arguments: [
    ReflectedCase("INTEGER", "INTEGER"), ReflectedCase("INT", "INTEGER"),
    ReflectedCase("int(11)", "INTEGER"), ReflectedCase("TINYINT(1)", "INTEGER"),
    ReflectedCase("BIGINT(20)", "BIGINT"), ReflectedCase("POINT", "INTEGER"),
    ReflectedCase("VARCHAR(255)", "VARCHAR(255)"), ReflectedCase("varchar( 20 )", "VARCHAR(20)"),
    ReflectedCase("VARCHAR (255)", "TEXT(255)"), ReflectedCase("VARCHAR(0)", "VARCHAR"),
    ReflectedCase("VARCHAR(-5)", "VARCHAR(5)"), ReflectedCase("VARCHAR(\n10)", "VARCHAR"),
    ReflectedCase("VARCHAR(10", "VARCHAR"), ReflectedCase("CHARACTER(20)", "TEXT(20)"),
    ReflectedCase("NVARCHAR(3)", "NVARCHAR(3)"), ReflectedCase("NCHAR(3)", "NCHAR(3)"),
    ReflectedCase("TEXT(100)", "TEXT(100)"), ReflectedCase("CLOB", "TEXT"),
    ReflectedCase("DECIMAL(10,2)", "DECIMAL(10, 2)"), ReflectedCase("NUMERIC(10)", "NUMERIC(10)"),
    ReflectedCase("NUMERIC()", "NUMERIC"), ReflectedCase("DECIMAL(10,2,3)", "DECIMAL(10, 2)"),
    ReflectedCase("NUMERIC(10,2) UNSIGNED", "NUMERIC(10, 2)"),
    ReflectedCase("UNSIGNED\tBIG INT", "NUMERIC"), ReflectedCase("FLOAT(5,2)", "FLOAT"),
    ReflectedCase("DOUBLE", "DOUBLE"), ReflectedCase("DOUBLE PRECISION", "REAL"),
    ReflectedCase("real", "REAL"), ReflectedCase("BLOB(10)", "BLOB"),
    ReflectedCase("BOOL", "BOOLEAN"), ReflectedCase("BOOLEAN(0)", "BOOLEAN"),
    ReflectedCase("DATE(1)", "DATE"), ReflectedCase("DATE_CHAR", "DATE"),
    ReflectedCase("DATETIME(6)", "DATETIME"), ReflectedCase("DATETIME_CHAR", "DATETIME"),
    ReflectedCase("TIME_CHAR", "TIME"), ReflectedCase("TIMESTAMP(6)", "TIMESTAMP"),
    ReflectedCase("TIMESTAMP WITH TIME ZONE", "NUMERIC"), ReflectedCase("JSON", "JSON"),
    ReflectedCase("JSONB", "JSONB"), ReflectedCase("uuid", "NUMERIC"),
    ReflectedCase("money", "NUMERIC"), ReflectedCase("string", "NUMERIC"),
    ReflectedCase("ANY", "NUMERIC"),
    ReflectedCase("", nil), ReflectedCase("LONGBLOB", nil), ReflectedCase("\"VARCHAR\"", nil),
    ReflectedCase("(5)", nil),
  ])
  func `a declared type is mapped as by SQLAlchemy`(_ sample: ReflectedCase) throws {
    let type = try ColumnType.reflected(sample.declared)
    guard let sql = sample.sql else {
      #expect(type == .null)
      return
    }
    #expect(try type.sql() == sql)
  }

  @Test(arguments: ["VARCHAR(10,2)", "BOOLEAN(1)", "TEXT(1,2)", "VARCHAR(99999999999999999999)"])
  func `a declared type that breaks SQLAlchemy is refused`(_ declared: String) {
    #expect(throws: SchemaError.self) { try ColumnType.reflected(declared) }
  }
}
