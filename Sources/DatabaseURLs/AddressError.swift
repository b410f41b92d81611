/// Why the name of a database cannot be used: one sentence, which never quotes what may hold a password.
package struct AddressError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, as one sentence in lower case.
  package var message: String
  /// What to do about it.
  package var hint: String

  /// Makes an error of its parts.
  package init(_ message: String, hint: String) {
    self.message = message
    self.hint = hint
  }

  /// The message.
  package var description: String { message }
}
