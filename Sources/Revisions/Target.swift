/// What a user asks to reach: `head`, `heads`, `base`, an id, the beginning of one, a label, `+N`, `-N`, `id+N`, and
/// `branch@` before any of these.
package struct Target: Hashable, Sendable, CustomStringConvertible {
  /// The text as it was written.
  package var text: String

  /// Takes a target as it is written on the command line.
  ///
  /// - Parameter text: The text.
  package init(_ text: String) {
    self.text = text
  }

  /// The only head.
  package static let head = Target("head")
  /// All heads.
  package static let heads = Target("heads")
  /// Before the first revision.
  package static let base = Target("base")

  /// The text.
  package var description: String { text }
}
