internal import PythonSyntax

/// The parameters of a function of ours: which it takes, which it takes and ignores; everything else is refused.
struct Signature {
  /// The function as the script writes it: `op.create_table`.
  var name: String
  /// Parameters by position; they may also be given by name.
  var positional: [String] = []
  /// How many of them must be given.
  var required = 0
  /// Whether more may follow by position.
  var isVariadic = false
  /// Parameters by name only.
  var keywords: Set<String> = []
  /// Parameters by name that have no effect on SQLite's schema.
  var ignored: Set<String> = []
  /// Whether any other name may be given, as for the columns of `values(...)`.
  var takesAnyKeyword = false

  /// Keywords that are meant for other databases: alembic accepts and ignores them too.
  private static let otherDialects = ["postgresql_", "mysql_", "mariadb_", "mssql_", "oracle_"]

  /// Whether a parameter may be given by this name.
  func takes(_ keyword: String) -> Bool {
    keywords.contains(keyword) || ignores(keyword) || positional.contains(keyword)
      || takesAnyKeyword
  }

  func ignores(_ keyword: String) -> Bool {
    ignored.contains(keyword) || Self.isForAnotherDialect(keyword)
  }

  /// Whether a keyword is meant for another database.
  static func isForAnotherDialect(_ keyword: String) -> Bool {
    otherDialects.contains { keyword.hasPrefix($0) }
  }

  /// What is wrong with a call as it is written, as far as that can be told without running it.
  func problem(with arguments: [Argument]) -> (message: String, position: SourcePosition)? {
    var count = 0
    for argument in arguments {
      switch argument.kind {
      case .positional: count += 1
      // What is in them, only the run can tell.
      case .unpackedSequence, .unpackedMapping: return nil
      case .keyword(let keyword):
        guard takes(keyword) else {
          return ("the argument '\(keyword)' of \(name) is not read", argument.position)
        }
        if keyword == "schema", case .constant(.string) = argument.value.kind {
          return (
            "a schema of \(name) is not read: SQLite has attached databases instead",
            argument.position
          )
        }
      }
      if count > positional.count, !isVariadic {
        return ("\(name) takes \(positional.count) arguments by position", argument.position)
      }
    }
    return nil
  }
}
