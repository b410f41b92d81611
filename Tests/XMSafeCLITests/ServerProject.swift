import Foundation
import TestKit
import Testing

/// An alembic project of one test whose database is on a server.
struct ServerProject {
  let subject: ServerSubject
  let python: String

  /// Makes one on the server that the tests share.
  init(
    _ kind: TestServer.Kind,
    driver: String? = nil,
    python: String = Workshop.python,
    isAsynchronous: Bool = false,
    mayCreate: Bool = true
  ) throws {
    try self.init(
      ServerSubject(kind, mayCreate: mayCreate, driver: driver),
      python: python,
      environment: isAsynchronous ? Self.asynchronous : Self.synchronous
    )
  }

  /// Makes one on a server of the test's own.
  init(on server: TestServer) throws {
    try self.init(
      ServerSubject(on: server),
      python: Workshop.python,
      environment: Self.synchronous
    )
  }

  private static let synchronous = """
    from alembic import context
    from sqlalchemy import engine_from_config, pool
    config = context.config
    connectable = engine_from_config(
        config.get_section(config.config_ini_section), prefix="sqlalchemy.", poolclass=pool.NullPool)
    with connectable.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
    """

  /// As alembic's template `async` has it.
  private static let asynchronous = """
    import asyncio
    from alembic import context
    from sqlalchemy import pool
    from sqlalchemy.ext.asyncio import async_engine_from_config
    config = context.config
    def run(connection):
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
    async def main():
        connectable = async_engine_from_config(
            config.get_section(config.config_ini_section), prefix="sqlalchemy.", poolclass=pool.NullPool)
        async with connectable.connect() as connection:
            await connection.run_sync(run)
        await connectable.dispose()
    asyncio.run(main())
    """

  private init(_ subject: ServerSubject, python: String, environment: String) throws {
    self.subject = subject
    self.python = python
    try subject.scratch.write(environment, to: "migrations/env.py")
    try subject.scratch.write("", to: "migrations/script.py.mako")
    try script("a1", after: nil, "pass")
  }

  /// A file that a script waits for.
  var gate: String { subject.scratch.file("gate") }

  /// A script that says that it is there, and waits for the gate.
  var waiting: String {
    """
    import os, time
    open(\(Self.python(subject.scratch.file("third"))), 'w').close()
    while not os.path.exists(\(Self.python(gate))): time.sleep(0.01)
    op.execute('SELECT 1')
    """
  }

  /// Writes revisions r1 to rN after a1; each makes a table, puts a row into it, and changes the rows of another; what takes it back
  /// drops the table.
  func chain(_ count: Int, third: String = "pass", thirdBack: String = "pass") throws {
    for number in 1...count {
      let table = """
        op.create_table('n\(number)', sa.Column('id', sa.Integer, primary_key=True))
        op.execute("INSERT INTO n\(number) VALUES (\(number))")
        op.execute("UPDATE experiment SET title = 'by r\(number)' WHERE id = \(number)")
        """
      try script(
        "r\(number)",
        after: number == 1 ? "a1" : "r\(number - 1)",
        number == 3
          ? table + "\n" + third + "\nop.add_column('experiment', sa.Column('late', sa.Integer))"
          : table,
        back: "op.drop_table('n\(number)')\n"
          + (number == 3 ? thirdBack + "\nop.drop_column('experiment', 'late')" : "pass")
      )
    }
  }

  /// Writes one revision after a1.
  func revision(_ body: String) throws { try script("r1", after: "a1", body) }

  private func script(
    _ revision: String,
    after: String?,
    _ body: String,
    back: String = "pass"
  ) throws {
    func indented(_ text: String) -> String {
      text.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
    }
    try subject.scratch.write(
      """
      from alembic import op
      import sqlalchemy as sa
      revision = '\(revision)'
      down_revision = \(after.map { "'\($0)'" } ?? "None")
      def upgrade():
      \(indented(body))
      def downgrade():
      \(indented(back))
      """,
      to: "migrations/versions/\(revision).py"
    )
  }

  private static func python(_ text: String) -> String {
    "'" + text.replacingOccurrences(of: "'", with: "\\'") + "'"
  }

  /// What names the scripts and the Python.
  var arguments: [String] {
    // Without an ini file: alembic's own reading of one stumbles over the per cent sign in the directory's name.
    ["--scripts", subject.scratch.file("migrations"), "--python", python]
  }

  @discardableResult
  func upgrade(_ options: [String] = [], status: Int32 = 0) throws -> Command.Outcome {
    try subject.run(["upgrade"] + options + arguments, status: status)
  }

  @discardableResult
  func plan(_ options: [String] = [], status: Int32 = 0) throws -> Command.Outcome {
    try subject.run(["plan"] + options + arguments, status: status)
  }

  /// Runs a command with the project's own alembic.
  @discardableResult
  func run(_ command: [String], status: Int32 = 0) throws -> Command.Outcome {
    try subject.run(command + arguments, status: status)
  }

  @discardableResult
  func doctor(_ options: [String] = [], status: Int32 = 0) throws -> Command.Outcome {
    let scripts = ["--scripts", subject.scratch.file("migrations")]
    return try subject.run(["doctor"] + options + scripts, status: status)
  }

  /// A command that upgrades with plain alembic.
  var alembic: [String] { alembic("upgrade", "'head'") }

  /// A command of plain alembic, with its arguments in Python.
  func alembic(_ command: String, _ operands: String) -> [String] {
    // Without an ini file, as above.
    let program = """
      import sys
      from alembic import command, config
      settings = config.Config()
      settings.set_main_option("script_location", sys.argv[1].replace("%", "%%"))
      settings.set_main_option("sqlalchemy.url", sys.argv[2].replace("%", "%%"))
      command.\(command)(settings, \(operands))
      """
    return [python, "-c", program, subject.scratch.file("migrations"), subject.url]
  }

  /// Upgrades with plain alembic.
  func alembicUpgrade() throws {
    let outcome = try Command.run(alembic)
    try #require(outcome.status == 0, "\(outcome)")
  }

  /// Starts an upgrade without waiting for it.
  func started(_ options: [String]) throws -> Command.Running {
    try Workshop.xmSafeStarted(
      ["upgrade"] + options + arguments + ["--db", subject.url, "--store", subject.store]
    )
  }

  /// Waits until the third revision is in its middle.
  func waitUntilThird(_ run: Command.Running) throws {
    try run.wait(for: "the third revision") {
      FileManager.default.fileExists(atPath: subject.scratch.file("third"))
    }
  }

  /// What the version table says.
  func versions() throws -> String {
    try subject.database.execute("SELECT version_num FROM alembic_version")
  }
}
