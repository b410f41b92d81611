/// What was to be done is done, and only making it survive a power cut failed.
package struct NotDurable: Error, Hashable, Sendable, CustomStringConvertible {
  /// Why.
  package var cause: FileError

  /// The cause.
  package var description: String { cause.description }

  /// Runs a body whose failure means just that.
  ///
  /// - Parameter body: What makes durable what is done already.
  /// - Throws: `NotDurable`.
  package static func wrap(_ body: () throws(FileError) -> Void) throws(NotDurable) {
    do {
      try body()
    } catch {
      throw NotDurable(cause: error)
    }
  }
}
