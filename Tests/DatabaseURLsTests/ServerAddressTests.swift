import DatabaseURLs
import Testing

@Suite struct ServerAddressTests {
  struct AddressCase: Sendable {
    var url: String
    var display: String
    var identity: String
    var password: String?
  }

  @Test(arguments: [
    AddressCase(
      url: "postgresql+psycopg2://ada:p%40ss@DB.example:5433/xm",
      display: "postgresql://ada@db.example:5433/xm",
      identity: "postgresql://db.example:5433/xm",
      password: "p@ss"
    ),
    AddressCase(
      url: "postgres://h/xm",
      display: "postgresql://h/xm",
      identity: "postgresql://h:5432/xm"
    ),
    AddressCase(
      url: "postgresql:///xm?host=/var/run/postgresql",
      display: "postgresql:///xm?host=/var/run/postgresql",
      identity: "postgresql://:5432/xm?host=/var/run/postgresql"
    ),
    AddressCase(
      url: "postgresql+pg8000://u@/xm?unix_sock=/run/pg/.s.PGSQL.5444",
      display: "postgresql://u@:5444/xm?host=/run/pg",
      identity: "postgresql://:5444/xm?host=/run/pg"
    ),
    AddressCase(
      url: "postgresql:///xm?host=db.example:5433&sslmode=require",
      display: "postgresql://db.example:5433/xm",
      identity: "postgresql://db.example:5433/xm"
    ),
    AddressCase(
      url: "postgresql://[::1]:5432/x%2Fm",
      display: "postgresql://[::1]:5432/x%2Fm",
      identity: "postgresql://[::1]:5432/x%2Fm"
    ),
    AddressCase(
      url: "postgresql://u:p@h/xm?user=v&password=q&port=7",
      display: "postgresql://v@h:7/xm",
      identity: "postgresql://h:7/xm",
      password: "q"
    ),
    AddressCase(
      url: "mysql+pymysql://u:p@h/xm?charset=utf8mb4",
      display: "mysql://u@h/xm",
      identity: "mysql://h:3306/xm",
      password: "p"
    ),
    AddressCase(
      url: "mariadb+mariadbconnector://us%20er@h/x m",
      display: "mariadb://us%20er@h/x%20m",
      identity: "mysql://h:3306/x%20m"
    ),
    AddressCase(
      url: "mysql://localhost/xm?unix_socket=/run/mysqld/mysqld.sock",
      display: "mysql:///xm?unix_socket=/run/mysqld/mysqld.sock",
      identity: "mysql:///xm?unix_socket=/run/mysqld/mysqld.sock"
    ),
  ])
  func `a URL leads to one address, shown without its password`(_ test: AddressCase) throws {
    let location = try DatabaseLocation(url: test.url)
    guard case .server(let address) = location else {
      Issue.record("\(test.url) leads to a file")
      return
    }
    #expect(address.display == test.display)
    #expect(address.identity == test.identity)
    #expect(address.password?.reveal() == test.password)
    // What is shown leads back to the same database.
    guard case .server(let again) = try DatabaseLocation(url: address.display) else { return }
    #expect(again.identity == address.identity)
    #expect(again.display == address.display)
    #expect(again.user == address.user)
    #expect(again.isMariaDB == address.isMariaDB)
  }

  @Test func `options and driver are kept for whoever connects`() throws {
    let url = "mysql+asyncmy://h/xm?charset=utf8mb4&ssl_ca=/a.pem"
    let address = try ServerAddress(SQLAlchemyURL(url))
    #expect(address.driver == "asyncmy")
    #expect(address.options.map(\.name) == ["charset", "ssl_ca"])
    #expect(address.options.map(\.value) == ["utf8mb4", "/a.pem"])
  }

  @Test func `nothing prints a password by accident`() throws {
    let url = "postgresql://ada:geheim@h/xm?sslpassword=geheim"
    let location = try DatabaseLocation(url: url)
    guard case .server(let address) = location else { return }
    let password = try #require(address.password)
    var dumped = ""
    dump(password, to: &dumped)
    dump(Optional(password), to: &dumped)
    let printed = [
      "\(password)", String(reflecting: password), "\([password])", "\(address)", "\(location)",
      String(reflecting: address), String(reflecting: location), "\(Mirror(reflecting: password))",
      "\(Mirror(reflecting: password).children.map { "\($0)" })", address.display, address.identity,
      dumped,
    ]
    for text in printed { #expect(!text.contains("geheim"), "\(text)") }
    var wholeAddress = ""
    dump(address, to: &wholeAddress)
    dump(location, to: &wholeAddress)
    #expect(!wholeAddress.contains("geheim"), "\(wholeAddress)")
    #expect(password.reveal() == "geheim")
  }

  struct RefusedCase: Sendable {
    var url: String
    var message: String
  }

  @Test(arguments: [
    RefusedCase(
      url: "mssql+pyodbc://u:p@h/db",
      message: "xm-safe works on SQLite, PostgreSQL, MySQL and MariaDB, and not on 'mssql'"
    ),
    RefusedCase(
      url: "oracle://u:p@h/db",
      message: "xm-safe works on SQLite, PostgreSQL, MySQL and MariaDB, and not on 'oracle'"
    ),
    RefusedCase(
      url: "postgresql://u:p@geheim@h/db",
      message:
        "the database URL has more than one '@', so that there is no telling where its password ends"
    ),
    RefusedCase(
      url: "postgresql://u:p@ge/heim@h/db",
      message:
        "the database URL has more than one '@', so that there is no telling where its password ends"
    ),
    RefusedCase(
      url: "mysql://h/db?host=a%40b",
      message:
        "the database URL has more than one '@', so that there is no telling where its password ends"
    ),
    RefusedCase(
      url: "postgresql://h:70000/db",
      message: "the port in the database URL is no number from 1 to 65535"
    ),
    RefusedCase(
      url: "postgresql://h:/db",
      message: "the port in the database URL is no number from 1 to 65535"
    ),
    RefusedCase(
      url: "mysql://h/db?port=+3306",
      message: "the port in the database URL's query is no number from 1 to 65535"
    ),
    RefusedCase(
      url: "postgresql://u:%ff@h/db",
      message: "what is percent-encoded in the database URL is not UTF-8 text"
    ),
    RefusedCase(
      url: "postgresql://h",
      message: "the database URL names no database on the server"
    ),
    RefusedCase(
      url: "postgresql:///db?host=a&host=b",
      message: "the address names several hosts"
    ),
    RefusedCase(url: "nonsense", message: "this is not a database URL"),
    RefusedCase(
      url: "sqlite://",
      message: "a database in memory is gone when its program ends: there is nothing to keep safe"
    ),
    RefusedCase(
      url: "sqlite:///:memory:",
      message: "a database in memory is gone when its program ends: there is nothing to keep safe"
    ),
    RefusedCase(
      url: "sqlite:///file:x?mode=ro&uri=true",
      message: "SQLite's file: URIs are not read"
    ),
    RefusedCase(
      url: "sqlite://h/a.db",
      message: "an SQLite URL begins with sqlite:/// and names no host"
    ),
    RefusedCase(
      url: "sqlite+pysqlcipher://:pw@/a.db",
      message: "an SQLite URL begins with sqlite:/// and names no host"
    ),
  ])
  func `what leads to no database is refused in one sentence`(_ test: RefusedCase) throws {
    let error = try #require(throws: AddressError.self) { try DatabaseLocation(url: test.url) }
    #expect(error.message == test.message)
  }

  @Test(arguments: [
    ("sqlite:///a.db", "a.db"), ("sqlite:////abs/a%20b.db", "/abs/a b.db"),
    ("sqlite+pysqlite:////a.db?timeout=3", "/a.db"), ("sqlite+aiosqlite:///a.db", "a.db"),
  ])
  func `an SQLite URL leads to its file`(_ url: String, _ path: String) throws {
    #expect(try DatabaseLocation(url: url) == .sqlite(path))
  }

  @Test(arguments: [
    ("sqlite:///a.db", true), ("postgresql://h/d", true), ("a.db", false), ("./a://b", false),
    ("/a/b://c", false), ("://a", false), ("a:b", false), ("", false), ("c:/x", false),
  ])
  func `a URL is told from a path`(_ text: String, _ isURL: Bool) {
    #expect(DatabaseLocation.isURL(text) == isURL)
  }
}
