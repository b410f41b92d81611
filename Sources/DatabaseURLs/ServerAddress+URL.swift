extension ServerAddress {
  /// Names of options that SQLAlchemy hands to the driver over what the URL itself says.
  private static let userNames: Set<String> = ["user", "username"]
  private static let passwordNames: Set<String> = ["password", "passwd"]
  private static let databaseNames: Set<String> = ["dbname", "database", "db"]

  /// Takes a URL for the address of a server.
  ///
  /// A query counts more than what stands before it, as it does for SQLAlchemy's drivers: `?host=` and `?unix_socket=` above all.
  ///
  /// - Parameter url: The URL's parts.
  /// - Throws: `AddressError` for a database that xm-safe does not work on, or an address that leads to no single one.
  package init(_ url: SQLAlchemyURL) throws(AddressError) {
    let dialect: Dialect
    switch url.backend {
    // libpq and old SQLAlchemy take 'postgres' too.
    case "postgresql", "postgres": dialect = .postgresql
    case "mysql", "mariadb": dialect = .mysql
    default: throw Self.unsupported(url.backend)
    }
    let driver = url.driver.flatMap { $0.isEmpty ? nil : $0 }
    self.init(
      dialect: dialect,
      isMariaDB: url.backend == "mariadb",
      driver: driver,
      port: url.port,
      user: url.username.flatMap { $0.isEmpty ? nil : $0 },
      password: url.password.flatMap { $0.reveal().isEmpty ? nil : $0 },
      database: url.database ?? ""
    )
    // A URL cannot name several hosts or a directory there, but a YAML file can.
    if let host = url.host { try take(plainHost: host) }
    for item in url.query { try take(item, of: url) }
    guard !database.isEmpty else {
      throw AddressError(
        "the database URL names no database on the server",
        hint: "add it after the host: \(dialect.rawValue)://user@host/database"
      )
    }
  }

  /// What is said of a database that is none of the three.
  ///
  /// - Parameter backend: The dialect's name.
  /// - Returns: The error.
  package static func unsupported(_ backend: String) -> AddressError {
    AddressError(
      "xm-safe works on SQLite, PostgreSQL, MySQL and MariaDB, and not on '\(backend)'",
      hint: "use the database's own backup before its upgrade"
    )
  }

  private mutating func take(
    _ item: SQLAlchemyURL.QueryItem,
    of url: SQLAlchemyURL
  ) throws(AddressError) {
    switch item.name {
    case "host":
      guard url.query.count(where: { $0.name == "host" }) == 1 else { throw Self.severalHosts }
      try take(host: item.value)
    case "unix_socket" where dialect == .mysql: socket = item.value
    // pg8000's name is the socket's own path, of which libpq wants the directory.
    case "unix_sock" where dialect == .postgresql: takeSocketFile(item.value)
    case "port": port = try Self.port(item.value)
    case _ where Self.userNames.contains(item.name): user = item.value
    case _ where Self.passwordNames.contains(item.name): password = Password(item.value)
    case _ where Self.databaseNames.contains(item.name): database = item.value
    default: options.append(item)
    }
  }

  private static let severalHosts = AddressError(
    "the address names several hosts",
    hint: "name the one server to work on"
  )

  /// An `@` behind the one that ends the password, which most likely is a part of it.
  static let openPassword = AddressError(
    "the database URL has more than one '@', so that there is no telling where its password ends",
    hint: "in a password, a user or the name of a database '@' is written %40"
  )

  /// A host of the query: a directory for a socket, or `name` or `name:port`.
  private mutating func take(host value: String) throws(AddressError) {
    let parts = value.split(separator: ":", omittingEmptySubsequences: false)
    // An IPv6 address has more colons, and no port.
    guard parts.count == 2, !value.hasPrefix("/") else { return try take(plainHost: value) }
    try take(plainHost: String(parts[0]))
    if !parts[1].isEmpty { port = try Self.port(String(parts[1])) }
  }

  /// A host, or for PostgreSQL the directory of a socket.
  private mutating func take(plainHost value: String) throws(AddressError) {
    guard !value.contains(",") else { throw Self.severalHosts }
    // It is the end of a password in which an '@' was not encoded, and would be shown as the host's name.
    guard !value.contains("@") else { throw Self.openPassword }
    if dialect == .postgresql, value.hasPrefix("/") { socket = value } else { host = value }
  }

  private mutating func takeSocketFile(_ path: String) {
    guard let slash = path.lastIndex(of: "/") else {
      socket = path
      return
    }
    let name = path[path.index(after: slash)...]
    socket = slash == path.startIndex ? "/" : String(path[..<slash])
    let prefix = ".s.PGSQL."
    if name.hasPrefix(prefix), let number = UInt16(name.dropFirst(prefix.count)) { port = number }
  }

  private static func port(_ text: String) throws(AddressError) -> UInt16 {
    let isNumber = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    guard isNumber, let port = UInt16(text), port > 0 else {
      throw AddressError(
        "the port in the database URL's query is no number from 1 to 65535",
        hint: "correct it"
      )
    }
    return port
  }
}
