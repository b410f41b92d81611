/// Files for XManager, and where we differ from it on purpose.
struct YAMLCase: Sendable {
  /// Why what XManager takes is refused here.
  enum Difference: Sendable {
    /// There is nothing to keep safe, or it is none of the three kinds.
    case notForUs
    /// XManager takes what no driver or no server takes.
    case stricter
    /// Which drivers there are is a matter of the Python that runs the scripts.
    case laxer
    /// 0.7.1 ended with a traceback for a bare file name.
    case onlyNew
  }

  var name: String
  var text: String
  var difference: Difference?

  init(_ name: String, _ text: String, _ difference: Difference? = nil) {
    self.name = name
    self.text = text
    self.difference = difference
  }

  /// A file with a connector and its settings, one a line.
  init(_ connector: String, settings: String..., difference: Difference? = nil) {
    self.init(
      connector + ": " + settings.joined(separator: ", "),
      "sql_connector: \(connector)\nsql_connection_settings:\n"
        + settings.map { "  \($0)\n" }.joined(),
      difference
    )
  }

  static let all = broken + sqlite + generic + cloud + kinds

  static let broken = [
    YAMLCase("empty", ""), YAMLCase("a comment", "# nothing\n"), YAMLCase("null", "~"),
    YAMLCase("no YAML", "a: [1, 2"), YAMLCase("a tab", "a:\n\t- b"),
    YAMLCase("a list", "- a\n- b\n"),
    YAMLCase("a list with the name", "- sql_connector\n"), YAMLCase("text", "hello"),
    YAMLCase("text with the name", "the sql_connector"), YAMLCase("a number", "5"),
    YAMLCase("no connector", "sql_connection_settings: {backend: sqlite, db_name: a.db}"),
    YAMLCase("SQLite", settings: "backend: sqlite", "db_name: d/a.db"),
    YAMLCase("null", settings: "backend: sqlite", "db_name: d/a.db"),
    YAMLCase("[sqlite]", settings: "backend: sqlite", "db_name: d/a.db"),
    YAMLCase("no settings", "sql_connector: sqlite\n"),
    YAMLCase("null settings", "sql_connector: sqlite\nsql_connection_settings:\n"),
    YAMLCase("a list of settings", "sql_connector: sqlite\nsql_connection_settings: [a]\n"),
    YAMLCase("text for settings", "sql_connector: sqlite\nsql_connection_settings: a\n"),
    YAMLCase("empty settings", "sql_connector: sqlite\nsql_connection_settings: {}\n"),
    YAMLCase("sqlite", settings: "backend: sqlite"),
    YAMLCase("sqlite", settings: "db_name: d/a.db"),
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name: d/a.db", "foo: 1"),
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name: d/a.db", "1: 1"),
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name: d/a.db", "Backend: sqlite"),
    YAMLCase("two documents", "sql_connector: sqlite\n---\na: 1\n"),
    YAMLCase("an unknown tag", "sql_connector: !x sqlite\n"),
    YAMLCase("an unknown alias", "sql_connector: *x\n"),
  ]

  static let sqlite = [
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name: d/a.db"),
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name: /tmp/xm-safe-none/a.db"),
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name: a.db", difference: .onlyNew),
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name: ~/a.db"),
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name: 'd/a b%20c?d#e.db'"),
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name: ':memory:'", difference: .notForUs),
    YAMLCase("sqlite", settings: "backend: mysql", "db_name: d/a.db"),
    YAMLCase("sqlite", settings: "backend: ''", "db_name: d/a.db"),
    YAMLCase("sqlite", settings: "backend:", "db_name: d/a.db"),
    YAMLCase("sqlite", settings: "backend: sqlite+pysqlite", "db_name: d/a.db"),
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name: d/a.db", "driver: pysqlite"),
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name: d/a.db", "driver: foo"),
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name: d/a.db", "driver: ''"),
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name: d/a.db", "host: h"),
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name: d/a.db", "host: ''", "port: 0"),
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name: d/a.db", "host:", "username: ~"),
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name: d/a.db", "username: u"),
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name: d/a.db", "port: 5"),
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name:"),
    YAMLCase(
      "an extra entry",
      "x: 1\nsql_connector: sqlite\nsql_connection_settings: {backend: sqlite, db_name: d/a.db}\n"
    ),
    YAMLCase(
      "an anchor, a merge and a key twice",
      "base: &b {backend: sqlite, db_name: d/old.db}\nsql_connector: generic\nsql_connector: sqlite\n"
        + "sql_connection_settings:\n  <<: *b\n  db_name: d/a.db\n"
    ),
    YAMLCase(
      "merges in a list",
      "base: &b {backend: sqlite}\nother: &o {backend: sqlite, db_name: d/o.db}\n"
        + "sql_connector: sqlite\nsql_connection_settings:\n  <<: [*b, *o]\n"
    ),
    YAMLCase(
      "merges in a list that contradict one another",
      "base: &b {backend: sqlite}\nother: &o {backend: mysql, db_name: d/o.db}\n"
        + "sql_connector: sqlite\nsql_connection_settings:\n  <<: [*b, *o]\n"
    ),
  ]

  static let generic = [
    YAMLCase("generic", settings: "backend: sqlite", "db_name: a.db"),
    YAMLCase("generic", settings: "backend: sqlite", "db_name: d/a%20b.db", "driver: pysqlite"),
    YAMLCase("generic", settings: "backend: sqlite", "db_name: a.db", "host: h"),
    YAMLCase("generic", settings: "backend: postgresql", "db_name: xm"),
    YAMLCase(
      "generic",
      settings: "backend: postgresql",
      "driver: psycopg2",
      "username: ada",
      "password: 'p@ss:/%40'",
      "host: db.example",
      "port: 5433",
      "db_name: x m"
    ),
    YAMLCase("generic", settings: "backend: postgresql", "db_name: xm", "port: '5433'"),
    YAMLCase("generic", settings: "backend: postgresql", "db_name: xm", "host: '::1'"),
    YAMLCase("generic", settings: "backend: postgresql", "db_name: xm", "host: /run/pg"),
    YAMLCase("generic", settings: "backend: postgresql+pg8000", "db_name: xm"),
    YAMLCase(
      "generic",
      settings: "backend: postgresql",
      "driver: nonsense",
      "db_name: xm",
      difference: .laxer
    ),
    YAMLCase("generic", settings: "backend: mysql", "driver: pymysql", "db_name: xm", "host: h"),
    YAMLCase("generic", settings: "backend: mysql", "db_name: xm", "password: 12345"),
    YAMLCase("generic", settings: "backend: nonsense", "db_name: xm"),
    YAMLCase("generic", settings: "backend: mssql", "db_name: xm", difference: .notForUs),
    YAMLCase("generic", settings: "backend: oracle", "db_name: xm", difference: .notForUs),
    YAMLCase("generic", settings: "backend: postgresql", "db_name:", difference: .stricter),
    YAMLCase(
      "generic",
      settings: "backend: postgresql",
      "db_name: xm",
      "port: 70000",
      difference: .stricter
    ),
  ]

  static let cloud = [
    YAMLCase(
      "cloudsql",
      settings: "backend: postgresql",
      "db_name: xm",
      "host: 'p:europe-west1:i'",
      "username: u",
      "password: geheim"
    ),
    YAMLCase(
      "cloudsql",
      settings: "backend: mysql",
      "driver: pymysql",
      "db_name: xm",
      "host: 'x.org:p:r:i'"
    ),
    YAMLCase(
      "cloudsql",
      settings: "backend: mysql",
      "driver: mysqldb",
      "db_name: xm",
      "host: 'p:r:i'"
    ),
    YAMLCase("cloudsql", settings: "backend: sqlite", "db_name: xm", "host: 'p:r:i'"),
    YAMLCase("cloudsql", settings: "backend: mariadb", "db_name: xm", "host: 'p:r:i'"),
    YAMLCase("cloudsql", settings: "backend: mysql", "db_name: xm"),
    YAMLCase("cloudsql", settings: "backend: mysql", "db_name: xm", "host: localhost"),
    YAMLCase(
      "cloudsql",
      settings: "backend: mssql",
      "db_name: xm",
      "host: 'p:r:i'",
      difference: .notForUs
    ),
  ]

  /// What YAML makes of values that are not in quotes.
  static let kinds = [
    YAMLCase("generic", settings: "backend: no", "db_name: xm"),
    YAMLCase("generic", settings: "backend: 5", "db_name: xm"),
    YAMLCase("generic", settings: "backend: postgresql", "db_name: !!str 5"),
    YAMLCase("generic", settings: "backend: postgresql", "db_name: '5'", "username: 'no'"),
    YAMLCase("generic", settings: "backend: postgresql", "db_name: xm", "port: x"),
    YAMLCase("generic", settings: "backend: postgresql", "db_name: a:b", "host: 10.0.0.1"),
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name: 5"),
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name: 2026-11-24"),
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name: [a]"),
    YAMLCase("sqlite", settings: "backend: sqlite", "db_name: d/1:30"),
    YAMLCase("sqlite", settings: "backend: 'sqlite'", "db_name: \"d/\\u00e4.db\""),
  ]
}
