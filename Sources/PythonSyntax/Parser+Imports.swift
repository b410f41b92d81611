/// `import` statements.
extension Parser {
  /// Reads an `import` statement.
  mutating func importStatement() throws(PythonSyntaxError) -> Statement.Kind {
    advance()
    var names: [ImportAlias] = []
    repeat {
      let position = token.position
      let name = try dottedName()
      names.append(try alias(of: name, at: position))
    } while accept(.comma)
    return .import(names)
  }

  /// Reads a `from ... import` statement.
  mutating func importFromStatement() throws(PythonSyntaxError) -> Statement.Kind {
    advance()
    var level = 0
    while isAt(.dot) || isAt(.ellipsis) { level += advance().range.count }
    let module = level > 0 && isAt(.import) ? nil : try dottedName()
    try expect(.import)
    return .importFrom(module: module, names: try importedNames(), level: level)
  }

  /// Reads the names after `from ... import`.
  private mutating func importedNames() throws(PythonSyntaxError) -> [ImportAlias] {
    let position = token.position
    if accept(.star) { return [ImportAlias(position: position, name: "*", asName: nil)] }
    let isBracketed = accept(.leftParenthesis)
    var names: [ImportAlias] = []
    repeat {
      if isBracketed, isAt(.rightParenthesis), !names.isEmpty { break }
      if !isBracketed, token.kind == .newline, !names.isEmpty {
        throw error("trailing comma not allowed without surrounding parentheses")
      }
      let position = token.position
      let name = try expectName()
      names.append(try alias(of: name, at: position))
    } while accept(.comma)
    guard !isBracketed || accept(.rightParenthesis) else { throw unexpected("',' or ')'") }
    return names
  }

  /// Reads names with dots between them.
  private mutating func dottedName() throws(PythonSyntaxError) -> String {
    var name = try expectName("the name of a module")
    while accept(.dot) { name += "." + (try expectName()) }
    return name
  }

  /// Reads the `as` of an imported name, if there is one.
  private mutating func alias(
    of name: String,
    at position: SourcePosition
  ) throws(PythonSyntaxError) -> ImportAlias {
    let asName = accept(.as) ? try expectName() : nil
    return ImportAlias(position: position, name: name, asName: asName)
  }
}
