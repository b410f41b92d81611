internal import ArgumentParser
internal import XMSafe

/// The help as it is shown: the parser's own, with the exit codes at its end, where people look for them.
enum HelpText {
  /// The line that the exit codes begin with.
  static let title = "EXIT STATUS:"

  /// Shows what a parser's error really is a wish for; nil for an error.
  ///
  /// - Parameter error: What the parser threw.
  /// - Returns: The text for standard output.
  static func text(_ error: any Error) -> String? {
    guard XMSafeCommand.exitCode(for: error) == .success else { return nil }
    let text = XMSafeCommand.fullMessage(for: error)
    return text.contains("\n\(title)\n") ? arranged(text) : nil
  }

  /// A help in the order of what people look for: the command's own options, those it shares, the exit codes.
  static func arranged(_ text: String) -> String {
    var blocks = text.split(separator: "\n", omittingEmptySubsequences: false).split { line in
      line.allSatisfy(\.isWhitespace)
    }
    func title(_ block: ArraySlice<Substring>) -> Substring { block.first ?? "" }
    let codes = blocks.filter { title($0) == self.title }
    blocks.removeAll { title($0) == self.title }
    if let own = blocks.firstIndex(where: { title($0) == "OPTIONS:" }) {
      let shared = blocks[..<own].filter { block in
        title(block).hasSuffix(":") && !title(block).contains(where: \.isLowercase)
          && title(block) != "ARGUMENTS:"
      }
      blocks.removeAll { block in shared.contains(block) }
      let place = blocks.firstIndex { title($0) == "OPTIONS:" } ?? blocks.count - 1
      blocks.insert(contentsOf: shared, at: place + 1)
    }
    return (blocks + codes).map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }
}

/// The last paragraph of a command's help: the exit codes that it has of its own.
func exitCodes(_ codes: ExitStatus...) -> String {
  let general = ExitStatus.general.filter { !codes.contains($0) }
  let numbers = general.map { "\($0.rawValue)" }.joined(separator: ", ")
  return table(codes) + "\n  Also \(numbers), as 'xm-safe --help' has them."
}

/// The last paragraph of the program's help: all exit codes.
func allExitCodes() -> String { table(ExitStatus.allCases) }

private func table(_ codes: [ExitStatus]) -> String {
  let lines = codes.map { code in
    let number = String(code.rawValue)
    return "  " + String(repeating: " ", count: max(0, 3 - number.count)) + number + "  "
      + code.meaning
  }
  return "\(HelpText.title)\n" + lines.joined(separator: "\n")
}
