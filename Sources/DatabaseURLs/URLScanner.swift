/// Reads the parts of a database URL from left to right, as SQLAlchemy's regular expression does after all its backtracking.
struct URLScanner {
  private var rest: ArraySlice<UInt8>

  private static let colon = UInt8(ascii: ":")
  private static let slash = UInt8(ascii: "/")
  private static let question = UInt8(ascii: "?")
  private static let at = UInt8(ascii: "@")

  init(_ text: String) {
    rest = ArraySlice(text.utf8)
  }

  /// `[\w\+]+://`, of which only ASCII can name a dialect.
  mutating func scheme() -> String? {
    let name = rest.prefix { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"):
        true
      default: false
      }
    }
    let after = rest[name.endIndex...]
    guard !name.isEmpty, after.starts(with: "://".utf8) else { return nil }
    rest = after.dropFirst(3)
    return String(decoding: name, as: UTF8.self)
  }

  /// `user@` or `user:password@`; nil where the regular expression leaves the group out.
  mutating func credentials() -> (user: ArraySlice<UInt8>, password: ArraySlice<UInt8>?)? {
    let run = rest.prefix { $0 != Self.colon && $0 != Self.slash }
    let after = rest[run.endIndex...]
    if after.first == Self.colon {
      let password = after.dropFirst().prefix { $0 != Self.at }
      if password.endIndex < rest.endIndex {
        rest = rest[(password.endIndex + 1)...]
        return (run, password)
      }
    }
    guard let at = run.lastIndex(of: Self.at) else { return nil }
    rest = rest[(at + 1)...]
    return (run[..<at], nil)
  }

  /// A host name, an IPv4 address, or an IPv6 address in brackets.
  mutating func host() -> ArraySlice<UInt8>? {
    if rest.first == UInt8(ascii: "[") {
      let run = rest.dropFirst().prefix { $0 != Self.slash && $0 != Self.question }
      if let end = run.lastIndex(of: UInt8(ascii: "]")), end > run.startIndex {
        rest = rest[(end + 1)...]
        return run[..<end]
      }
    }
    let name = rest.prefix { $0 != Self.slash && $0 != Self.colon && $0 != Self.question }
    guard !name.isEmpty else { return nil }
    rest = rest[name.endIndex...]
    return name
  }

  /// What follows a colon: it may be empty, or no number.
  mutating func port() -> ArraySlice<UInt8>? {
    guard rest.first == Self.colon else { return nil }
    let port = rest.dropFirst().prefix { $0 != Self.slash && $0 != Self.question }
    rest = rest[port.endIndex...]
    return port
  }

  mutating func database() -> ArraySlice<UInt8>? {
    guard rest.first == Self.slash else { return nil }
    let database = rest.dropFirst().prefix { $0 != Self.question }
    rest = rest[database.endIndex...]
    return database
  }

  /// The query; the regular expression's `.` ends at a line end.
  mutating func query() -> ArraySlice<UInt8>? {
    guard rest.first == Self.question else { return nil }
    return rest.dropFirst().prefix { $0 != UInt8(ascii: "\n") }
  }
}
