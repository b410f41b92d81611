/// How long the longest line of a dump is, of which a large row is one: a server takes no statement longer than its `max_allowed_packet`.
struct LongestLine {
  /// Bytes of the longest line until now.
  private(set) var count = 0
  private var current = 0

  /// Takes the next bytes.
  ///
  /// - Parameter piece: The bytes.
  mutating func take(_ piece: some Collection<UInt8>) {
    var rest = piece[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      current += rest.distance(from: rest.startIndex, to: end)
      count = max(count, current)
      current = 0
      rest = rest[rest.index(after: end)...]
    }
    current += rest.count
    count = max(count, current)
  }
}

extension MariaDBServer {
  /// The longest statement that the server takes, in bytes.
  func longestStatement() throws -> Int {
    Int(try query("SELECT @@max_allowed_packet").first?.first ?? "") ?? .max
  }

  /// What to set on the server, so that it takes a line: there is a word or two before a row, and the server rounds down.
  static func roomFor(_ line: LongestLine) -> String {
    "SET GLOBAL max_allowed_packet = \((line.count / 1024 + 2) * 1024)"
  }
}
