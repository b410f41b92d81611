import AlembicScripts
import Foundation
import Logging
import Migrations
import Revisions
import SQLite
import TestKit
import Testing

/// What both programs are given: a database, and one script to run on it.
struct ConformanceCase: CustomTestStringConvertible, Sendable {
  var name: String
  var database: [String] = []
  var upgrade: String
  /// A naming convention for env.py, as Python writes it.
  var convention: String?
  /// More files of the project, by their paths in it.
  var files: [String: String] = [:]
  var testDescription: String { name }

  /// The script as a file of a versions directory.
  var script: String {
    let body = upgrade.split(separator: "\n", omittingEmptySubsequences: false)
      .map { "    \($0)" }.joined(separator: "\n")
    return """
      \"\"\"\(name)

      Revision ID: aaaa1111
      \"\"\"
      from typing import Sequence, Union

      from alembic import op
      import sqlalchemy as sa

      revision: str = "aaaa1111"
      down_revision: Union[str, Sequence[str], None] = None
      branch_labels: Union[str, Sequence[str], None] = None
      depends_on: Union[str, Sequence[str], None] = None


      def upgrade() -> None:
      \(body)


      def downgrade() -> None:
          [x for x in []][::2]
      """
  }
}

@Suite struct ConformanceTests {
  static let people = [
    "CREATE TABLE t (id INTEGER NOT NULL, name VARCHAR(20), qty NUMERIC(10, 2) DEFAULT '0', PRIMARY KEY (id))",
    "CREATE INDEX ix_t_name ON t (name)",
    "INSERT INTO t VALUES (1, 'one', 1.5), (2, NULL, X'00FF'), (3, 'drei', 'text')",
  ]

  static let cases =
    basics + directives + keywords + core + savepoints + json + project + python

  static let basics = [
    ConformanceCase(
      name: "the tutorial's account table",
      upgrade: """
        op.create_table(
            'account',
            sa.Column('id', sa.Integer, primary_key=True),
            sa.Column('name', sa.String(50), nullable=False),
            sa.Column('description', sa.Unicode(200)),
        )
        op.add_column('account', sa.Column('last_transaction_date', sa.DateTime))
        """
    ),
    ConformanceCase(
      name: "names that need quotes, keys and constraints",
      upgrade: """
        op.create_table(
            'Order Items',
            sa.Column('Id', sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column('group', sa.Integer(), sa.ForeignKey('Parent.Id', ondelete='CASCADE'), index=True),
            sa.Column('code', sa.String(10), unique=True, server_default='x'),
            sa.Column('made', sa.DateTime(), server_default=sa.func.now()),
            sa.Column('flag', sa.Boolean(), server_default=sa.false()),
            sa.Column('n', sa.Numeric(10, 2), server_default=sa.text('0')),
            sa.CheckConstraint('n > 0', name='ck_n'),
            sa.PrimaryKeyConstraint('Id', name=op.f('pk_items')),
            sa.UniqueConstraint('group', 'code', name='uq_gc'),
        )
        op.create_index(op.f('ix_code'), 'Order Items', ['code', 'n'], unique=True)
        op.create_index('ix_low', 'Order Items', [sa.text('lower(code)')], sqlite_where=sa.text('n > 1'))
        """
    ),
    ConformanceCase(
      name: "columns added, dropped and renamed in place",
      database: people,
      upgrade: """
        op.add_column('t', sa.Column('note', sa.Text(), nullable=False, server_default='-'))
        op.drop_index('ix_t_name', table_name='t')
        op.drop_column('t', 'name')
        op.rename_table('t', 'people')
        """
    ),
    ConformanceCase(
      name: "data moved with SQL",
      database: people,
      upgrade: """
        op.execute("UPDATE t SET name = 'it''s 100%' WHERE id = 2")
        op.execute(sa.text("DELETE FROM t WHERE id = 1"))
        for name in ('a', 'b'):
            op.execute(f"INSERT INTO t (id, name) VALUES ({10 + len(name)}, '{name}')" if name == 'a' else "SELECT 1")
        """
    ),
    ConformanceCase(
      name: "a batch that renames, retypes, adds and drops",
      database: people,
      upgrade: """
        with op.batch_alter_table('t', schema=None) as batch_op:
            batch_op.alter_column('name', new_column_name='title', existing_type=sa.String(20), type_=sa.Text())
            batch_op.alter_column('qty', type_=sa.Integer(), existing_type=sa.Numeric(10, 2))
            batch_op.add_column(sa.Column('extra', sa.Integer(), server_default=sa.text('7')))
        with op.batch_alter_table('t') as batch_op:
            batch_op.drop_column('extra')
            batch_op.alter_column('title', server_default='none', existing_type=sa.Text())
        """
    ),
    ConformanceCase(
      name: "a batch that needs no rebuild",
      database: people,
      upgrade: """
        with op.batch_alter_table('t') as batch_op:
            batch_op.add_column(sa.Column('plain', sa.String(5)))
            batch_op.create_index('ix_plain', ['plain'], unique=False)
            batch_op.drop_index('ix_t_name')
        """
    ),
    ConformanceCase(
      name: "what the database has decides",
      database: people,
      upgrade: """
        bind = op.get_bind()
        inspector = sa.inspect(bind)
        tables = inspector.get_table_names()
        if 't' in tables and not inspector.has_table('nope') and inspector.has_table('T'):
            op.create_table('seen', sa.Column('id', sa.Integer(), primary_key=True))
        elif bind.dialect.name == 'sqlite':
            op.drop_table('t')
        else:
            raise RuntimeError('unreachable')
        """
    ),
    ConformanceCase(
      name: "an inspector remembers what it has said",
      database: people,
      upgrade: """
        inspector = sa.inspect(op.get_bind())
        before = inspector.get_table_names()
        op.create_table('log', sa.Column('i', sa.Integer))
        if 'log' in inspector.get_table_names():
            op.drop_table('t')
        """
    ),
    ConformanceCase(
      name: "the seed example",
      upgrade: "op.create_table('Example', sa.Column('Id', sa.Integer, primary_key=True))"
    ),
  ]

  @Test(arguments: cases)
  func `a script leaves what the real alembic leaves`(_ test: ConformanceCase) throws {
    let scratch = try Scratch()
    for (path, text) in test.files { try scratch.write(text, to: path) }
    try scratch.write(test.script, to: "scripts/versions/aaaa1111_x.py")
    let metadata = test.convention.map { "MetaData(naming_convention=\($0))" } ?? "None"
    try scratch.write(
      Self.environment.replacingOccurrences(of: "METADATA", with: metadata),
      to: "scripts/env.py"
    )
    for name in ["ours", "theirs"] { try SampleDatabases.create(scratch.file(name), test.database) }
    let oracle = try Workshop.alembicUpgrade(
      scratch.file("theirs"),
      scripts: scratch.file("scripts")
    )
    #expect(oracle.status == 0, "\(oracle)")

    let configuration = try AlembicConfiguration(scripts: scratch.file("scripts"))
    let scripts = try ScriptDirectory(
      versions: configuration.revisions.versionDirectories,
      environment: configuration.scriptDirectory
    )
    let plan = try scripts.graph.upgradePlan(to: .head, rows: [])
    try scripts.check(plan)
    let live = try Connection(opening: scratch.file("ours"), mode: .readWrite)
    try live.execute("PRAGMA foreign_keys=OFF")
    try live.beginImmediate()
    let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    try MigrationRunner(
      scripts: scripts,
      versionTable: VersionTable(),
      migrationLogger: logger,
      logger: logger
    ).run(plan, on: live)
    try live.commit()
    try live.close()
    #expect(
      try DatabaseDump.text(scratch.file("ours")) == DatabaseDump.text(scratch.file("theirs"))
    )
  }

  /// An env.py as `alembic init` writes it, without its logging.
  static let environment = """
    import os, sys
    from alembic import context
    from sqlalchemy import MetaData, engine_from_config, pool

    # The project's own modules stand beside the scripts.
    sys.path.insert(0, os.path.dirname(os.path.dirname(__file__)))
    config = context.config
    target_metadata = METADATA

    def run_migrations_online():
        connectable = engine_from_config(
            config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool
        )
        with connectable.connect() as connection:
            context.configure(connection=connection, target_metadata=target_metadata)
            with context.begin_transaction():
                context.run_migrations()

    run_migrations_online()
    """
}

@Suite struct ParameterTests {
  @Test(arguments: ["?", "?1", "$x", "@x"])
  func `a parameter without a value is refused, as Python's sqlite3 does`(
    _ parameter: String
  ) throws {
    let scratch = try Scratch()
    let test = ConformanceCase(name: "x", upgrade: "op.execute('UPDATE t SET a = \(parameter)')")
    try scratch.write(test.script, to: "s/aaaa1111_x.py")
    let scripts = try ScriptDirectory(versions: [scratch.file("s")])
    let plan = try scripts.graph.upgradePlan(to: .head, rows: [])
    let connection = try Connection.inMemory()
    try connection.execute("CREATE TABLE t (a)")
    try connection.execute("INSERT INTO t VALUES (1)")
    try connection.beginImmediate()
    let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    let runner = MigrationRunner(
      scripts: scripts,
      versionTable: VersionTable(),
      migrationLogger: logger,
      logger: logger
    )
    #expect(throws: MigrationRunner.Failure.self) { try runner.run(plan, on: connection) }
    #expect(try connection.value("SELECT a FROM t") == .integer(1))
  }
}

@Suite struct VersionTableTests {
  @Test func `a change that does not meet exactly one row is an error in alembic's words`() throws {
    let connection = try Connection.inMemory()
    let table = VersionTable()
    try table.create(in: connection)
    try table.create(in: connection)
    try table.apply(.insert("a"), in: connection)
    let error = try #require(throws: VersionTable.Mismatch.self) {
      try table.apply(.update(from: "x", to: "y"), in: connection)
    }
    #expect(
      error.description
        == "Online migration expected to match one row when updating 'x' to 'y' in 'alembic_version'; 0 found"
    )
    #expect(try table.rows(in: connection) == ["a"])
  }

  @Test func `a name that needs quotes gets them`() throws {
    let connection = try Connection.inMemory()
    let table = VersionTable(name: "My \"Version")
    #expect(try table.rows(in: connection) == [])
    try table.create(in: connection)
    try table.apply(.insert("a"), in: connection)
    #expect(try table.rows(in: connection) == ["a"])
  }
}
