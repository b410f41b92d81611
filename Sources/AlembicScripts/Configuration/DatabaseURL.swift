/// SQLAlchemy's URL of an SQLite file.
package enum DatabaseURL {
  /// Whether a text is a URL rather than a path.
  ///
  /// - Parameter text: What the user named as the database.
  /// - Returns: Whether it has a scheme.
  package static func isURL(_ text: String) -> Bool {
    text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).first.map {
      $0.hasSuffix(":") && $0.count > 1
    } ?? false && text.contains("://")
  }

  /// The path in a URL: `sqlite:///relative` or `sqlite:////absolute`, percent-decoded as SQLAlchemy 2.1 does.
  ///
  /// - Parameter url: The URL.
  /// - Returns: The path.
  /// - Throws: `ScriptError` for another database, for one in memory, and for SQLite's own URIs.
  package static func path(of url: String) throws(ScriptError) -> String {
    guard let colon = url.firstIndex(of: ":") else { throw refusal("this is not a database URL") }
    let backend = url[..<colon].prefix { $0 != "+" }
    guard backend == "sqlite" else {
      // The rest of the URL may hold a password: only the scheme is shown.
      throw refusal("the database is \(backend), and this version of xm-safe works on SQLite files")
    }
    let rest = url[colon...].dropFirst()
    guard rest.hasPrefix("///") else { throw refusal("an SQLite URL begins with sqlite:///") }
    let parts = rest.dropFirst(3).split(
      separator: "?",
      maxSplits: 1,
      omittingEmptySubsequences: false
    )
    let path = try decoded(parts.first ?? "")
    guard !path.isEmpty, path != ":memory:" else {
      throw refusal(
        "a database in memory is gone when its program ends: there is nothing to keep safe"
      )
    }
    guard !path.hasPrefix("file:") else { throw refusal("SQLite's file: URIs are not read") }
    return path
  }

  private static func decoded(_ text: Substring) throws(ScriptError) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2)
      if byte == UInt8(ascii: "%"), digits.count == 2,
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw refusal("the path in the URL is not UTF-8")
    }
    return text
  }

  private static func refusal(_ message: String) -> ScriptError {
    ScriptError(.configuration, message, hint: "name the SQLite file with --db")
  }
}
