package import Processes

/// What the helper is to run, with which Python, and which database it guards.
package struct HelperRequest: Sendable {
  /// What is run under guard.
  package enum Entry: Hashable, Sendable {
    /// alembic's command line with an ini file.
    case ini(path: String, arguments: [String])
    /// An alembic command on a script directory without an ini file.
    case scripts(path: String, arguments: [String])
    /// A function of a module: `package.module:function`.
    case call(module: String, function: String, arguments: [String])
    /// A Python program.
    case script(path: String, arguments: [String])
  }

  /// What stands for `sqlalchemy.url` in alembic's configuration.
  package enum Database: Hashable, Sendable {
    /// What is configured.
    case configured
    /// An SQLite file by its path; the helper writes the URL, as the project's own SQLAlchemy reads it.
    case file(String)
    /// A URL.
    case url(String)
  }

  /// The interpreter.
  package var python: String
  /// All environment variables of the project.
  package var environment: [String: String]
  /// Where it runs.
  package var workingDirectory: String
  /// What it runs.
  package var entry: Entry
  /// What it connects to.
  package var database = Database.configured
  /// The guards by the names of their modules, without `xm_safe_`, and what they need to know.
  package var guards: [String: [String: String]]
  /// How long the run may take; nil for as long as it takes.
  package var timeout: Duration?
  /// What standard input is.
  package var input = Program.Connection.nothing
  /// Where standard output goes.
  package var output = Program.Connection.inherited

  /// Makes a request of its parts.
  package init(
    python: String,
    environment: [String: String],
    workingDirectory: String,
    entry: Entry,
    guards: [String: [String: String]],
    timeout: Duration? = nil
  ) {
    self.python = python
    self.environment = environment
    self.workingDirectory = workingDirectory
    self.entry = entry
    self.guards = guards
    self.timeout = timeout
  }

  var program: Program {
    var program = Program(
      python,
      ["-c", HelperSource.start],
      environment: environment,
      workingDirectory: workingDirectory
    )
    program.input = input
    program.output = output
    program.errors = .inherited
    program.hasChannel = true
    return program
  }
}

/// The first line that the helper gets.
struct HelperGreeting: Encodable {
  struct Settings: Encodable {
    var entry: Entry
    var guards: [String: [String: String]]
  }

  struct Entry: Encodable {
    var kind: String
    var ini: String?
    var scripts: String?
    var url: String?
    var database: String?
    var module: String?
    var function: String?
    var path: String?
    var arguments: [String]
  }

  var modules: [[String]]
  var settings: Settings

  init(_ request: HelperRequest) {
    modules = HelperSource.modules(for: request.guards.keys.sorted())
    var entry =
      switch request.entry {
      case .ini(let path, let arguments):
        Entry(kind: "alembic", ini: path, arguments: arguments)
      case .scripts(let path, let arguments):
        Entry(kind: "alembic", scripts: path, arguments: arguments)
      case .call(let module, let function, let arguments):
        Entry(kind: "call", module: module, function: function, arguments: arguments)
      case .script(let path, let arguments):
        Entry(kind: "script", path: path, arguments: arguments)
      }
    switch request.database {
    case .configured: break
    case .file(let path): entry.database = path
    case .url(let url): entry.url = url
    }
    settings = Settings(entry: entry, guards: request.guards)
  }
}
