/// Why a retention policy cannot be applied; nothing was decided.
package struct RetentionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, in kinds that callers act on.
  package struct Code: Hashable, Sendable {
    private let name: String

    /// No rule was given, so everything would go.
    package static let emptyPolicy = Self(name: "emptyPolicy")
    /// A number of snapshots that is none.
    package static let invalidCount = Self(name: "invalidCount")
    /// A duration that cannot be read.
    package static let invalidDuration = Self(name: "invalidDuration")
  }

  /// The kind.
  package var code: Code
  /// What is wrong, as one sentence in lower case.
  package var message: String
  /// What to do now.
  package var hint: String

  init(_ code: Code, _ message: String, hint: String) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// The message.
  package var description: String { message }
}
