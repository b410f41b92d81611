import Foundation
import TestKit
import Testing

/// What is not a row and not a name: how the objects of a PostgreSQL database are defined, and who may use them.
@Suite struct ServerDefinitionTests {
  struct Change: CustomTestStringConvertible, Sendable {
    var name: String
    var setup: String
    var change: String
    /// What shows it.
    var query: String
    var testDescription: String { name }
  }

  private static let table = "CREATE TABLE other (id integer PRIMARY KEY, value text);"

  static let changes = [
    Change(
      name: "a default",
      setup: table + "ALTER TABLE other ADD COLUMN d integer DEFAULT 1",
      change: "ALTER TABLE other ALTER COLUMN d SET DEFAULT 99",
      query: "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'other'::regclass"
    ),
    Change(
      name: "a view",
      setup: table + "CREATE VIEW v AS SELECT id FROM other",
      change: "CREATE OR REPLACE VIEW v AS SELECT id FROM other WHERE id > 1",
      query: "SELECT pg_get_viewdef('v'::regclass)"
    ),
    Change(
      name: "where a sequence is",
      setup: "CREATE SEQUENCE s",
      change: "SELECT setval('s', 5000)",
      query: "SELECT last_value FROM s"
    ),
    Change(
      name: "how a sequence counts",
      setup: "CREATE SEQUENCE s",
      change: "ALTER SEQUENCE s INCREMENT BY 7",
      query: "SELECT seqincrement FROM pg_sequence WHERE seqrelid = 's'::regclass"
    ),
    Change(
      name: "a check",
      setup: table + "ALTER TABLE other ADD CONSTRAINT ck CHECK (id < 100)",
      change:
        "ALTER TABLE other DROP CONSTRAINT ck; ALTER TABLE other ADD CONSTRAINT ck CHECK (id < 9)",
      query: "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ck'"
    ),
    Change(
      name: "an index of the same name",
      setup: table + "CREATE INDEX ix ON other (value)",
      change: "DROP INDEX ix; CREATE INDEX ix ON other (id)",
      query: "SELECT pg_get_indexdef('ix'::regclass)"
    ),
    Change(
      name: "a comment",
      setup: table + "COMMENT ON TABLE other IS 'old'",
      change: "COMMENT ON TABLE other IS 'new'",
      query: "SELECT obj_description('other'::regclass)"
    ),
    Change(
      name: "a policy",
      setup: table + "CREATE POLICY p ON other USING (true)",
      change: "ALTER POLICY p ON other USING (false)",
      query: "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy"
    ),
    Change(
      name: "row security",
      setup: table + "ALTER TABLE other ENABLE ROW LEVEL SECURITY",
      change: "ALTER TABLE other DISABLE ROW LEVEL SECURITY",
      query: "SELECT relrowsecurity FROM pg_class WHERE relname = 'other'"
    ),
    Change(
      name: "a trigger that is switched off",
      setup: table
        + "CREATE TRIGGER tr BEFORE UPDATE ON other FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
      change: "ALTER TABLE other DISABLE TRIGGER tr",
      query: "SELECT tgenabled FROM pg_trigger WHERE tgname = 'tr'"
    ),
    Change(
      name: "a grant",
      setup: table + "GRANT SELECT ON other TO public",
      change: "REVOKE SELECT ON other FROM public",
      query: "SELECT relacl FROM pg_class WHERE relname = 'other'"
    ),
    Change(
      name: "an option of a table",
      setup: table,
      change: "ALTER TABLE other SET (fillfactor = 50)",
      query: "SELECT reloptions FROM pg_class WHERE relname = 'other'"
    ),
    Change(
      name: "whose rights a function has",
      setup: "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
      change: "ALTER FUNCTION f() SECURITY DEFINER",
      query: "SELECT prosecdef FROM pg_proc WHERE proname = 'f'"
    ),
    Change(
      name: "the check of a domain",
      setup: "CREATE DOMAIN dom AS integer CHECK (value < 5)",
      change: "ALTER DOMAIN dom DROP CONSTRAINT dom_check",
      query: "SELECT count(*) FROM pg_constraint WHERE contypid = 'dom'::regtype"
    ),
    Change(
      name: "a partition that is taken out",
      setup:
        "CREATE TABLE pt (id integer, k integer) PARTITION BY RANGE (k); CREATE TABLE pt1 PARTITION OF pt FOR VALUES FROM (0) TO (10)",
      change: "ALTER TABLE pt DETACH PARTITION pt1",
      query: "SELECT relispartition FROM pg_class WHERE relname = 'pt1'"
    ),
    Change(
      name: "a view that is emptied",
      setup: table + "CREATE MATERIALIZED VIEW mv AS SELECT count(*) FROM other",
      change: "REFRESH MATERIALIZED VIEW mv WITH NO DATA",
      query: "SELECT relispopulated FROM pg_class WHERE relname = 'mv'"
    ),
  ]

  /// Writes the one revision.
  private func script(_ body: String, _ project: ServerProject) throws {
    let lines = body.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
    try project.subject.scratch.write(
      """
      import os
      import sqlalchemy as sa
      from alembic import op
      revision = 'r1'
      down_revision = 'a1'
      def upgrade():
      \(lines)
      """,
      to: "migrations/versions/r1.py"
    )
  }

  @Test(arguments: changes)
  func `what only changes a definition is seen after a failure, and put back`(
    _ change: Change
  ) throws {
    let project = try ServerProject(.postgresql)
    let database = project.subject.database
    try project.subject.execute(change.setup)
    try script(
      """
      with op.get_context().autocommit_block():
        for text in \"\"\"\(change.change)\"\"\".split('; '): op.execute(text)
      raise RuntimeError('boom')
      """,
      project
    )
    let before = try database.execute(change.query)
    let outcome = try project.upgrade(["--tx-mode", "none", "--no-rehearsal"], status: 20)
    #expect(try database.execute(change.query) == before)
    #expect(
      outcome.errors.contains(
        "state: the database is exactly as it was before (restored from snapshot"
      ),
      "\(outcome)"
    )
  }

  @Test func `a snapshot knows its definitions, and an earlier one is compared by what it knows`()
    throws
  {
    let subject = try ServerSubject(.postgresql)
    _ = try subject.snapshot()
    #expect(try subject.run(["snapshot", "--if-changed"]).output.hasPrefix("unchanged"))
    try subject.execute("COMMENT ON TABLE job IS 'new'")
    #expect(try !subject.run(["snapshot", "--if-changed"]).output.hasPrefix("unchanged"))
    #expect(try subject.run(["snapshot", "--if-changed"]).output.hasPrefix("unchanged"))
  }

  @Test func `what a sequence has counted in a transaction that was rolled back is told`() throws {
    let project = try ServerProject(.postgresql)
    try script("op.execute(\"SELECT nextval('job_n_seq')\")\nraise RuntimeError('boom')", project)
    let outcome = try project.upgrade(["--no-rehearsal"], status: 20)
    #expect(outcome.errors.contains("but for what sequences have counted"), "\(outcome)")
    #expect(outcome.errors.contains("job_n_seq"), "\(outcome)")
  }

  @Test func `a restore grants nothing that the dump does not grant`() throws {
    let subject = try ServerSubject(.postgresql)
    try subject.execute(
      """
      ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO public;
      ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM public;
      CREATE TABLE granted (a integer);
      """
    )
    let before = try subject.database.dump()
    let id = try subject.snapshot()
    try subject.execute(
      """
      UPDATE alembic_version SET version_num = 'b2';
      ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO public;
      """
    )
    let restored = try subject.run(["restore", id])
    #expect(restored.errors.contains("and compared it: equal"), "\(restored)")
    #expect(
      ServerSnapshotTests.sorted(try subject.database.dump()) == ServerSnapshotTests.sorted(before)
    )
  }

  // MARK: - Other connections

  @Test(arguments: TestServer.Kind.allCases, ["upgrade", "plan"])
  func `a connection of a script's own cannot write to the database while a copy is worked on`(
    _ kind: TestServer.Kind,
    _ command: String
  ) throws {
    let project = try ServerProject(kind)
    try script(
      """
      with sa.create_engine(os.environ['APP_URL']).begin() as c: c.execute(sa.text('DELETE FROM job'))
      """,
      project
    )
    let outcome = try project.subject.run(
      [command] + project.arguments,
      status: 20,
      environment: ["APP_URL": project.subject.url]
    )
    #expect(outcome.errors.contains("let it use op.get_bind()"), "\(outcome)")
    #expect(try project.subject.database.execute("SELECT count(*) FROM job") == "501")
  }

  @Test(arguments: ["upgrade", "plan"])
  func `what has come into the database past the guard is not denied`(_ command: String) throws {
    let project = try ServerProject(.postgresql)
    try script(
      """
      import psycopg2
      c = psycopg2.connect(os.environ['APP_URL'])
      c.cursor().execute('DELETE FROM job WHERE experiment_id = 1')
      c.commit()
      raise RuntimeError('boom')
      """,
      project
    )
    let url = project.subject.url.replacingOccurrences(of: "+psycopg2", with: "")
    let outcome = try project.subject.run(
      [command] + project.arguments,
      status: 21,
      environment: ["APP_URL": url]
    )
    #expect(outcome.errors.contains("was changed while the rehearsal ran"), "\(outcome)")
    #expect(!outcome.errors.contains("was not touched"), "\(outcome)")
    #expect(!outcome.errors.contains("was only read"), "\(outcome)")
    // The way back is there.
    let name = try #require(
      project.subject.scratch.names(in: "store").first { $0.hasSuffix(".gz") }
    )
    let id = try #require(name.split(separator: "-").last?.split(separator: ".").first)
    try project.subject.run(["restore", String(id)])
    #expect(try project.subject.database.execute("SELECT count(*) FROM job") == "501")
  }

  @Test func `a server that ends sessions that wait does not end the one with the lock`() throws {
    let project = try ServerProject(.postgresql)
    try project.chain(1)
    let name = project.subject.database.name
    try project.subject.execute("ALTER DATABASE \(name) SET idle_session_timeout = '100ms'")
    try project.upgrade(["--no-rehearsal"])
    #expect(try project.versions() == "r1")
  }
}
