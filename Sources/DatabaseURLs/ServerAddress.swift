/// Where a database on a server is, and who asks for it.
///
/// It prints as its `display` form, so that no log, error or manifest that takes one can show the password.
package struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
  /// The kinds of server.
  package enum Dialect: String, Hashable, Sendable, CaseIterable {
    /// PostgreSQL.
    case postgresql
    /// MySQL and MariaDB.
    case mysql

    /// The port of a server that names none.
    package var defaultPort: UInt16 {
      switch self {
      case .postgresql: 5432
      case .mysql: 3306
      }
    }
  }

  /// The kind of server.
  package var dialect: Dialect
  /// Whether the address says `mariadb`; it is a MySQL server to everything but SQLAlchemy's dialect.
  package var isMariaDB: Bool
  /// The Python driver that the address names, such as `psycopg2`; nil for SQLAlchemy's default.
  package var driver: String?
  /// The host's name or address; nil where the client's default counts, or a socket is named.
  package var host: String?
  /// The port; nil for the default.
  package var port: UInt16?
  /// The local socket: for PostgreSQL the directory that it is in, for MySQL its own path.
  package var socket: String?
  /// The connection name of a Cloud SQL instance, which is reached through its proxy; host and port are the proxy's then.
  package var instance: String?
  /// The user; nil for the client's default.
  package var user: String?
  /// The password; nil if none is known.
  package var password: Password?
  /// The database on the server.
  package var database: String
  /// What else the address says, for the driver: `sslmode` or `charset`.
  package var options: [SQLAlchemyURL.QueryItem]

  /// Makes an address of its parts.
  package init(
    dialect: Dialect,
    isMariaDB: Bool = false,
    driver: String? = nil,
    host: String? = nil,
    port: UInt16? = nil,
    socket: String? = nil,
    instance: String? = nil,
    user: String? = nil,
    password: Password? = nil,
    database: String,
    options: [SQLAlchemyURL.QueryItem] = []
  ) {
    self.dialect = dialect
    self.isMariaDB = isMariaDB
    self.driver = driver
    self.host = host
    self.port = port
    self.socket = socket
    self.instance = instance
    self.user = user
    self.password = password
    self.database = database
    self.options = options
  }

  /// The canonical form for people: a URL with user, place and database, without driver, options and password.
  ///
  /// It is itself a URL that leads to the same database, but for one on Cloud SQL.
  package var display: String {
    let scheme = isMariaDB ? "mariadb" : dialect.rawValue
    let user = user.map { URLText.encoded($0) + "@" } ?? ""
    return scheme + "://" + user + place(port)
  }

  /// One text for one database, whoever asks for it and through which driver: for the names of stores and locks.
  package var identity: String {
    let hasPort = instance == nil && (socket == nil || dialect == .postgresql)
    return dialect.rawValue + "://" + place(hasPort ? port ?? dialect.defaultPort : nil)
  }

  /// The display form.
  package var description: String { display }

  /// `host:port/database`, or the socket or the instance after it.
  private func place(_ port: UInt16?) -> String {
    let slash: Set<UInt8> = [UInt8(ascii: "/")]
    if let instance {
      let colon: Set<UInt8> = [UInt8(ascii: ":")]
      return "/" + URLText.encoded(database) + "?cloudsql="
        + URLText.encoded(instance, also: colon)
    }
    var place = ""
    if let host, socket == nil {
      let name = String(host.unicodeScalars.map { Character(Self.lowercased($0)) })
      place += name.contains(":") ? "[\(name)]" : URLText.encoded(name)
    }
    if let port { place += ":\(port)" }
    place += "/" + URLText.encoded(database)
    if let socket {
      let name = dialect == .postgresql ? "host" : "unix_socket"
      place += "?\(name)=" + URLText.encoded(socket, also: slash)
    }
    return place
  }

  /// Host names are compared without regard to case, in ASCII.
  private static func lowercased(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    guard ("A"..."Z").contains(scalar) else { return scalar }
    return Unicode.Scalar(UInt8(scalar.value) + 32)
  }
}
