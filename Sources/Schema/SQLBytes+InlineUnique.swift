extension SQLBytes {
  /// The columns of UNIQUE constraints that stand inside a column, where SQLAlchemy sees them.
  ///
  /// SQLAlchemy looks for a name, at least one word and the word UNIQUE, with nothing but blanks in
  /// between. So it sees `a TEXT NOT NULL UNIQUE`, but neither `a UNIQUE` nor `a VARCHAR(9)
  /// UNIQUE`, and loses the latter two on a rebuild. Names that come out wrong match no index
  /// later, like there.
  func inlineUniques() -> [(columns: [String], position: Int)] {
    var found: [(columns: [String], position: Int)] = []
    var start = 0
    while start < bytes.count {
      if let match = inlineUnique(at: start) {
        found.append((names(in: match.name), start))
        start = match.end
      } else {
        // What does not follow the whole word does not follow its end either.
        start = max(start + 1, endOfWord(from: start))
      }
    }
    return found
  }

  private func inlineUnique(at start: Int) -> (name: Range<Int>, end: Int)? {
    let quote = UInt8(ascii: "\"")
    if bytes[start] == quote {
      // The shortest piece in quotes that the rest fits to, on one line.
      var close = start + 1
      while close < bytes.count, bytes[close] != UInt8(ascii: "\n") {
        if bytes[close] == quote, close > start + 1, let end = uniqueTail(from: close + 1) {
          return (start..<(close + 1), end)
        }
        close += 1
      }
      return nil
    }
    var begin = start
    if bytes[start] == UInt8(ascii: "[") || bytes[start] == UInt8(ascii: "`") { begin += 1 }
    let nameEnd = endOfWord(from: begin)
    guard nameEnd > begin else { return nil }
    var tail = nameEnd
    if tail < bytes.count, bytes[tail] == UInt8(ascii: "]") || bytes[tail] == UInt8(ascii: "`") {
      tail += 1
    }
    return uniqueTail(from: tail).map { (begin..<nameEnd, $0) }
  }

  /// The end of a UNIQUE that follows after blanks and at least one word.
  private func uniqueTail(from start: Int) -> Int? {
    var position = start
    var words = 0
    while true {
      let word = endOfBlanks(from: position)
      guard word > position else { return nil }
      if words > 0, hasUnique(at: word) { return word + 6 }
      position = endOfWord(from: word)
      guard position > word else { return nil }
      words += 1
    }
  }

  private func hasUnique(at start: Int) -> Bool {
    start + 6 <= bytes.count && text(start..<(start + 6)).uppercased() == "UNIQUE"
  }

  private func endOfBlanks(from start: Int) -> Int {
    var end = start
    while end < bytes.count, Self.isBlank(bytes[end]) { end += 1 }
    return end
  }

  private func endOfWord(from start: Int) -> Int {
    var end = start
    while end < bytes.count, Self.isPlain(bytes[end]) { end += 1 }
    return end
  }
}
