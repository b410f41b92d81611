/// A column type of SQLAlchemy: its SQLite DDL text and the family that decides about CASTs.
///
/// Made by `make(_:_:keywords:)` from what a script writes, or by `reflected(_:)` from what a table
/// declares.
package struct ColumnType: Hashable, Sendable {
  /// SQLAlchemy's `_type_affinity`: batch mode adds a CAST only where this differs.
  package enum Affinity: Hashable, Sendable {
    /// `Integer` and its kin.
    case integer
    /// `String`, `Text`, `Enum` and their kin.
    case string
    /// `Numeric` and `DECIMAL`.
    case numeric
    /// `Float`, `REAL`, `Double` and their kin.
    case float
    /// `Boolean`.
    case boolean
    /// `Date`.
    case date
    /// `DateTime` and `TIMESTAMP`.
    case dateTime
    /// `Time`.
    case time
    /// `Interval`.
    case interval
    /// `LargeBinary`, `BINARY`, `PickleType` and their kin.
    case binary
    /// `JSON`; as a new type it never brings a CAST.
    case json
    /// `Uuid` and `UUID`.
    case uuid
    /// `ARRAY`.
    case array
    /// No type at all.
    case null
  }

  /// How the arguments show in the DDL.
  enum Shape: Hashable, Sendable {
    case keyword
    case text
    case number
    case bytes
    case enumeration
    case impossible
  }

  /// The name of the SQLAlchemy class.
  package let name: String
  /// The family.
  package internal(set) var affinity: Affinity
  /// The length, of texts and bytes.
  package internal(set) var length: Int?
  /// The precision, of numbers.
  package internal(set) var precision: Int?
  /// The scale, of numbers.
  package internal(set) var scale: Int?
  /// The collation, of texts.
  package internal(set) var collation: String?
  /// The values of an Enum.
  package internal(set) var values: [String] = []
  /// The name of an Enum or Boolean, and of the CHECK it may bring.
  package internal(set) var constraintName: String?
  /// True if a Uuid is a string in Python (`as_uuid=False`).
  package internal(set) var hasTextUUIDs = false
  /// True if a JSON stores None as NULL (`none_as_null=True`) and not as the text `null`.
  package internal(set) var storesNoneAsNull = false
  /// True if a type of the project changes values on their way in or out.
  package var changesValues = false
  /// True if an Enum or Boolean brings a CHECK (`create_constraint=True`).
  package internal(set) var createsConstraint = false

  private(set) var keyword: String
  private(set) var shape: Shape

  init(name: String, rule: TypeRule) {
    self.name = name
    affinity = rule.affinity
    keyword = rule.keyword
    shape = rule.shape
  }

  /// The type of a column for which none is given.
  package static let null = ColumnType(name: "NullType", rule: .null)

  /// The type that `with_variant(variant, *dialects)` gives on SQLite.
  ///
  /// The family stays that of the receiver, as in SQLAlchemy.
  package func withVariant(_ variant: ColumnType, for dialects: [String]) -> ColumnType {
    guard dialects.contains("sqlite") else { return self }
    var type = variant
    type.affinity = affinity
    return type
  }

  /// The type with another text in a column definition, as `@compiles` gives it.
  package func written(as text: String) -> ColumnType {
    var type = self
    type.keyword = text
    type.shape = .keyword
    return type
  }

  /// The text of the type in a column definition.
  package func sql() throws(SchemaError) -> String {
    let text = try textWithoutCollation()
    guard let collation, shape == .text else { return text }
    return "\(text) COLLATE \(Identifier.quoted(collation))"
  }

  /// The expression cast to this type; a collation stands behind the CAST.
  func cast(_ expression: String) throws(SchemaError) -> String {
    let text = "CAST(\(expression) AS \(try textWithoutCollation()))"
    guard let collation, shape == .text else { return text }
    return "\(text) COLLATE \(Identifier.quoted(collation))"
  }

  /// The condition of the CHECK that the type brings to a column, if it brings one.
  func checkSQL(column: String) -> String? {
    guard createsConstraint else { return nil }
    let allowed = shape == .enumeration ? values.map(SQLText.literal) : ["0", "1"]
    return "\(Identifier.quoted(column)) IN (\(allowed.joined(separator: ", ")))"
  }

  private func textWithoutCollation() throws(SchemaError) -> String {
    switch shape {
    case .keyword:
      return keyword
    case .text, .bytes, .enumeration:
      guard let length, length != 0 else { return keyword }
      return "\(keyword)(\(length))"
    case .number:
      guard let precision else { return keyword }
      guard let scale else { return "\(keyword)(\(precision))" }
      return "\(keyword)(\(precision), \(scale))"
    case .impossible where name == "NullType":
      throw SchemaError(.compile, "no type is given, and DDL cannot be made without one")
    case .impossible:
      throw SchemaError(.compile, "SQLite has no type for \(name)")
    }
  }
}
