/// Where a database is: a file of SQLite, or on a server.
package enum DatabaseLocation: Hashable, Sendable {
  /// An SQLite file, by a path that may be relative.
  case sqlite(String)
  /// A database on a server.
  case server(ServerAddress)

  /// Whether a text is a URL rather than a path.
  ///
  /// - Parameter text: What the user named as the database.
  /// - Returns: Whether it begins with a scheme.
  package static func isURL(_ text: String) -> Bool {
    let scheme = text.utf8.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "/") }
    return !scheme.isEmpty && text.utf8[scheme.endIndex...].starts(with: "://".utf8)
  }

  /// Takes SQLAlchemy's URL of a database.
  ///
  /// SQLite's path is percent-decoded as SQLAlchemy 2.1 does.
  ///
  /// - Parameter url: The URL.
  /// - Throws: `AddressError`, without a word of the URL, which may hold a password.
  package init(url: String) throws(AddressError) {
    let parts = try SQLAlchemyURL(url)
    guard parts.backend != "sqlite" else {
      self = .sqlite(try Self.path(parts))
      return
    }
    // SQLAlchemy's password ends at the first one: what is behind it would be shown as host and database.
    let place = url.prefix { $0 != "?" }
    guard parts.password == nil || place.count(where: { $0 == "@" }) < 2 else {
      throw ServerAddress.openPassword
    }
    self = .server(try .init(parts))
  }

  /// The path in an SQLite URL: `sqlite:///relative` or `sqlite:////absolute`.
  private static func path(_ url: SQLAlchemyURL) throws(AddressError) -> String {
    func refusal(_ message: String) -> AddressError {
      AddressError(message, hint: "name the SQLite file with --db")
    }
    guard url.username == nil, url.password == nil, url.host == nil, url.port == nil else {
      throw refusal("an SQLite URL begins with sqlite:/// and names no host")
    }
    guard let path = url.database, !path.isEmpty, path != ":memory:" else {
      throw refusal(
        "a database in memory is gone when its program ends: there is nothing to keep safe"
      )
    }
    guard url.driver?.hasPrefix("pysqlcipher") != true else {
      throw refusal("an encrypted SQLite database cannot be read")
    }
    guard !path.hasPrefix("file:") else { throw refusal("SQLite's file: URIs are not read") }
    return path
  }
}
