/// A reflected table as a script sees it.
extension Table {
  /// The table that SQLAlchemy makes of what is in the database.
  ///
  /// - Throws: `SchemaError` for a type that cannot be carried over.
  package init(reflected table: ReflectedTable) throws(SchemaError) {
    var columns: [Column] = []
    for column in table.columns {
      var made = try Column(reflected: column)
      // Outside of a batch nothing adds parentheses to the default.
      made.serverDefault = column.defaultText.map { .text($0.escapingColons) }
      columns.append(made)
    }
    // A key of one column belongs to the table here too: a copy of the column does not take it along.
    self.init(
      table.name,
      columns: columns,
      constraints: table.constraints,
      options: table.options
    )
  }
}

extension String {
  /// The text as `text()` takes it without a parameter in it.
  fileprivate var escapingColons: String {
    var text = ""
    for character in unicodeScalars {
      if character == ":" { text += "\\" }
      text.unicodeScalars.append(character)
    }
    return text
  }
}
