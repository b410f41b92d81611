/// The functions of `op`; one file per concern.
enum OpDirectives {
  typealias Function = Directive<MigrationContext>

  /// All of them.
  static let all = Function.table(tables, columns, indexes, constraints, execution, context)
}
