import Foundation
import SQLite

/// A small project with an alembic.ini, an env.py and a chain of scripts, and a copy of it that plain alembic upgrades.
public struct AlembicProjectFixture {
  /// The directory that both are in.
  public let scratch: Scratch
  /// The stack that runs it.
  public let stack: AlembicStack

  /// What the scripts of a chain do, one after the other, and what takes each back; the first is applied already.
  public init(
    _ stack: AlembicStack = .newest,
    scripts: [String],
    downgrades: [String] = [],
    environment: String = AlembicProjectFixture.genericEnvironment,
    url: String = "sqlite:///app.db"
  ) throws {
    self.stack = stack
    // alembic's own reading of an ini file stumbles over a percent sign in the path.
    scratch = try Scratch(named: "xm-safe test #1")
    for name in ["plain", "guarded"] {
      try scratch.write(
        "[alembic]\nscript_location = migrations\nsqlalchemy.url = \(url)\n",
        to: "\(name)/alembic.ini"
      )
      try scratch.write(environment, to: "\(name)/migrations/env.py")
      for (index, script) in ([Self.base] + scripts).enumerated() {
        try scratch.write(
          Self.script(
            index + 1,
            script,
            back: index > 0 && index <= downgrades.count ? downgrades[index - 1] : "pass"
          ),
          to: "\(name)/migrations/versions/r\(index + 1).py"
        )
      }
      try SampleDatabases.create(scratch.file("\(name)/app.db"), Self.database)
    }
  }

  /// The database that xm-safe upgrades.
  public var database: String { scratch.file("guarded/app.db") }

  /// Everything in one of the two databases.
  public func dump(_ name: String = "guarded") throws -> String {
    try DatabaseDump.text(scratch.file("\(name)/app.db"))
  }

  /// Upgrades the one with plain alembic.
  public func plain(
    to target: String = "head",
    environment: [String: String] = [:]
  ) throws -> Command.Outcome {
    try plain(["upgrade", target], environment: environment)
  }

  /// Runs a command of plain alembic on the one.
  public func plain(
    _ arguments: [String],
    environment: [String: String] = [:]
  ) throws -> Command.Outcome {
    try Command.run(
      [stack.alembic] + arguments,
      in: scratch.file("plain"),
      environment: environment
    )
  }

  /// Upgrades the other one with xm-safe and the project's own alembic.
  public func guarded(
    _ arguments: [String] = ["upgrade"],
    engine: String? = "alembic",
    python: Bool = true,
    environment: [String: String] = [:]
  ) throws -> Command.Outcome {
    try Workshop.xmSafe(
      arguments + (python ? ["--python", stack.python] : [])
        + (engine.map { ["--engine", $0] } ?? []),
      in: scratch.file("guarded"),
      environment: environment
    )
  }

  /// What is in the directory of the guarded one beside what was written there, Python's caches left out.
  public func leftovers() throws -> [String] {
    let known: Set<String> = ["alembic.ini", "migrations", "app.db", "Backups"]
    let store =
      try FileManager.default.fileExists(atPath: scratch.file("guarded/Backups"))
      ? scratch.names(in: "guarded/Backups") : []
    return try scratch.names(in: "guarded").filter { !known.contains($0) }
      + store.filter { $0.hasPrefix(".") && !$0.hasPrefix(".lock-") }
  }

  /// The database before: at the first revision.
  public static let database = [
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))",
    "INSERT INTO alembic_version VALUES ('r1')",
    "CREATE TABLE parent (id INTEGER PRIMARY KEY, name VARCHAR(20))",
    "CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent (id) ON DELETE CASCADE)",
    "CREATE TABLE other (id INTEGER PRIMARY KEY, value TEXT)",
    "INSERT INTO parent VALUES (1, 'one'), (2, 'two'), (3, NULL)",
    "INSERT INTO child VALUES (10, 1), (11, 1), (12, 2)",
    "INSERT INTO other VALUES (1, 'a'), (2, X'00FF'), (3, 2.5)",
  ]

  private static let base = "pass"

  /// A script of a chain; what stands before a line with only `---` is the module's own.
  private static func script(_ number: Int, _ text: String, back: String) -> String {
    let parts = text.components(separatedBy: "\n---\n")
    func indented(_ text: String) -> String {
      text.components(separatedBy: "\n").map { "    \($0)" }.joined(separator: "\n")
    }
    return """
      \"\"\"Step \(number)\"\"\"
      import os
      import sqlite3
      import sys
      import sqlalchemy as sa
      from alembic import op
      \(parts.count > 1 ? parts[0] : "")

      revision = "r\(number)"
      down_revision = \(number == 1 ? "None" : "\"r\(number - 1)\"")
      branch_labels = None
      depends_on = None


      def upgrade():
      \(indented(parts[parts.count - 1]))


      def downgrade():
      \(indented(back))
      """
  }

  /// As alembic's generic template has it, without the configuration of the log.
  public static let genericEnvironment = """
    from sqlalchemy import engine_from_config, pool
    from alembic import context

    config = context.config
    target_metadata = None

    connectable = engine_from_config(
        config.get_section(config.config_ini_section), prefix="sqlalchemy.", poolclass=pool.NullPool
    )
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()
    """
}
