import DatabaseURLs
import Testing

@Suite struct SQLAlchemyURLTests {
  static let table = [
    "postgresql://localhost/db", "postgresql+psycopg2://u:p@h:5432/db",
    "postgresql+psycopg://u@h/d",
    "postgresql+asyncpg://u:p@[::1]:5432/db", "postgresql+pg8000://u@[fe80::1%25eth0]/db",
    "mysql://root@localhost/db", "mysql+pymysql://u:p@h:3306/db?charset=utf8mb4",
    "mariadb+mariadbconnector://u:p@h/db", "mariadb+pymysql://u@/db?unix_socket=/run/mysqld/a.sock",
    "postgresql://u:p%40ss%3Aw%2Frd%25@h/d", "postgresql://us%C3%A9r:p%C3%A4ss@h/d%20b",
    "postgresql://u:pä ss@h/d", "postgresql://u:p+q@h/d", "postgresql://u:%zz%4@h/d",
    "postgresql:///db", "postgresql://", "postgresql:///", "postgresql://h", "postgresql://h/",
    "postgresql://h:5432", "postgresql://:5432/db", "postgresql://@h/db", "postgresql://:@h/db",
    "postgresql://:p@h/db", "postgresql://u:@h/db", "postgresql://u@/db",
    "postgresql:///db?host=/var/run/postgresql", "postgresql:///db?host=a:1&host=b:2",
    "postgresql://u@h/db?a=1&b=&c&=d&a=2&e=%26+%2B", "postgresql://h/db?x=1;y=2",
    "postgresql://h?x=1", "postgresql://u:p/q?r@h/db", "postgresql://u:p@q@h/db",
    "postgresql://u@v@h/db", "postgresql://a@b:c/d@e/f", "postgresql://u:p@[::1/db",
    "postgresql://[]/db", "postgresql://[::1]x/db", "postgresql://h:/db", "postgresql://h:x/db",
    "postgresql://h:-1/db", "postgresql://h:99999/db", "postgresql://h:05432/db",
    "postgresql://h/a/b/c", "postgresql://h/db#frag", "postgresql://h/d%2Fb",
    "postgresql://h/db?x=%ff",
    "postgresql://u:%ff@h/db", "postgresql://u:%00@h/db", "sqlite://", "sqlite:///",
    "sqlite:///a.db",
    "sqlite:////a%+f%-1%4.db", "sqlite:////a/b.db", "sqlite:///a%20b.db?x=1",
    "sqlite+aiosqlite:///a.db",
    "sqlite:///file:x?mode=ro&uri=true", "mssql+pyodbc://@dsn", "oracle://s:t@h:1521/x",
    "postgresql", "postgresql:/h/db", "://h/db", "/a/b.db", "", "post gres://h/db",
    "postgresql+://h/db", "PostgreSQL://h/db", "postgresql://u:p@h/db?password=q",
    "postgresql://H.Example/DB", "postgresql://h/db\n?x=1", "postgresql://h/db?x=1\ny=2",
  ]

  @Test func `URLs are taken apart as SQLAlchemy does`() throws {
    try compare(Self.table)
  }

  @Test func `random URLs are taken apart as SQLAlchemy does`() throws {
    var random = SplitMix(seed: 20_261_124)
    let pieces = [
      "u", "pw", "h.example", "db", "5432", ":", "@", "/", "?", "&", "=", "%40", "%zz", "%C3%A9",
      "%",
      "+", "[", "]", "::1", "é", " ", "host=", "#", ";", "\n", "%ff", "7",
    ]
    let urls = (0..<4000).map { _ in
      let scheme = ["postgresql", "mysql+pymysql", "sqlite", "a_b"].randomElement(using: &random)
      let count = Int.random(in: 0...14, using: &random)
      let rest = (0..<count).compactMap { _ in pieces.randomElement(using: &random) }
      return (scheme ?? "") + "://" + rest.joined()
    }
    try compare(urls)
  }

  /// Expects that we and SQLAlchemy agree, but for ports that no server has and for bytes that are no text.
  private func compare(_ urls: [String]) throws {
    let judged = try MakeURL.parts(of: urls)
    var read = 0
    for (url, expected) in zip(urls, judged) {
      do {
        let parts = MakeURL.parts(try SQLAlchemyURL(url))
        #expect(parts == expected, "\(url.debugDescription)")
        read += 1
      } catch {
        guard let expected else { continue }
        let isStrange = expected.port.map { !(1...65_535).contains($0) } ?? false
        let message = "\(url.debugDescription): \(error.message)"
        // Python's int() reads a number with spaces, signs and underscores in it, and we do not.
        let isUnusual = error.message.contains("port") && expected.port != nil
        #expect(isStrange || isUnusual || expected.isUndecodable, "\(message)")
      }
    }
    #expect(read * 3 > urls.count, "\(read) of \(urls.count) were read")
  }

  @Test(arguments: [
    "postgresql://u:geheim@h:x/db", "postgresql://u:geheim%ff@h/db",
    "postgresql://u:gehe/im@h:1x/d",
    "postgresql://u:geheim:h/db", "mssql://u:geheim@h/db", "oracle://u:geheim@h/db",
    "u:geheim@h/db",
    "postgresql://u:geheim@h", "postgresql://u:geheim@a/d?host=a&host=b", "sqlite://u:geheim@h/db",
    "mysql://u:geheim@h/db?port=x", "geheim://h/db:x", "postgresql://h/?password=geheim",
  ])
  func `an error never shows the password`(_ url: String) throws {
    let error = try #require(throws: AddressError.self) { try DatabaseLocation(url: url) }
    #expect(!(error.message + error.hint).contains("gehei") || url.hasPrefix("geheim"))
    #expect(!error.message.contains("\n"))
  }
}

/// A small generator of random numbers that can be started again.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
