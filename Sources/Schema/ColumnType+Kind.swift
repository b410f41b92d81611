/// Which class of SQLAlchemy's types is a kind of which, for `isinstance`.
extension ColumnType {
  private static let parents: [String: String] = [
    "INTEGER": "Integer", "INT": "Integer", "SmallInteger": "Integer", "SMALLINT": "SmallInteger",
    "BigInteger": "Integer", "BIGINT": "BigInteger", "VARCHAR": "String", "Text": "String",
    "TEXT": "Text", "Unicode": "String", "UnicodeText": "Text", "CHAR": "String",
    "NVARCHAR": "Unicode", "NCHAR": "Unicode", "CLOB": "Text", "Enum": "String",
    "NUMERIC": "Numeric", "DECIMAL": "Numeric", "FLOAT": "Float", "REAL": "Float",
    "Double": "Float", "DOUBLE": "Double", "DOUBLE_PRECISION": "Double", "BOOLEAN": "Boolean",
    "DATE": "Date", "DATETIME": "DateTime", "TIMESTAMP": "DateTime", "TIME": "Time",
    "JSONB": "JSON", "UUID": "Uuid", "NullType": "", "Integer": "", "String": "", "Boolean": "",
    "Date": "", "DateTime": "", "Time": "", "JSON": "", "Uuid": "",
  ]

  /// Whether the type is of a class; nil where that is not known here.
  package func isKind(of other: String) -> Bool? {
    if other == "NullType" { return name == other }
    var current = name
    for _ in 0..<5 {
      if current == other { return true }
      guard let parent = Self.parents[current] else { return nil }
      guard !parent.isEmpty else { return Self.parents[other] == nil ? nil : false }
      current = parent
    }
    return nil
  }
}
