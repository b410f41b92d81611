import Foundation
import TestKit
import Testing

/// What others write on a server while a command is guarded, and which tables its guard means.
@Suite struct ServerGuardTests {
  static let kinds = TestServer.Kind.allCases

  private static let insert = "INSERT INTO experiment (id, title) VALUES (77777, 'of another')"

  private func count(_ subject: ServerSubject, _ table: String) throws -> String {
    try subject.database.execute("SELECT count(*) FROM \(table)")
  }

  @Test(arguments: kinds)
  func `what others commit while the snapshot is taken is not lost with a command that fails`(
    _ kind: TestServer.Kind
  ) throws {
    let subject = try ServerSubject(kind)
    // Another program comes when the dump has its view, commits and goes.
    var environment = try subject.dumpProgram(
      then: "[ -e \"$MARK\" ] && exit; : > \"$MARK\"; " + subject.client(Self.insert)
    )
    environment["MARK"] = subject.scratch.file("mark")
    let outcome = try subject.guarded(
      kind == .mariadb ? ["--alone"] : [],
      exiting: 3,
      "CREATE TABLE half (n integer)",
      "DELETE FROM job",
      status: 3,
      environment: environment
    )
    #expect(outcome.errors.contains("Others have written to"), "\(outcome)")
    #expect(outcome.errors.contains("exactly as it was before (restored from"), "\(outcome)")
    #expect(try count(subject, "experiment WHERE id = 77777") == "1")
    #expect(try count(subject, "job") == "501")
  }

  /// A program that writes and stays, until the test's database is dropped.
  private static let visitor = """
    import os, time, sqlalchemy
    engine = sqlalchemy.create_engine(os.environ["URL"], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text("\(insert)"))
        open(os.environ["MARK"] + ".there", "w").close()
        while True:
            connection.execute(sqlalchemy.text("SELECT 1"))
            time.sleep(0.05)
    """

  @Test func `who comes while the database is looked at after the command keeps his rows`() throws {
    let subject = try ServerSubject(.postgresql)
    let real = try Command.run(["sh", "-c", "command -v psql"]).output
      .trimmingCharacters(in: .newlines)
    let script = try subject.scratch.write(Self.visitor, to: "visitor.py")
    let mark = subject.scratch.file("mark")
    // The first client that is started after the command has ended reads what it has left.
    try subject.scratch.writeProgram(
      """
      #!/bin/sh
      if [ -e "$MARK.ready" ] && mkdir "$MARK.once" 2>/dev/null; then
        setsid env -u PGAPPNAME "$PYTHON" "$VISITOR" </dev/null >/dev/null 2>&1 &
        while [ ! -e "$MARK.there" ]; do sleep 0.01; done
      fi
      exec \(real) "$@"
      """,
      to: "bin/psql"
    )
    // It is waited for already.
    try Data().write(to: URL(fileURLWithPath: mark))
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let outcome = try subject.guarded(
      exiting: 3,
      "DELETE FROM job",
      "wait \(mark)",
      status: 21,
      environment: [
        "PATH": subject.scratch.file("bin") + ":" + path, "MARK": mark, "VISITOR": script,
        "PYTHON": Workshop.python,
      ]
    )
    #expect(outcome.errors.contains("was connected to it meanwhile and may have written"))
    #expect(try count(subject, "experiment WHERE id = 77777") == "1")
    #expect(try count(subject, "job") == "0")
  }

  @Test(arguments: kinds)
  func `where others keep writing the command is not begun`(_ kind: TestServer.Kind) throws {
    let subject = try ServerSubject(kind)
    let environment = try subject.dumpProgram(
      then: subject.client("INSERT INTO experiment (id) SELECT max(id) + 1 FROM experiment")
    )
    let outcome = try subject.guarded(
      kind == .mariadb ? ["--alone"] : [],
      "DELETE FROM job",
      status: 11,
      environment: environment
    )
    #expect(outcome.errors.contains("other programs keep writing"), "\(outcome)")
    #expect(outcome.errors.contains("the database was not touched"), "\(outcome)")
    #expect(try count(subject, "job") == "501")
    #expect(try subject.note() == nil)
  }

  @Test(arguments: kinds)
  func `a table that may lose rows and is none is told`(_ kind: TestServer.Kind) throws {
    let project = try ServerProject(kind)
    try project.chain(1)
    let words = "--allow-row-loss 'jbo': there is no such table"
    let run = try project.subject.guarded(
      ["--allow-row-loss", "jbo", "--allow-row-loss", "job"],
      "SELECT 1",
      status: 0
    )
    #expect(run.errors.contains(words + ", neither before nor afterwards"), "\(run)")
    #expect(!run.errors.contains("'job': there is"), "\(run)")
    let upgrade = try project.upgrade(["--allow-row-loss", "jbo", "--allow-row-loss", "job"])
    #expect(upgrade.errors.contains(words + " yet"), "\(upgrade)")
    #expect(!upgrade.errors.contains("'job': there is"), "\(upgrade)")
  }

  private static let otherSchema = """
    CREATE SCHEMA other;
    CREATE TABLE other.parent (id integer PRIMARY KEY);
    CREATE TABLE other.job (id integer REFERENCES other.parent ON DELETE CASCADE);
    INSERT INTO other.parent VALUES (1), (2);
    INSERT INTO other.job VALUES (1), (2);
    """

  @Test func `a name allows the rows of the one table that it means to be lost`() throws {
    let subject = try ServerSubject(.postgresql)
    try subject.execute(Self.otherSchema)
    let refused = try subject.guarded(
      ["--allow-row-loss", "job"],
      "DELETE FROM other.job",
      status: 20
    )
    #expect(refused.errors.contains("2 rows of table 'other.job' vanished"), "\(refused)")
    try subject.guarded(["--allow-row-loss", "other.job"], "DELETE FROM other.job", status: 0)
    try subject.guarded(
      ["--allow-row-loss", "public.job"],
      "DELETE FROM job WHERE experiment_id = 1",
      status: 0
    )

    // Where the search path leads elsewhere first, so does the name.
    try subject.database.execute(
      "ALTER ROLE \(subject.database.user) SET search_path = other, public"
    )
    try subject.execute("INSERT INTO other.job VALUES (1)")
    try subject.guarded(["--allow-row-loss", "job"], "DELETE FROM job", status: 0)
    #expect(try count(subject, "other.job") == "0")
    let inPublic = try subject.guarded(
      ["--allow-row-loss", "job"],
      "DELETE FROM public.job",
      status: 20
    )
    #expect(inPublic.errors.contains("rows of table 'public.job' vanished"), "\(inPublic)")
    #expect(try count(subject, "public.job") == "500")
  }

  @Test func `the same holds for an upgrade`() throws {
    let project = try ServerProject(.postgresql)
    try project.subject.execute(Self.otherSchema)
    // The rows of the child go without a word that names it.
    try project.chain(3, third: "op.execute('DELETE FROM other.parent')")
    let refused = try project.upgrade(["--allow-row-loss", "job"], status: 20)
    #expect(refused.errors.contains("row_loss"), "\(refused)")
    #expect(try count(project.subject, "other.job") == "2")
    try project.upgrade(["--allow-row-loss", "other.job"])
    #expect(try project.versions() == "r3")
  }

  @Test(arguments: kinds)
  func `words in a comment or a text delete nothing`(_ kind: TestServer.Kind) throws {
    try expectLoss(
      kind,
      "op.execute(\"DELETE /* and pet */ FROM owner WHERE 'pet' = 'pet' -- pet\")"
    )
  }

  @Test(arguments: kinds)
  func `what drops a column or an index of a table deletes none of its rows`(
    _ kind: TestServer.Kind
  ) throws {
    try expectLoss(
      kind,
      """
      op.create_index('by_x', 'pet', ['x'])
      op.drop_index('by_x', 'pet')
      op.drop_column('pet', 'x')
      op.execute('DELETE FROM owner')
      """
    )
  }

  /// Expects that a revision is stopped whose deletion takes rows of another table.
  private func expectLoss(_ kind: TestServer.Kind, _ body: String) throws {
    let project = try ServerProject(kind)
    try project.subject.execute("CREATE TABLE owner (id integer PRIMARY KEY)")
    try project.subject.execute(
      "CREATE TABLE pet (id integer PRIMARY KEY, o integer, x integer, FOREIGN KEY (o) REFERENCES owner (id) ON DELETE CASCADE)"
    )
    try project.subject.execute("INSERT INTO owner VALUES (1)")
    try project.subject.execute("INSERT INTO pet VALUES (1, 1, 1)")
    try project.chain(3, third: body)
    let refused = try project.upgrade(["--no-rehearsal"], status: 20)
    #expect(refused.errors.contains("1 of 1 rows have vanished from"), "\(refused)")
    #expect(try count(project.subject, "pet") == "1")
  }

  @Test func `a version table of another schema is one like any other`() throws {
    let subject = try ServerSubject(.postgresql)
    try subject.execute(
      "CREATE SCHEMA other; CREATE TABLE other.alembic_version (version_num varchar(32)); INSERT INTO other.alembic_version VALUES ('z9')"
    )
    let emptied = try subject.guarded([], "DELETE FROM other.alembic_version", status: 20)
    #expect(emptied.errors.contains("1 row of table 'other.alembic_version' vanished"))
    let gone = try subject.guarded([], "DROP TABLE public.alembic_version", status: 20)
    #expect(gone.errors.contains("the version table 'alembic_version' is gone"), "\(gone)")
    #expect(try count(subject, "public.alembic_version") == "1")
  }
}
