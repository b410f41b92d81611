/// What `alter_column(...)` asks of one column.
package struct ColumnAlteration: Hashable, Sendable {
  /// The argument `server_default=`.
  package enum DefaultChange: Hashable, Sendable {
    /// `False`, the default: leave it.
    case unchanged
    /// `None`: the column loses its default.
    case drop
    /// A new default.
    case set(ServerDefault)
  }

  /// The column; inside a batch always by the name it had before the batch.
  package var column: String
  /// The argument `new_column_name=`.
  package var newName: String?
  /// The argument `type_=`.
  package var type: ColumnType?
  /// The argument `existing_type=`; it matters for an Enum or Boolean with a named CHECK.
  package var existingType: ColumnType?
  /// The argument `nullable=`.
  package var nullable: Bool?
  /// The argument `server_default=`.
  package var serverDefault: DefaultChange

  /// Creates an alteration.
  package init(
    _ column: String,
    newName: String? = nil,
    type: ColumnType? = nil,
    existingType: ColumnType? = nil,
    nullable: Bool? = nil,
    serverDefault: DefaultChange = .unchanged
  ) {
    self.column = column
    self.newName = newName
    self.type = type
    self.existingType = existingType
    self.nullable = nullable
    self.serverDefault = serverDefault
  }
}
