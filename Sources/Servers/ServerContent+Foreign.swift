/// Telling apart what a run has written and what others have.
extension ServerContent {
  /// The tables that have other rows than in an earlier content, and that a run cannot have changed.
  ///
  /// It can have changed those that its statements name, or those of a trigger or a routine that they set off, and those that refer
  /// to them by keys along which deletions go.
  ///
  /// - Parameters:
  ///   - earlier: The earlier content.
  ///   - words: The words of all statements of the run, in lower case.
  ///   - references: The foreign keys.
  /// - Returns: Their names.
  package func foreignTables(
    since earlier: Self,
    touched words: some Sequence<String>,
    _ references: [ServerReference]
  ) -> [String] {
    let changed = changedTables(since: earlier)
    let known = Self.reached(from: Set(words), earlier, self)
    func isNamed(_ table: String) -> Bool {
      // 'public' need not be said.
      Self.words(table).allSatisfy { known.contains($0) || $0 == "public" }
    }
    var touched = Set(changed.filter(isNamed)).union(references.map(\.parent).filter(isNamed))
    while let next = references.first(where: {
      touched.contains($0.parent) && !touched.contains($0.child)
    }) {
      touched.insert(next.child)
    }
    return changed.filter { !touched.contains($0) }
  }

  /// Whether it has the version and the tables of an earlier content, whatever rows.
  ///
  /// - Parameter earlier: The earlier content.
  /// - Returns: Whether it has.
  package func hasShape(of earlier: Self) -> Bool {
    heads == earlier.heads && schemaLines == earlier.schemaLines && encoding == earlier.encoding
  }

  /// The words of what statements with some words lead to: those of the triggers and routines that they set off, too.
  private static func reached(from words: Set<String>, _ contents: Self...) -> Set<String> {
    var known = words
    for content in contents where content.programs == nil {
      for line in content.schemaLines {
        // Only what a trigger or a routine does itself: a key's action names no statement.
        let upper = line.uppercased().replacing("ON DELETE ", with: "").replacing(
          "ON UPDATE ",
          with: ""
        )
        if ["INSERT ", "UPDATE ", "DELETE ", "REPLACE "].contains(where: upper.contains) {
          known.formUnion(Self.words(line))
        }
      }
    }
    var waiting = contents.reduce(into: Set<ServerProgram>()) { $0.formUnion($1.programs ?? []) }
    while let next = waiting.first(where: { program in
      switch program.cause {
      case .call(let name), .write(let name): Self.words(name).allSatisfy(known.contains)
      case .always: true
      }
    }) {
      waiting.remove(next)
      known.formUnion(next.words)
    }
    return known
  }

  static func words(_ text: String) -> [String] {
    text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
  }
}
