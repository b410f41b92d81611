/// A password that nothing prints by accident: not `print`, not `dump`, not a debugger's description of what holds it.
package struct Password: Hashable, Sendable {
  private let text: String

  /// Keeps a password.
  ///
  /// - Parameter text: The password itself.
  package init(_ text: String) {
    self.text = text
  }

  /// The password itself, for the one place that hands it to a server or its client.
  ///
  /// - Returns: The password in the clear.
  package func reveal() -> String { text }
}

extension Password: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Three stars, whatever the password is.
  package var description: String { "***" }

  /// Three stars, whatever the password is.
  package var debugDescription: String { "***" }

  /// A mirror without children: `dump` would walk into the text.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
