internal import DurableFiles
internal import PythonSyntax
internal import Revisions

/// What the native engine must know of a project's env.py, which it reads and never runs.
///
/// Settings that change what a migration does to the database are honoured or refused, never passed over. What is refused needs
/// the project's own alembic.
struct EnvironmentScript {
  /// The first setting that the native engine does not know; nil if it knows all.
  let refusal: ScriptError?
  /// The version table.
  let versionTable: VersionTableOptions
  /// Whether that is certain: it may come from a variable, or out of another module.
  let isVersionTableKnown: Bool
  /// Whether the script decides by itself which database it connects to.
  let choosesDatabase: Bool
  /// The environment variables that it reads, in its order.
  let variables: [String]

  /// Arguments of `context.configure` that change nothing on the way from base to head here.
  private static let harmless: Set<String> = [
    "connection", "url", "dialect_name", "dialect_opts", "target_metadata", "literal_binds",
    "compare_type", "compare_server_default", "render_as_batch", "include_object", "include_name",
    "include_schemas", "transaction_per_migration", "transactional_ddl",
    "process_revision_directives",
    "user_module_prefix", "render_item", "as_sql", "output_buffer",
  ]

  /// Calls by which an env.py goes round the URL of the ini file.
  private static let choosing: Set<String> = [
    "set_main_option", "set_section_option", "create_engine", "create_async_engine",
  ]

  /// Reads the env.py of a script directory; one that is not there changes nothing.
  init(directory: String, files: FileSystem) throws {
    let path = directory + "/env.py"
    guard try FileStatus.ifPresent(path) != nil else {
      versionTable = VersionTableOptions()
      isVersionTableKnown = true
      choosesDatabase = false
      variables = []
      refusal = nil
      return
    }
    let module: Module
    do {
      module = try Module.parse(
        bytes: try ReadableFile.contents(of: path, limit: 8 << 20, calls: files.calls)
      )
    } catch let error as PythonSyntaxError {
      throw ScriptError(
        .syntax,
        error.message,
        at: Self.location(path, error.position),
        hint: "correct the file"
      )
    }
    var tables: Set<VersionTableOptions> = []
    var choosesDatabase = false
    var makesEngineOfSettings = false
    var variables: [String] = []
    var first: ScriptError?
    var isTableKnown = true
    func refuse(_ error: ScriptError) { first = first ?? error }
    module.body.visitExpressions { expression in
      if let variable = expression.environmentVariable { variables.append(variable) }
      switch expression.kind {
      case .call(let function, let arguments):
        choosesDatabase = choosesDatabase || Self.choosing.contains(function.lastName)
        if Self.makesEngineOfSettings(function, arguments) { makesEngineOfSettings = true }
        guard function.lastName == "configure" else { return }
        do throws(ScriptError) {
          tables.insert(try Self.table(arguments, path))
        } catch {
          refuse(error)
          tables.insert(Self.named(arguments))
          isTableKnown = isTableKnown && Self.isTableWritten(in: arguments)
        }
      default: return
      }
    }
    module.body.visitStatements { statement in
      if statement.assignsURL { choosesDatabase = true }
      if let position = statement.renamedConfigure {
        isTableKnown = false
        refuse(
          .notRead(
            "context.configure under another name is not read",
            at: Self.location(path, position)
          )
        )
      }
    }
    if tables.count > 1 {
      refuse(
        .notRead(
          "env.py configures different version tables",
          at: Self.location(path, SourcePosition(line: 1, column: 1))
        )
      )
    }
    // As where env.py only calls a function of the application: its version table may be any.
    if tables.isEmpty {
      refuse(
        .notRead(
          "env.py does not call context.configure itself, so that its version table cannot be read",
          at: Self.location(path, SourcePosition(line: 1, column: 1))
        )
      )
    }
    versionTable = tables.first ?? VersionTableOptions()
    isVersionTableKnown = isTableKnown && tables.count == 1
    refusal = first
    self.choosesDatabase = choosesDatabase || !makesEngineOfSettings
    self.variables = variables
  }

  /// The version table of a call that is not understood otherwise.
  private static func named(_ arguments: [Argument]) -> VersionTableOptions {
    for argument in arguments where argument.kind == .keyword("version_table") {
      if case .constant(.string(let named)) = argument.value.kind {
        return VersionTableOptions(name: named)
      }
    }
    return VersionTableOptions()
  }

  /// Whether a call says in so many words which version table it means.
  private static func isTableWritten(in arguments: [Argument]) -> Bool {
    arguments.allSatisfy { argument in
      switch (argument.kind, argument.value.kind) {
      case (.keyword("version_table"), .constant(.string)): true
      case (.keyword("version_table_schema"), .constant(.none)): true
      case (.keyword("version_table"), _), (.keyword("version_table_schema"), _): false
      case (.keyword, _): true
      default: false
      }
    }
  }

  /// The version table that one call of `context.configure` names.
  private static func table(
    _ arguments: [Argument],
    _ path: String
  ) throws(ScriptError) -> VersionTableOptions {
    var table = VersionTableOptions()
    for argument in arguments {
      let place = location(path, argument.position)
      guard case .keyword(let name) = argument.kind else {
        throw .notRead("arguments of context.configure that are not named are not read", at: place)
      }
      if harmless.contains(name) { continue }
      switch (name, argument.value.kind) {
      case ("version_table", .constant(.string(let named))): table.name = named
      case ("version_table_schema", .constant(.string("main"))): table.schema = "main"
      case ("version_table_schema", .constant(.none)): table.schema = nil
      case ("version_table_pk", .constant(.true)): table.hasPrimaryKey = true
      case ("version_table_pk", .constant(.false)): table.hasPrimaryKey = false
      default:
        throw .notRead("the argument '\(name)' of context.configure is not read", at: place)
      }
    }
    return table
  }

  /// Whether a call makes an engine of the ini file's settings, and of nothing else.
  private static func makesEngineOfSettings(
    _ function: Expression,
    _ arguments: [Argument]
  ) -> Bool {
    function.lastName.hasSuffix("engine_from_config")
      && !arguments.contains { $0.kind == .keyword("url") }
  }

  private static func location(_ path: String, _ position: SourcePosition) -> Revision.Location {
    Revision.Location(path: path, line: position.line, column: position.column)
  }
}

extension Statement {
  /// Whether it sets `something["sqlalchemy.url"]`, as many templates do.
  fileprivate var assignsURL: Bool {
    guard case .assign(let targets, _) = kind else { return false }
    return targets.contains { target in
      guard case .subscript(_, let index) = target.kind else { return false }
      return index.kind == .constant(.string("sqlalchemy.url"))
    }
  }

  /// Where the statement gives `context.configure` another name, under which it would be out of sight.
  fileprivate var renamedConfigure: SourcePosition? {
    guard case .assign(_, let value) = kind, case .attribute(_, "configure") = value.kind else {
      return nil
    }
    return position
  }
}

extension [Statement] {
  /// Goes through the statements and all below them, in the order of the source.
  fileprivate func visitStatements(_ visit: (Statement) -> Void) {
    for statement in self {
      visit(statement)
      statement.childStatements.visitStatements(visit)
    }
  }

  /// Goes through every expression in the statements and below them.
  fileprivate func visitExpressions(_ visit: (Expression) -> Void) {
    visitStatements { statement in
      for expression in statement.childExpressions { expression.visitAll(visit) }
    }
  }
}

extension Expression {
  /// The name that a call's function ends in: `f` of `f()` and of `a.b.f()`.
  fileprivate var lastName: String {
    switch kind {
    case .name(let name), .attribute(_, let name): name
    default: ""
    }
  }

  /// The variable that `os.environ["X"]`, `os.environ.get("X")` or `os.getenv("X")` reads.
  fileprivate var environmentVariable: String? {
    let name: Expression?
    switch kind {
    case .subscript(let base, let index) where base.lastName == "environ": name = index
    case .call(let function, let arguments):
      guard case .attribute(let base, let method) = function.kind else { return nil }
      guard method == "getenv" || method == "get" && base.lastName == "environ" else { return nil }
      name = arguments.first?.value
    default: return nil
    }
    guard case .constant(.string(let text)) = name?.kind else { return nil }
    return text
  }

  /// Goes through the expression and all below it.
  fileprivate func visitAll(_ visit: (Expression) -> Void) {
    visit(self)
    for child in children { child.visitAll(visit) }
  }
}
