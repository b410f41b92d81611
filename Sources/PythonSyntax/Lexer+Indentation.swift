/// The blocks that a file's indentation makes.
extension Lexer {
  /// The width of a line's indentation.
  struct Indentation: Hashable {
    /// The width with tab stops at every eighth column.
    var width: Int
    /// The width with tabs as wide as a space; must agree, so that tabs cannot change the meaning.
    var alternative: Int
  }

  /// Passes blank lines, and the indentation of the next line that is not blank.
  mutating func readIndentation() throws(PythonSyntaxError) {
    while true {
      let found = try measureIndentation()
      if current == "#" { skipComment() }
      guard current == "\n" else {
        if !isAtEnd { try apply(found) }
        return
      }
      index += 1
    }
  }

  /// Passes the space at the start of a line.
  private mutating func measureIndentation() throws(PythonSyntaxError) -> Indentation {
    var found = Indentation(width: 0, alternative: 0)
    var first: Indentation?
    while true {
      switch current {
      case " ":
        found.width += 1
        found.alternative += 1
      case "\t":
        found.width = (found.width / 8 + 1) * 8
        found.alternative += 1
      case "\u{0C}": found = Indentation(width: 0, alternative: 0)
      case "\\":
        // The indentation is that of the first of the lines that are joined.
        try skipContinuation()
        first = first ?? found
        continue
      default: return first ?? found
      }
      index += 1
    }
  }

  /// Opens or closes blocks for a line.
  private mutating func apply(_ found: Indentation) throws(PythonSyntaxError) {
    isAtLineStart = false
    guard let top = indentation.last else { return }
    if found.width == top.width {
      try requireConsistency(found.alternative == top.alternative)
    } else if found.width > top.width {
      try requireConsistency(found.alternative > top.alternative)
      indentation.append(found)
      append(.indent, from: index)
    } else {
      while let top = indentation.last, top.width > found.width {
        indentation.removeLast()
        append(.dedent, from: index)
      }
      guard let outer = indentation.last, outer.width == found.width else {
        throw error("unindent does not match any outer indentation level", at: index)
      }
      try requireConsistency(found.alternative == outer.alternative)
    }
  }

  /// Refuses an indentation whose meaning depends on the width of a tab.
  private func requireConsistency(_ isConsistent: Bool) throws(PythonSyntaxError) {
    guard !isConsistent else { return }
    throw error("inconsistent use of tabs and spaces in indentation", at: index)
  }
}
