/// Why a program could not be run, or not to its end.
package struct ProcessError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong, in kinds.
  package enum Code: Hashable, Sendable {
    /// There is no such program on PATH, or no such file.
    case notFound
    /// It could not be started.
    case notStarted
    /// It did not end in time, and was ended.
    case timedOut
    /// A pipe or a socket to it does not work.
    case broken
  }

  /// What went wrong.
  package var code: Code
  /// The program's path or name.
  package var program: String
  /// The reason, as a clause.
  package var reason: String

  /// Makes an error of its parts.
  package init(_ code: Code, program: String, reason: String) {
    self.code = code
    self.program = program
    self.reason = reason
  }

  /// One sentence.
  package var description: String {
    switch code {
    case .notFound: "there is no program '\(program)': \(reason)"
    case .notStarted: "'\(program)' could not be started: \(reason)"
    case .timedOut: "'\(program)' was ended: \(reason)"
    case .broken: "talking to '\(program)' failed: \(reason)"
    }
  }
}
