/// The name of a table as SQLite compares it: ASCII letters without their case.
struct TableKey: Hashable, Comparable {
  private let folded: [UInt8]

  private init(folded: [UInt8]) { self.folded = folded }

  init(_ name: String) {
    folded = name.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }
  }

  /// The name of a table of a server, which tells letters by their case.
  static func exact(_ name: String) -> TableKey { TableKey(folded: Array(name.utf8)) }

  static func < (left: TableKey, right: TableKey) -> Bool {
    left.folded.lexicographicallyPrecedes(right.folded)
  }
}
