import Foundation

/// What `make setup` has put into the checkout for the tests: a real alembic, and XManager's own scripts.
public enum Workshop {
  /// The root of the checkout.
  public static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// The Python of the virtual environment with alembic 1.20.1 and SQLAlchemy 2.1.9.
  public static var python: String { root + "/.cache/oracle/bin/python" }

  /// The Python of the virtual environment with the oldest stack: alembic 1.4.3 and SQLAlchemy 1.2.19.
  public static var oldestPython: String { root + "/.cache/oracle-oldest/bin/python" }

  /// The script directory of the wheel xmanager 0.8.5.post1.
  public static var xmanagerScripts: String {
    root + "/.cache/xmanager/xmanager/xm_local/storage/alembic"
  }

  /// The script directory of the wheel xmanager 0.7.1.
  public static var oldXManagerScripts: String {
    root + "/.cache/xmanager-0.7.1/xmanager/xm_local/storage/alembic"
  }

  /// The program: that of the variable XM_SAFE_TEST_PROGRAM, as `make test` sets it to the release that users get, which is
  /// several times as fast; otherwise the one that was built with the tests.
  public static var program: String {
    if let named = ProcessInfo.processInfo.environment["XM_SAFE_TEST_PROGRAM"] { return named }
    let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return executable.deletingLastPathComponent().path + "/xm-safe"
  }

  /// Runs the program.
  public static func xmSafe(
    _ arguments: [String],
    in directory: String? = nil,
    environment: [String: String] = [:]
  ) throws -> Command.Outcome {
    try Command.run([program] + arguments, in: directory, environment: environment)
  }

  /// Starts the program with the signals as a shell in front of a terminal has them.
  public static func xmSafeStarted(
    _ arguments: [String],
    in directory: String? = nil,
    environment: [String: String] = [:],
    ignoring ignored: String? = nil
  ) throws -> Command.Running {
    let signals =
      ["--default-signal=INT,TERM,HUP"] + (ignored.map { ["--ignore-signal=\($0)"] } ?? [])
    return try Command.started(
      signals + [program] + arguments,
      in: directory,
      environment: environment
    )
  }

  /// Runs `alembic upgrade` of the real alembic, by its own command line.
  public static func alembic(
    _ arguments: [String],
    in directory: String
  ) throws -> Command.Outcome {
    try Command.run([python, "-m", "alembic"] + arguments, in: directory)
  }

  /// Runs the real alembic's `upgrade` over a script directory against a database.
  public static func alembicUpgrade(
    _ database: String,
    scripts: String,
    target: String = "head",
    python: String = Workshop.python
  ) throws -> Command.Outcome {
    let program = """
      import sys
      from alembic import command
      from alembic.config import Config
      from sqlalchemy.engine.url import URL
      config = Config()
      config.set_main_option("script_location", sys.argv[2].replace("%", "%%"))
      if hasattr(URL, "create"):
          url = URL.create("sqlite", database=sys.argv[1]).render_as_string()
      else:
          url = str(URL("sqlite", database=sys.argv[1]))
      config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
      command.upgrade(config, sys.argv[3])
      """
    return try Command.run([python, "-W", "ignore", "-c", program, database, scripts, target])
  }
}
