/// The `if` or one `elif` of an `if` statement.
package struct ConditionalBranch: Sendable, Hashable {
  /// Where `if` or `elif` stands.
  package var position: SourcePosition
  /// The condition.
  package var test: Expression
  /// What is done if the condition holds.
  package var body: [Statement]
}

/// One context manager of a `with` statement.
package struct WithItem: Sendable, Hashable {
  /// The context manager.
  package var context: Expression
  /// The target after `as`.
  package var target: Expression?
}

/// The clauses of a `try` statement.
package struct TryStatement: Sendable, Hashable {
  /// What is tried.
  package var body: [Statement]
  /// The `except` clauses.
  package var handlers: [ExceptHandler]
  /// The statements after `else`.
  package var orElse: [Statement]
  /// The statements after `finally`.
  package var finally: [Statement]
  /// Whether the clauses are written `except*`.
  package var isStarred: Bool
}

/// One `except` clause.
package struct ExceptHandler: Sendable, Hashable {
  /// Where `except` stands.
  package var position: SourcePosition
  /// The exception or exceptions; nil for a bare `except:`.
  package var type: Expression?
  /// The name after `as`.
  package var name: String?
  /// What is done for the exception.
  package var body: [Statement]
}

/// One `case` of a `match` statement.
package struct MatchCase: Sendable, Hashable {
  /// Where `case` stands.
  package var position: SourcePosition
  /// The pattern, kept as the expression it looks like.
  package var pattern: Expression
  /// The condition after `if`.
  package var guardTest: Expression?
  /// What is done if the case matches.
  package var body: [Statement]
}
