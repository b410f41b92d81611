/// SQLAlchemy's `naming_convention`: templates for the names of constraints and indexes that have none.
package struct NamingConvention: Hashable, Sendable {
  /// The templates by kind: `ix`, `uq`, `ck`, `fk`, `pk`; written like `uq_%(table_name)s_%(column_0_name)s`.
  package var templates: [String: String]

  /// Creates a convention.
  package init(_ templates: [String: String] = [:]) {
    self.templates = templates
  }

  /// True if nothing is named by it.
  package var isEmpty: Bool { templates.isEmpty }

  /// The kinds of which a template may be given.
  package static let kinds: Set<String> = ["ix", "uq", "ck", "fk", "pk"]

  /// The name of a constraint in a table; nil if it stays without one.
  ///
  /// A name that is given is replaced only if the template asks for it with `%(constraint_name)s`.
  ///
  /// - Throws: `SchemaError` for a template that is not understood or cannot be filled.
  package func name(
    of constraint: Constraint,
    in table: String
  ) throws(SchemaError) -> String? {
    let kind =
      switch constraint.kind {
      case .primaryKey: "pk"
      case .unique: "uq"
      case .check: "ck"
      case .foreignKey: "fk"
      }
    guard !constraint.isNameFinal, let template = templates[kind],
      constraint.name == nil || template.contains("constraint_name")
    else { return constraint.name }
    var referred: ForeignKey?
    if case .foreignKey(_, let target) = constraint.kind { referred = target }
    return try filled(
      template,
      Tokens(
        table: table,
        columns: constraint.columns,
        referredTable: referred?.table,
        referredColumns: referred?.columns ?? [],
        name: constraint.name
      )
    )
  }

  /// The name of an index that has none; nil where SQLAlchemy's own rule holds.
  ///
  /// - Throws: `SchemaError` for a template that is not understood.
  package func name(ofIndexOn columns: [String], in table: String) throws(SchemaError) -> String? {
    guard let template = templates["ix"] else { return nil }
    return try filled(
      template,
      Tokens(table: table, columns: columns, referredTable: nil, referredColumns: [], name: nil)
    )
  }

  private struct Tokens {
    var table: String
    var columns: [String]
    var referredTable: String?
    var referredColumns: [String]
    var name: String?
  }

  private func filled(_ template: String, _ tokens: Tokens) throws(SchemaError) -> String {
    var name = ""
    var rest = template[...]
    while let percent = rest.firstIndex(of: "%") {
      name += rest[..<percent]
      rest = rest[rest.index(after: percent)...]
      if rest.first == "%" {
        name += "%"
        rest = rest.dropFirst()
        continue
      }
      guard rest.first == "(", let close = rest.firstIndex(of: ")"),
        rest[rest.index(after: close)...].first == "s"
      else { throw Self.notUnderstood(template) }
      let token = String(rest[rest.index(after: rest.startIndex)..<close])
      name += try value(of: token, tokens, template)
      rest = rest[rest.index(after: close)...].dropFirst()
    }
    return name + rest
  }

  private func value(
    of token: String,
    _ tokens: Tokens,
    _ template: String
  ) throws(SchemaError) -> String {
    switch token {
    case "table_name": return tokens.table
    case "referred_table_name":
      guard let table = tokens.referredTable else { throw Self.notUnderstood(template) }
      return table
    case "constraint_name":
      guard let name = tokens.name else {
        throw SchemaError(
          SchemaError.Code("InvalidRequestError"),
          "Naming convention including %(constraint_name)s token requires that constraint is explicitly named."
        )
      }
      return name
    default: break
    }
    let isReferred = token.hasPrefix("referred_column_")
    let columns = isReferred ? tokens.referredColumns : tokens.columns
    let parts = token.dropFirst(isReferred ? "referred_column_".count : "column_".count)
      .split(separator: "_", omittingEmptySubsequences: false)
    guard isReferred || token.hasPrefix("column_"), let last = parts.last,
      ["name", "key", "label"].contains(String(last)), !isReferred || last == "name"
    else { throw Self.notUnderstood(template) }
    let texts = columns.map { last == "label" ? "\(tokens.table)_\($0)" : $0 }
    switch parts.dropLast().map(String.init) {
    case ["0N"]: return texts.joined()
    case ["0", "N"]: return texts.joined(separator: "_")
    case let number where number.count == 1:
      guard let index = Int(number[0]), index >= 0 else { throw Self.notUnderstood(template) }
      return index < texts.count ? texts[index] : ""
    default: throw Self.notUnderstood(template)
    }
  }

  private static func notUnderstood(_ template: String) -> SchemaError {
    SchemaError(.refused, "the naming convention '\(template)' is not read")
  }
}
