import Foundation
import TestKit
import Testing

/// A database on a server of one test, and the program that is run on it.
struct ServerSubject {
  let scratch: Scratch
  let database: TestDatabase
  /// The SQLAlchemy URL that the program is given.
  let url: String

  /// Creates a database with two tables of XManager's kind, and alembic's version table.
  init(_ kind: TestServer.Kind, mayCreate: Bool = true, driver: String? = nil) throws {
    try self.init(on: TestServer.shared(kind), mayCreate: mayCreate, driver: driver)
  }

  /// Creates the same on a server of the test's own.
  init(on server: TestServer, mayCreate: Bool = true, driver: String? = nil) throws {
    scratch = try Scratch()
    database = try TestDatabase(on: server, mayCreate: mayCreate)
    url = database.url(driver: driver)
    switch server.kind {
    case .postgresql: try database.execute("SET ROLE \(database.user);" + Self.postgresql)
    case .mariadb: try database.execute(Self.mariadb)
    }
  }

  /// What makes a careless dump or a careless comparison fail.
  private static let postgresql = """
    CREATE TYPE kind AS ENUM ('train', 'eval');
    CREATE TABLE experiment (id bigint PRIMARY KEY, title varchar(255), kind kind,
      state varchar(9) CHECK (state IN ('new', 'old')), score double precision, at timestamptz);
    CREATE TABLE job (experiment_id bigint REFERENCES experiment ON DELETE CASCADE, name text DEFAULT 'a', data bytea,
      n serial, PRIMARY KEY (experiment_id, name));
    CREATE INDEX by_name ON job (lower(name));
    CREATE VIEW titles AS SELECT title FROM experiment;
    CREATE FUNCTION twice(integer) RETURNS integer LANGUAGE sql AS 'SELECT 2 * $1';
    CREATE SCHEMA "odd ""schema";
    CREATE TABLE "odd ""schema"."Odd; Table" ("a column" text);
    CREATE TABLE alembic_version (version_num varchar(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY);
    INSERT INTO alembic_version VALUES ('a1');
    INSERT INTO experiment SELECT g, 'sweep ' || g, 'train', 'new', g / 7.0, '2026-01-01 00:00Z' FROM generate_series(1, 500) g;
    INSERT INTO experiment VALUES (1000, E'tab\\t, line\\nend, \\\\N', NULL, NULL, 'NaN', NULL);
    INSERT INTO job (experiment_id, name, data) SELECT id, 'j', decode('00ff', 'hex') FROM experiment;
    INSERT INTO "odd ""schema"."Odd; Table" VALUES ('COMMIT;'), (NULL), ('\\.');
    """

  private static let mariadb = """
    CREATE TABLE experiment (id bigint PRIMARY KEY, title varchar(255), kind enum('train', 'eval'), score double, at timestamp NULL)
      ENGINE=InnoDB;
    CREATE TABLE job (experiment_id bigint, name varchar(50), data blob, PRIMARY KEY (experiment_id, name),
      FOREIGN KEY (experiment_id) REFERENCES experiment (id) ON DELETE CASCADE) ENGINE=InnoDB;
    CREATE TABLE `odd``;table` (`a column` text) ENGINE=InnoDB;
    CREATE TABLE log (n integer AUTO_INCREMENT PRIMARY KEY, what text) ENGINE=InnoDB;
    CREATE VIEW titles AS SELECT title FROM experiment;
    CREATE TRIGGER noted AFTER INSERT ON job FOR EACH ROW INSERT INTO log (what) VALUES (NEW.name);
    CREATE PROCEDURE twice(IN n integer) SELECT 2 * n;
    CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM log;
    CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY) ENGINE=InnoDB;
    INSERT INTO alembic_version VALUES ('a1');
    INSERT INTO experiment SELECT seq, CONCAT('sweep ', seq), 'train', seq / 7, '2026-01-01 00:00:00' FROM seq_1_to_500;
    INSERT INTO experiment VALUES (1000, 'tab\\t, line\\nend, ''quoted'' (a), (b);', NULL, NULL, NULL);
    INSERT INTO job SELECT id, 'j', x'00ff27' FROM experiment;
    INSERT INTO `odd``;table` VALUES ('INSERT INTO `x` VALUES (1)'), (NULL);
    """

  /// The store's directory.
  var store: String { scratch.file("store") }

  /// Runs the program with `--db` and `--store`, and expects how it ends, and that it never says the password.
  @discardableResult
  func run(
    _ arguments: [String],
    status: Int32 = 0,
    url: String? = nil,
    in directory: String? = nil,
    environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Command.Outcome {
    let outcome = try Workshop.xmSafe(
      arguments + ["--db", url ?? self.url, "--store", store],
      in: directory,
      environment: environment
    )
    #expect(outcome.status == status, "\(arguments): \(outcome)", sourceLocation: sourceLocation)
    for text in [outcome.output, outcome.errors] {
      #expect(!text.contains(database.password), sourceLocation: sourceLocation)
      #expect(!text.contains("s3cr"), sourceLocation: sourceLocation)
    }
    return outcome
  }

  /// Runs SQL as the database's own user.
  func execute(_ sql: String) throws {
    let role = database.server.kind == .postgresql ? "SET ROLE \(database.user);" : ""
    try database.execute(role + sql)
  }

  /// Takes a snapshot.
  func snapshot() throws -> String {
    let json = try object(try run(["snapshot", "--json"]).output)
    let record = try #require(json["snapshot"] as? [String: Any])
    return try #require(record["id"] as? String)
  }

  /// The snapshots as `list` reports them.
  func snapshots() throws -> [[String: Any]] {
    try #require(try object(try run(["list", "--json"]).output)["snapshots"] as? [[String: Any]])
  }

  /// The archive of a snapshot.
  func archive(_ id: String) throws -> String {
    let name = try scratch.names(in: "store").first { $0.contains("-\(id).") }
    return store + "/" + (try #require(name))
  }

  func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }
}
