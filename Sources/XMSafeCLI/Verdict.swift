internal import DurableFiles
internal import XMSafe

/// How a command ends that did all of its work and has no good news: a check that says no is not a failure, and needs the
/// same three answers.
struct Verdict {
  /// The code of the one table.
  var exitStatus: ExitStatus
  /// The code of a command that was run, where that is handed on instead.
  var commandCode: Int32?
  /// What was found, as one sentence in lower case.
  var message: String
  /// What state the database is in now.
  var state: String
  /// The next command.
  var next: String

  /// How the program ends.
  var code: Int32 { commandCode ?? exitStatus.rawValue }

  /// The three answers, as every failure has them.
  var text: String { Self.text(message, state: state, next: next) }

  /// What happened, how the database is now, what to do next: each on one line.
  static func text(_ message: String, state: String, next: String) -> String {
    """
    xm-safe: \(message.shownOnOneLine)
      state: \(state.shownOnOneLine)
      next:  \(next.shownOnOneLine)
    """
  }
}
