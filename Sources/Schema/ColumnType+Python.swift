/// A column type as a script would write it.
extension ColumnType {
  /// The type with a collation as Python, where SQLAlchemy has one that is declared exactly as a column is.
  ///
  /// - Parameters:
  ///   - collation: The collation.
  ///   - declared: The declared type of the column.
  /// - Returns: For example `sa.VARCHAR(30, collation='NOCASE')`; nil if SQLAlchemy has no such type with a collation.
  func pythonText(collating collation: String, as declared: String) -> String? {
    do {
      guard ["CHAR", "NCHAR", "NVARCHAR", "TEXT", "VARCHAR"].contains(name),
        try Self.isSame(sql(), declared)
      else { return nil }
    } catch {
      // What has no text cannot be declared either.
      return nil
    }
    let length = length.map { "\($0), " } ?? ""
    return "sa.\(name)(\(length)collation=\(RebuildLoss.python(collation)))"
  }

  /// Whether two types differ in nothing but white space and case.
  static func isSame(_ type: String, _ other: String) -> Bool {
    func bare(_ text: String) -> String {
      text.uppercased().filter { !$0.isWhitespace }
    }
    return bare(type) == bare(other)
  }
}
