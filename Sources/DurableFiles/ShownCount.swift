extension BinaryInteger {
  /// The number with what it counts, for people: `1 row`, `2 rows`.
  ///
  /// - Parameter noun: One of them.
  /// - Returns: The number and the noun, which is in the plural unless it is one.
  package func shown(as noun: String) -> String { self == 1 ? "1 \(noun)" : "\(self) \(noun)s" }
}
