package import Revisions

/// What is wrong with a script or its configuration: where, what, and what to do.
package struct ScriptError: Error, Sendable, CustomStringConvertible {
  /// The kinds of trouble.
  package enum Code: Hashable, Sendable {
    /// A file or directory that is needed is not there, or cannot be read.
    case unreadable
    /// It is not Python.
    case syntax
    /// It is Python that the native engine does not know; nothing was executed of it.
    case notRead
    /// A setting is missing or cannot be understood.
    case configuration
    /// The script itself raised an exception of this name while it ran.
    case raised(String)
  }

  /// The kind.
  package var code: Code
  /// What is wrong, as one sentence in lower case; for a raised exception its own message.
  package var message: String
  /// Where in which file; nil where there is no place.
  package var location: Revision.Location?
  /// What to do about it.
  package var hint: String?
  /// What is wrong with a name whose use is the error, without the use.
  var reason: String?

  /// Makes an error of its parts.
  package init(
    _ code: Code,
    _ message: String,
    at location: Revision.Location? = nil,
    hint: String? = nil
  ) {
    self.code = code
    self.message = message
    self.location = location
    self.hint = hint
  }

  /// The message, with the name of the exception for a raised one.
  package var description: String {
    guard case .raised(let exception) = code else { return message }
    return message.isEmpty ? exception : "\(exception): \(message)"
  }

  /// A construct that the native engine does not know.
  static func notRead(_ message: String, at location: Revision.Location?) -> ScriptError {
    ScriptError(
      .notRead,
      message,
      at: location,
      hint: "run this upgrade with the project's own alembic: --engine alembic"
    )
  }
}
