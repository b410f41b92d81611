internal import Processes

/// Why the helper gave no result: it could not run, died, hung, or said what no helper says.
package struct HelperError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was wrong, in kinds.
  package enum Code: Hashable, Sendable {
    /// There is no such Python, or it cannot be started.
    case noPython
    /// The Python has no alembic, or is too old.
    case missingModule
    /// It ended without its last word.
    case died
    /// It did not end in time, and was ended.
    case timedOut
    /// What came through the channel was not the helper's.
    case garbage
  }

  /// What was wrong.
  package var code: Code
  /// What happened, as one sentence in lower case.
  package var description: String
  /// What to do.
  package var hint: String
  /// The revision that was under way; nil if none was.
  package var revision: String?

  init(_ code: Code, _ description: String, hint: String, revision: String? = nil) {
    self.code = code
    self.description = description
    self.hint = hint
    self.revision = revision
  }

  /// Whether it is known before anything of the project has run.
  package var isBeforeAnything: Bool { code == .noPython || code == .missingModule }

  static func noPython(_ error: ProcessError) -> Self {
    Self(
      .noPython,
      "the project's Python cannot be run: \(error)",
      hint: "name the Python that has the project's alembic with --python"
    )
  }

  static func missing(_ module: String, python: String, error: String) -> Self {
    guard module != "python" else {
      return Self(
        .missingModule,
        "'\(python)' is Python \(error), and 3.9 or newer is needed",
        hint: "name another one with --python"
      )
    }
    return Self(
      .missingModule,
      "'\(python)' cannot import \(module): \(error)",
      hint: "name the Python that has the project's alembic with --python, or install it there"
    )
  }

  static func died(_ ending: Ending, revision: String?) -> Self {
    Self(
      .died,
      "the project's Python \(ending)\(place(revision)), without having come to its end",
      hint:
        "a script or env.py that ends the process (os._exit, exec, a crash) cannot be run under guard: correct it",
      revision: revision
    )
  }

  static func timedOut(after limit: Duration, revision: String?) -> Self {
    let seconds = (limit / .milliseconds(100)).rounded() / 10
    return Self(
      .timedOut,
      "the project's Python did not end within \(seconds) s, and was ended\(place(revision))",
      hint: "give it more time with --timeout",
      revision: revision
    )
  }

  static func garbage(_ line: String, revision: String?) -> Self {
    Self(
      .garbage,
      "what came from the project's Python\(place(revision)) is not xm-safe's protocol: '\(line)'",
      hint: "a script or env.py writes to a descriptor that it has not opened: correct it",
      revision: revision
    )
  }

  private static func place(_ revision: String?) -> String {
    revision.map { " in the middle of revision \($0)" } ?? ""
  }
}
