/// What a foreign key loses, in words.
extension RebuildLoss {
  /// A convention that gives the foreign keys of a table names to drop them by: that of alembic's manual
  /// (https://alembic.sqlalchemy.org/en/latest/batch.html#dropping-unnamed-or-named-foreign-keys).
  private static let convention =
    "naming_convention={'fk': 'fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s'}"

  /// Names what reflection does not see of a foreign key; nil if that is nothing.
  ///
  /// - Parameters:
  ///   - reference: The foreign key as it is.
  ///   - table: Its table.
  ///   - isRecognized: Whether reflection sees the foreign key with its name.
  init?(of reference: Constraint, from table: String, isRecognized: Bool = false) {
    guard case .foreignKey(let columns, let target) = reference.kind, let first = columns.first
    else { return nil }
    let (onDelete, onUpdate) = (Self.action(target.onDelete), Self.action(target.onUpdate))
    let parts = [
      onDelete.map { "ON DELETE \($0)" }, onUpdate.map { "ON UPDATE \($0)" },
      reference.deferrable == true ? "DEFERRABLE" : nil, reference.name.map { "the name \($0)" },
    ].compactMap(\.self)
    guard !parts.isEmpty else { return nil }
    let reflected = "fk_\(table)_\(first)_\(target.table)"
    let arguments = [
      Self.python(reference.name ?? reflected), Self.python(target.table), Self.python(columns),
      Self.python(target.columns), onDelete.map { "ondelete=\(Self.python($0))" },
      onUpdate.map { "onupdate=\(Self.python($0))" },
      reference.deferrable == true ? "deferrable=True" : nil,
      reference.deferrable == true
        ? reference.initially.map { "initially=\(Self.python($0))" } : nil,
    ].compactMap(\.self)
    // What the rebuild keeps of it has no name, and would stay beside the new one.
    self.init(
      "\(parts.joined(separator: ", ")) of the foreign key from \(columns.joined(separator: ", ")) is gone",
      remedy:
        "op.batch_alter_table(\(Self.python(table)), \(Self.convention)); batch_op.drop_constraint(\(Self.python(isRecognized ? reference.name ?? reflected : reflected)), type_='foreignkey'); batch_op.create_foreign_key(\(arguments.joined(separator: ", ")))",
      of: .reference(reference)
    )
  }

  /// What a foreign key does besides forbidding; nil for nothing.
  static func action(_ words: String?) -> String? {
    words.map { $0.uppercased() }.flatMap { $0 == "NO ACTION" ? nil : $0 }
  }
}
