/// The parts of a database URL, taken apart exactly as SQLAlchemy 2.1's `make_url` does.
///
/// SQLAlchemy matches a regular expression against the beginning of the text, with quirks that decide which database is meant:
/// a user name without a password ends at the last `@` before the first `:` or `/`, one with a password at the first `@` after it,
/// and what does not fit at the end is left out. Only two things are stricter here: a port is written in digits and is one that a
/// server can have, and what is percent-encoded is UTF-8.
package struct SQLAlchemyURL: Hashable, Sendable {
  /// One `name=value` of the query, decoded; it prints without its value, which may be secret.
  package struct QueryItem: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The name.
    package var name: String
    /// The value; never empty, as `make_url` leaves empty ones out.
    package var value: String

    /// Makes an item of its parts.
    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }

    /// The name, and stars for the value.
    package var description: String { name + "=***" }

    /// A mirror without children, as `dump` would show the value.
    package var customMirror: Mirror { Mirror(self, children: []) }
  }

  /// `postgresql` or `postgresql+psycopg2`.
  package var driverName: String
  /// The user name, decoded; empty if only its place is there.
  package var username: String?
  /// The password, decoded.
  package var password: Password?
  /// The host as it is written, without the brackets of an IPv6 address.
  package var host: String?
  /// The port.
  package var port: UInt16?
  /// The database, decoded; empty if only its place is there.
  package var database: String?
  /// The query, in its order.
  package var query: [QueryItem]

  /// What comes before the `+`.
  package var backend: String {
    String(driverName.prefix { $0 != "+" })
  }

  /// What comes after the `+`; nil if there is none.
  package var driver: String? {
    guard let plus = driverName.firstIndex(of: "+") else { return nil }
    return String(driverName[driverName.index(after: plus)...])
  }

  /// Makes a URL of its parts, none of them encoded.
  package init(
    driverName: String,
    username: String? = nil,
    password: Password? = nil,
    host: String? = nil,
    port: UInt16? = nil,
    database: String?,
    query: [QueryItem] = []
  ) {
    self.driverName = driverName
    self.username = username
    self.password = password
    self.host = host
    self.port = port
    self.database = database
    self.query = query
  }

  /// Whether the value of a name in a query is a secret: `password`, `sslpassword`, `ssl_key_password`, `passwd`, a client's secret.
  ///
  /// - Parameter name: The name, percent-encoded or not.
  /// - Returns: Whether it is one that is shown to nobody.
  package static func isSecret(_ name: some StringProtocol) -> Bool {
    let decoded: String
    do {
      decoded = try URLText.decoded(Array(name.utf8)[...], plusIsSpace: true).lowercased()
    } catch {
      // What nobody can read is nothing to show.
      return true
    }
    return ["password", "passwd", "pwd", "secret", "token", "passphrase"]
      .contains(where: decoded.contains)
  }

  /// Takes a URL apart.
  ///
  /// - Parameter text: The URL.
  /// - Throws: `AddressError`, without a word of the URL.
  package init(_ text: String) throws(AddressError) {
    var scanner = URLScanner(text)
    guard let name = scanner.scheme() else {
      throw AddressError(
        "this is not a database URL",
        hint: "write it as SQLAlchemy does: postgresql://user@host/database"
      )
    }
    driverName = name
    if let (user, word) = scanner.credentials() {
      username = try URLText.decoded(user)
      if let word { password = Password(try URLText.decoded(word)) }
    }
    host = scanner.host().map { String(decoding: $0, as: UTF8.self) }
    if let digits = scanner.port() { port = try Self.port(digits) }
    if let rest = scanner.database() { database = try URLText.decoded(rest) }
    query = try Self.items(scanner.query() ?? [])
  }

  private static func port(_ digits: ArraySlice<UInt8>) throws(AddressError) -> UInt16 {
    let isNumber = !digits.isEmpty && digits.allSatisfy { (0x30...0x39).contains($0) }
    guard isNumber, let port = UInt16(String(decoding: digits, as: UTF8.self)), port > 0 else {
      // It may be the end of a password in which an '@' or a '/' was not encoded: it is not shown.
      throw AddressError(
        "the port in the database URL is no number from 1 to 65535",
        hint: "correct it; in a password '@', ':' and '/' are written %40, %3A and %2F"
      )
    }
    return port
  }

  /// Takes a query apart as Python's `parse_qsl` does when it leaves out empty values.
  private static func items(_ text: ArraySlice<UInt8>) throws(AddressError) -> [QueryItem] {
    var items: [QueryItem] = []
    for pair in text.split(separator: UInt8(ascii: "&")) {
      guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let value = pair[(equals + 1)...]
      guard !value.isEmpty else { continue }
      items.append(
        QueryItem(
          name: try URLText.decoded(pair[..<equals], plusIsSpace: true),
          value: try URLText.decoded(value, plusIsSpace: true)
        )
      )
    }
    return items
  }
}
