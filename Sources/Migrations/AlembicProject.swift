internal import AlembicHelper
package import Processes

/// How a project's own alembic is run: with which Python, which configuration, for how long.
package struct AlembicProject: Sendable {
  /// Where alembic finds the scripts.
  package enum Configuration: Hashable, Sendable {
    /// An ini file.
    case ini(path: String)
    /// A script directory without an ini file.
    case scripts(path: String)
  }

  /// The interpreter.
  package var python: String
  /// Where the scripts are found.
  package var configuration: Configuration
  /// Whether the database was named beside the configuration, and stands for the URL in it.
  package var namesDatabase = false
  /// The environment variables of the project.
  package var environment: [String: String]
  /// Where it runs.
  package var workingDirectory: String
  /// How long it may take; nil for as long as it takes.
  package var timeout: Duration?
  /// What its standard input is.
  package var input = Program.Connection.nothing
  /// Where its standard output goes.
  package var output = Program.Connection.inherited

  /// Makes a project of its parts.
  package init(
    python: String,
    configuration: Configuration,
    environment: [String: String],
    workingDirectory: String,
    timeout: Duration? = nil
  ) {
    self.python = python
    self.configuration = configuration
    self.environment = environment
    self.workingDirectory = workingDirectory
    self.timeout = timeout
  }

  /// What the helper is asked to do: a command of alembic on an SQLite database, on a copy.
  func request(_ arguments: [String], of live: String, on copy: String) -> HelperRequest {
    let entry: HelperRequest.Entry =
      switch configuration {
      case .ini(let path): .ini(path: path, arguments: arguments)
      case .scripts(let path): .scripts(path: path, arguments: arguments)
      }
    var request = HelperRequest(
      python: python,
      environment: environment,
      workingDirectory: workingDirectory,
      entry: entry,
      guards: ["sqlite": ["live": live, "copy": copy]],
      timeout: timeout
    )
    switch configuration {
    case .ini where !namesDatabase: break
    case .ini, .scripts: request.database = .file(live)
    }
    request.input = input
    request.output = output
    return request
  }
}
