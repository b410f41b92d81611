/// One `for` clause of a comprehension or a generator expression.
package struct Comprehension: Sendable, Hashable {
  /// What each element is bound to.
  package var target: Expression
  /// What the clause runs over.
  package var iterable: Expression
  /// The conditions after `if`.
  package var conditions: [Expression]
  /// Whether it is an `async for`.
  package var isAsync: Bool
}

/// One item of a dictionary display.
package struct DictionaryItem: Sendable, Hashable {
  /// The key; nil for `**value`.
  package var key: Expression?
  /// The value, or the mapping that is unpacked.
  package var value: Expression
}
