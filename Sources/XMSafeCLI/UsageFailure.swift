internal import ArgumentParser
internal import XMSafe

/// A mistake on the command line, in the words of every other failure: what is wrong, that nothing was done, and where the
/// right way is described.
enum UsageFailure {
  /// What a parser's error is told as; nil if it is none, such as a wish for help.
  ///
  /// - Parameters:
  ///   - error: What the parser threw.
  ///   - arguments: The command line, without the program's name.
  /// - Returns: The lines for standard error.
  static func text(_ error: any Error, _ arguments: [String]) -> String? {
    guard XMSafeCommand.exitCode(for: error) == .validationFailure else { return nil }
    let failure = Failure(
      usage: sentence(XMSafeCommand.message(for: error)),
      next: "'\(help(XMSafeCommand.fullMessage(for: error)))' shows how it is called"
    )
    return isForPrograms(arguments) ? FailureRecord.line(failure) : FailureRecord.text(failure)
  }

  /// Whether a program is to read what is said.
  static func isForPrograms(_ arguments: [String]) -> Bool {
    arguments.prefix { $0 != "--" }.contains("--json")
  }

  /// The parser's words as one sentence in lower case.
  static func sentence(_ message: String) -> String {
    let words = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    // A name in capitals stays one.
    guard let first = words.first, words.dropFirst().first?.isUppercase == false else {
      return words
    }
    return first.lowercased() + words.dropFirst()
  }

  /// The command that explains the one that was meant; the parser knows which that is.
  private static func help(_ message: String) -> String {
    let lines = message.split(whereSeparator: \.isNewline)
    let parts = lines.last?.split(separator: "'", omittingEmptySubsequences: false) ?? []
    guard parts.count > 2, parts[1].hasPrefix("xm-safe") else { return "xm-safe --help" }
    return String(parts[1])
  }
}
