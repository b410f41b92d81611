import Foundation
import TestKit
import Testing

/// A database with scripts, and what `doctor` says of it.
struct DoctorWorld {
  let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  private static let header = "from alembic import op\nimport sqlalchemy as sa\n"

  func script(
    _ id: String,
    after down: String?,
    _ body: [String]
  ) throws {
    try scratch.write(
      Self.header
        + "revision = '\(id)'\ndown_revision = \(down.map { "'\($0)'" } ?? "None")\n\ndef upgrade():\n"
        + body.map { "    \($0)\n" }.joined(),
      to: "scripts/versions/\(id).py"
    )
  }

  /// The env.py that alembic's own template has, without a model.
  func environment() throws {
    try scratch.write(
      """
      from alembic import context
      from sqlalchemy import engine_from_config, pool
      config = context.config
      def run_migrations_online():
          connectable = engine_from_config(
              config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool)
          with connectable.connect() as connection:
              context.configure(connection=connection, target_metadata=None)
              with context.begin_transaction():
                  context.run_migrations()
      run_migrations_online()
      """,
      to: "scripts/env.py"
    )
  }

  /// What names the database and the scripts.
  var options: [String] {
    ["--db", scratch.file("a.sqlite3"), "--scripts", scratch.file("scripts")]
  }

  struct Report: Decodable {
    struct Check: Decodable {
      var check: String
      var severity: String
      var what: String
      var repair: String?
      var statements: [String]
      var commands: [String]
    }
    var isHealthy: Bool
    var checks: [Check]
    var repaired: [Check]

    func problems(_ name: String) -> [Check] {
      checks.filter { $0.check == name && $0.severity == "problem" }
    }
  }

  func doctor(
    _ arguments: [String] = [],
    status: Int32
  ) throws -> Report {
    let outcome = try Workshop.xmSafe(["doctor", "--json"] + arguments + options)
    #expect(outcome.status == status, "\(outcome)")
    return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
  }
}
