import Foundation
import TestKit
import Testing

/// What a dump of MariaDB holds and its server would not take as it is.
@Suite struct ServerLoadTests {
  @Test func `a column with a sequence for its default comes back`() throws {
    let subject = try ServerSubject(.mariadb)
    try subject.execute(
      "CREATE SEQUENCE numbers; CREATE TABLE numbered (id bigint DEFAULT NEXTVAL(numbers) PRIMARY KEY, what text); INSERT INTO numbered (what) VALUES ('a'), ('b')"
    )
    let before = try subject.content()
    let id = try subject.snapshot()
    try subject.run(["verify", "--deep", id])
    try subject.execute("DROP TABLE numbered; DROP SEQUENCE numbers")
    try subject.run(["verify", "--deep", id])
    try subject.run(["restore", id])
    #expect(try subject.content() == before)
    try subject.execute("INSERT INTO numbered (what) VALUES ('c')")
  }

  @Test func `a rehearsal counts no sequence of the database`() throws {
    let project = try ServerProject(.mariadb)
    let subject = project.subject
    try subject.execute(
      "CREATE SEQUENCE numbers NOCACHE; CREATE TABLE numbered (id bigint DEFAULT NEXTVAL(numbers) PRIMARY KEY, what text)"
    )
    try project.revision("op.execute('INSERT INTO numbered (what) SELECT title FROM experiment')")
    try project.run(["plan"])
    try subject.execute("INSERT INTO numbered (what) VALUES ('first')")
    #expect(try subject.database.execute("SELECT id FROM numbered") == "1")
  }

  @Test func `a row that is longer than a statement may be is told, and comes back when it may`()
    throws
  {
    let server = try TestServer(.mariadb)
    try server.execute("SET GLOBAL max_allowed_packet = 1048576")
    let subject = try ServerSubject(on: server)
    try subject.execute(
      "CREATE TABLE large (id integer PRIMARY KEY, data longblob); INSERT INTO large VALUES (1, REPEAT('x', 700000))"
    )
    let saved = try subject.run(["snapshot"])
    let words = "SET GLOBAL max_allowed_packet = 14"
    #expect(saved.errors.contains(words), "\(saved)")
    let before = try subject.content()
    try subject.execute("DELETE FROM job")
    let failed = try subject.run(["restore", "latest"], status: 1)
    #expect(failed.errors.contains(words), "\(failed)")
    #expect(failed.errors.contains("the database was not touched"), "\(failed)")
    let found = failed.errors.firstMatch(of: #/"(SET GLOBAL max_allowed_packet = \d+)"/#)
    try server.execute(String(try #require(found).1))
    try subject.run(["restore", "latest"])
    #expect(try subject.content() == before)
    try ServerSnapshotTests.expectNothingLeft(subject)
  }

  @Test func `the character set for new tables comes back`() throws {
    let subject = try ServerSubject(.mariadb)
    let name = subject.database.name
    func encoding() throws -> String {
      try subject.database.server.execute(
        "SELECT CONCAT(DEFAULT_CHARACTER_SET_NAME, ' ', DEFAULT_COLLATION_NAME) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '\(name)'"
      )
    }
    // Its routines keep what they were made under, and mariadb-dump changes the database, by its name, to make them so again.
    try subject.execute("ALTER DATABASE `\(name)` CHARACTER SET latin1 COLLATE latin1_bin")
    let before = try encoding()
    let content = try subject.content()
    let id = try subject.snapshot()
    try subject.execute("ALTER DATABASE `\(name)` CHARACTER SET latin2 COLLATE latin2_croatian_ci")
    #expect(try encoding() == "latin2 latin2_croatian_ci")
    try subject.run(["verify", "--deep", id])
    #expect(try encoding() == "latin2 latin2_croatian_ci")
    try subject.run(["restore", id])
    #expect(try encoding() == before)
    #expect(try subject.content() == content)
    try subject.run(["undo"])
    #expect(try encoding() == "latin2 latin2_croatian_ci")
  }

  @Test func `who may call a routine may still do so after a restore`() throws {
    let subject = try ServerSubject(.mariadb)
    let name = subject.database.name
    let body = "SELECT '\(String(repeating: "long", count: 300))'"
    try subject.execute(
      "CREATE PROCEDURE kept() \(body); CREATE FUNCTION gone(n integer) RETURNS integer DETERMINISTIC RETURN n"
    )
    try subject.database.server.execute(
      "CREATE USER joe_\(name); GRANT EXECUTE ON PROCEDURE \(name).kept TO joe_\(name)"
    )
    let before = try subject.content()
    let id = try subject.snapshot()
    try subject.execute(
      "CREATE OR REPLACE PROCEDURE kept() SELECT 2; DROP FUNCTION gone; CREATE PROCEDURE later() SELECT 3"
    )
    try subject.run(["restore", id])
    #expect(try subject.content() == before)
    let grants = try subject.database.server.execute("SHOW GRANTS FOR joe_\(name)")
    #expect(grants.contains("`kept` TO `joe_"), "\(grants)")
    try subject.database.server.execute("DROP USER joe_\(name)")
  }

  @Test(arguments: [
    "CREATE TABLE other (n integer) ENGINE=MyISAM",
    "ALTER TABLE experiment ADD SYSTEM VERSIONING",
    "ALTER TABLE experiment ADD COLUMN share float; UPDATE experiment SET share = 0.123456789; ALTER TABLE log ADD COLUMN more integer",
  ])
  func `what a failed revision leaves and no dump holds keeps nobody from going back`(
    _ statements: String
  ) throws {
    let project = try ServerProject(.mariadb)
    let subject = project.subject
    let before = try subject.content()
    let body = statements.components(separatedBy: "; ").map { "op.execute('\($0)')" }
    try project.revision(
      (body + ["op.execute('INSERT INTO nonexist VALUES (1)')"]).joined(separator: "\n")
    )
    let failed = try project.upgrade(["--no-rehearsal"], status: 20)
    #expect(failed.errors.contains("The snapshot is not whole: "), "\(failed)")
    #expect(failed.errors.contains("restored from snapshot"), "\(failed)")
    #expect(try subject.content() == before)
    #expect(try subject.note() == nil)
    let kept = try #require(failed.errors.firstMatch(of: #/in the schema '(xm_safe_\w+_old)'/#))
    let schema = String(kept.1)
    let table = statements.contains("other") ? "other" : "experiment"
    let count = try subject.database.server.execute("SELECT COUNT(*) FROM `\(schema)`.`\(table)`")
    #expect(count == (table == "other" ? "0" : "501"))
    // It stays, whatever is done next; and what is not whole says so.
    let left = try #require(failed.errors.firstMatch(of: #/snapshot (\w+) holds what/#))
    let told = try subject.run(["verify", "--deep", String(left.1)])
    #expect(told.errors.contains("is not whole: "), "\(told)")
    try subject.database.server.execute("DROP DATABASE `\(schema)`")
    try ServerSnapshotTests.expectNothingLeft(subject)
  }

  @Test func `packages are put back, and texts in triggers that look like commands of the client`()
    throws
  {
    let subject = try ServerSubject(.mariadb)
    try subject.execute(
      """
      SET sql_mode = 'ORACLE';
      DELIMITER $$
      CREATE PACKAGE pk AS FUNCTION one RETURN INT; END$$
      CREATE PACKAGE BODY pk AS FUNCTION one RETURN INT AS BEGIN RETURN 1; END; END$$
      SET sql_mode = DEFAULT$$
      CREATE TRIGGER odd BEFORE UPDATE ON log FOR EACH ROW SET NEW.what = '
      DELIMITER ;
      UNLOCK TABLES;
      LOCK TABLES `x` WRITE;
      '$$
      DELIMITER ;
      """
    )
    let before = try subject.content()
    let id = try subject.snapshot()
    try subject.run(["verify", "--deep", id])
    try subject.execute("DELETE FROM job; SET sql_mode = 'ORACLE'; DROP PACKAGE pk")
    try subject.run(["restore", id])
    #expect(try subject.content() == before)
    try subject.execute("DELETE FROM job")
    try subject.run(["restore", id])
    #expect(try subject.content() == before)
    try ServerSnapshotTests.expectNothingLeft(subject)
  }

  @Test func `a revision that changes the character set alone, and fails, leaves the former one`()
    throws
  {
    let project = try ServerProject(.mariadb)
    let subject = project.subject
    let database = subject.database
    try subject.execute("DROP PROCEDURE twice; DROP EVENT nightly; DROP TRIGGER noted")
    func encoding() throws -> String {
      try database.server.execute(
        "SELECT DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '\(database.name)'"
      )
    }
    let before = try encoding()
    try project.revision(
      "op.execute('ALTER DATABASE CHARACTER SET latin2')\nop.execute('INSERT INTO nonexist VALUES (1)')"
    )
    let failed = try project.upgrade(["--no-rehearsal"], status: 20)
    #expect(failed.errors.contains("restored from snapshot"), "\(failed)")
    #expect(try encoding() == before)
  }
}
