/// What the text of a CREATE INDEX says beyond what PRAGMAs tell.
struct IndexDefinition: Hashable, Sendable {
  /// The condition of a partial index, up to its first line break, as SQLAlchemy reads it.
  var predicate: String?
  /// True if the condition goes on after that.
  var isPredicateCut = false
  /// The collations and orders inside the column list, which reflection does not see.
  var lost: [String] = []

  /// Reads the text of an index.
  init(_ sql: String) {
    let source = SQLBytes(sql)
    let tokens = source.tokens()
    guard let open = tokens.firstIndex(where: { $0.isSymbol("(") }) else { return }
    let close = TableDefinition.closing(of: open, in: tokens)
    for index in open..<close {
      if tokens[index].isKeyword("DESC") { lost.append("DESC") }
      if tokens[index].isKeyword("COLLATE"), index + 1 < close {
        lost.append("COLLATE \(tokens[index + 1].text)")
      }
    }
    readPredicate(source)
  }

  /// SQLAlchemy takes what follows the first closing parenthesis that is followed by WHERE.
  private mutating func readPredicate(_ source: SQLBytes) {
    let bytes = source.bytes
    for close in bytes.indices where bytes[close] == UInt8(ascii: ")") {
      guard let word = Self.endOfSpace(in: bytes, from: close + 1),
        word + 5 <= bytes.count,
        source.text(word..<(word + 5)).uppercased() == "WHERE",
        let start = Self.endOfSpace(in: bytes, from: word + 5)
      else { continue }
      var end = start
      while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
      guard end > start else { continue }
      predicate = source.text(start..<end)
      isPredicateCut = end < bytes.count && !source.trimmed(end..<bytes.count).isEmpty
      return
    }
  }

  private static func endOfSpace(in bytes: [UInt8], from start: Int) -> Int? {
    var end = start
    while end < bytes.count, SQLBytes.isSpace(bytes[end]) { end += 1 }
    return end > start ? end : nil
  }
}
