/// Types of the dialect modules, `sqlalchemy.dialects.postgresql` and its like, as far as they mean something on SQLite.
extension ColumnType {
  /// Types that are generic ones by another path.
  private static let generic: Set<String> = [
    "BIGINT", "BINARY", "BLOB", "BOOLEAN", "CHAR", "CLOB", "DATE", "DATETIME", "DECIMAL", "DOUBLE",
    "DOUBLE_PRECISION", "FLOAT", "INTEGER", "JSON", "JSONB", "NCHAR", "NUMERIC", "NVARCHAR", "REAL",
    "SMALLINT", "TEXT", "TIME", "TIMESTAMP", "UUID", "VARBINARY", "VARCHAR",
  ]

  /// Arguments of other databases that leave no trace on SQLite.
  private static let ignored: Set<String> = [
    "astext_type", "precision", "fsp", "unsigned", "zerofill", "display_width", "charset",
    "create_type", "ascii", "unicode", "national", "timezone", "storage_format", "regexp",
  ]

  /// The dialects whose modules are read.
  package static let dialects: Set<String> = ["sqlite", "postgresql", "mysql", "mssql", "oracle"]

  /// Types that only their own database has: SQLite can neither create nor cast to one.
  private static let native: [String: Set<String>] = [
    "postgresql": [
      "ARRAY", "BIT", "BYTEA", "CIDR", "CITEXT", "DATERANGE", "HSTORE", "INET", "INT4RANGE",
      "INT8RANGE",
      "INTERVAL", "MACADDR", "MACADDR8", "MONEY", "NUMRANGE", "OID", "REGCLASS", "TSQUERY",
      "TSRANGE",
      "TSTZRANGE", "TSVECTOR",
    ],
    "mysql": [
      "BIT", "ENUM", "LONGBLOB", "LONGTEXT", "MEDIUMBLOB", "MEDIUMINT", "MEDIUMTEXT", "SET",
      "TINYBLOB",
      "TINYINT", "TINYTEXT", "YEAR",
    ],
    "mssql": [
      "BIT", "DATETIME2", "DATETIMEOFFSET", "IMAGE", "MONEY", "NTEXT", "ROWVERSION",
      "SMALLDATETIME",
      "SMALLMONEY", "SQL_VARIANT", "TINYINT", "UNIQUEIDENTIFIER", "XML",
    ],
    "oracle": ["LONG", "NCLOB", "NUMBER", "RAW", "ROWID", "VARCHAR2", "NVARCHAR2"],
  ]

  /// Whether a dialect module has a type of this name that is read.
  package static func isKnown(_ name: String, in dialect: String) -> Bool {
    guard dialects.contains(dialect) else { return false }
    if native[dialect]?.contains(name) == true { return true }
    return generic.contains(name) || (dialect == "postgresql" && name == "ENUM")
  }

  /// The type that a script writes as `dialect.name(*arguments, **keywords)`.
  ///
  /// - Throws: `SchemaError` for an argument that is not understood.
  package static func make(
    _ name: String,
    in dialect: String,
    _ arguments: [TypeArgument],
    keywords: [String: TypeArgument]
  ) throws(SchemaError) -> ColumnType {
    if native[dialect]?.contains(name) == true {
      return ColumnType(name: name, rule: TypeRule("", .array, .impossible))
    }
    let generic = name == "ENUM" ? "Enum" : name
    var kept = keywords
    let known = Set((TypeRule.all[generic]?.parameters ?? []).map(\.name))
    for keyword in keywords.keys where ignored.contains(keyword) && !known.contains(keyword) {
      kept[keyword] = nil
    }
    return try make(generic, arguments, keywords: kept)
  }
}
