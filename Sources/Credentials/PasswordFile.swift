/// PostgreSQL's password file, `.pgpass`: lines of `host:port:database:user:password`, read by libpq's rules.
///
/// "Each of the first four fields can be a literal value, or *, which matches anything. The password field from the first line that
/// matches the current connection parameters will be used. [...] If an entry needs to contain : or \\, escape this character with \\."
/// (https://www.postgresql.org/docs/15/libpq-pgpass.html)
package struct PasswordFile: Sendable {
  private let lines: [[UInt8]]

  /// Reads a file's bytes.
  ///
  /// - Parameter bytes: The content.
  package init(_ bytes: [UInt8]) {
    lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true).map {
      line in
      var line = Array(line)
      while line.last == UInt8(ascii: "\r") { line.removeLast() }
      return line
    }
  }

  /// The password of the first line that fits.
  ///
  /// - Parameters:
  ///   - host: The host's name, or the directory of a socket that is not the default one; `localhost` stands for the default socket.
  ///   - port: The port.
  ///   - database: The database.
  ///   - user: The user.
  /// - Returns: The password; nil if no line fits, or the first that does has none, or it is no text.
  package func password(host: String, port: UInt16, database: String, user: String) -> String? {
    for line in lines where line.first != UInt8(ascii: "#") {
      var rest: ArraySlice<UInt8>? = line[...]
      for field in [host, String(port), database, user] {
        rest = rest.flatMap { Self.rest(of: $0, after: Array(field.utf8)) }
      }
      guard let rest else { continue }
      let password = Self.unescaped(rest)
      return password.isEmpty ? nil : String(validating: password, as: UTF8.self)
    }
    return nil
  }

  /// What follows a field that says the same as a text, or says `*`.
  private static func rest(of line: ArraySlice<UInt8>, after text: [UInt8]) -> ArraySlice<UInt8>? {
    if line.starts(with: "*:".utf8) { return line.dropFirst(2) }
    var line = line
    var text = text[...]
    while let byte = line.first {
      if byte == UInt8(ascii: ":"), text.isEmpty { return line.dropFirst() }
      if byte == UInt8(ascii: "\\") { line = line.dropFirst() }
      guard let wanted = text.popFirst(), line.popFirst() == wanted else { return nil }
    }
    return nil
  }

  /// The password: up to a colon that is not escaped.
  private static func unescaped(_ field: ArraySlice<UInt8>) -> [UInt8] {
    var password: [UInt8] = []
    var rest = field
    while let byte = rest.popFirst(), byte != UInt8(ascii: ":") {
      if byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() {
        password.append(escaped)
      } else {
        password.append(byte)
      }
    }
    return password
  }
}
