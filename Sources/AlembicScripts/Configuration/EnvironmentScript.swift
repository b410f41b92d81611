internal import DurableFiles
internal import PythonSyntax
internal import Revisions

/// What the native engine must know of a project's env.py, which it reads and never runs.
///
/// Settings that change what a migration does to the database are honoured or refused, never passed over.
struct EnvironmentScript {
  /// The version table's name.
  let versionTable: String
  /// Whether the script decides by itself which database it connects to.
  let choosesDatabase: Bool

  /// Arguments of `context.configure` that change nothing on the way from base to head here.
  private static let harmless: Set<String> = [
    "connection", "url", "dialect_name", "dialect_opts", "target_metadata", "literal_binds",
    "compare_type", "compare_server_default", "render_as_batch", "include_object", "include_name",
    "include_schemas", "transaction_per_migration", "transactional_ddl",
    "process_revision_directives",
    "user_module_prefix", "render_item", "version_table_pk", "as_sql", "output_buffer",
  ]

  /// Calls by which an env.py goes round the URL of the ini file.
  private static let choosing: Set<String> = [
    "set_main_option", "set_section_option", "create_engine", "create_async_engine",
  ]

  /// Reads the env.py of a script directory; one that is not there changes nothing.
  init(directory: String, files: FileSystem) throws {
    let path = directory + "/env.py"
    guard try FileStatus.ifPresent(path) != nil else {
      versionTable = "alembic_version"
      choosesDatabase = false
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
    var table: String?
    var choosesDatabase = false
    for expression in module.body.flatMap(\.allExpressions) {
      if case .name("naming_convention") = expression.kind {
        throw ScriptError.notRead(
          "a naming convention in env.py is not read",
          at: Self.location(path, expression.position)
        )
      }
      guard case .call(let function, let arguments) = expression.kind else { continue }
      for argument in arguments {
        if case .keyword("naming_convention") = argument.kind {
          throw ScriptError.notRead(
            "a naming convention in env.py is not read",
            at: Self.location(path, argument.position)
          )
        }
      }
      if Self.choosing.contains(function.lastName) { choosesDatabase = true }
      guard function.lastName == "configure" else { continue }
      for argument in arguments {
        guard case .keyword(let name) = argument.kind else {
          throw ScriptError.notRead(
            "arguments of context.configure that are not named are not read",
            at: Self.location(path, argument.position)
          )
        }
        if Self.harmless.contains(name) { continue }
        guard name == "version_table", case .constant(.string(let named)) = argument.value.kind,
          table == nil || table == named
        else {
          throw ScriptError.notRead(
            "the argument '\(name)' of context.configure is not read",
            at: Self.location(path, argument.position)
          )
        }
        table = named
      }
    }
    versionTable = table ?? "alembic_version"
    self.choosesDatabase = choosesDatabase
  }

  private static func location(_ path: String, _ position: SourcePosition) -> Revision.Location {
    Revision.Location(path: path, line: position.line, column: position.column)
  }
}

extension Statement {
  /// Every expression in the statement and below it.
  fileprivate var allExpressions: [Expression] {
    childExpressions.flatMap(\.withDescendants) + childStatements.flatMap(\.allExpressions)
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

  fileprivate var withDescendants: [Expression] { [self] + children.flatMap(\.withDescendants) }
}
