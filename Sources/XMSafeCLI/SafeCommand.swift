internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// A command of xm-safe: it calls the facade once, prints the result, and ends with a code of the one table.
protocol SafeCommand: ParsableCommand {
  /// What the command reports; its JSON is the contract.
  associatedtype Result: Encodable

  /// The options that every command takes.
  var common: CommonOptions { get }

  /// Does the work.
  func perform(_ facade: Safeguard) throws(Failure) -> Result

  /// The result for people; empty for nothing to print.
  func text(_ result: Result) -> String

  /// How a successful command ends.
  func exitStatus(_ result: Result) -> ExitStatus
}

extension SafeCommand {
  func exitStatus(_ result: Result) -> ExitStatus { .done }

  func run() throws {
    let result: Result
    do {
      result = try perform(common.facade)
      ProgressBar.shared.finish()
    } catch {
      ProgressBar.shared.finish()
      StandardError.shared.write(line: common.json ? Self.json(error) : Self.text(error))
      throw ArgumentParser.ExitCode(error.exitStatus.rawValue)
    }
    let output = common.json ? JSONOutput.document(result) : text(result)
    guard output.isEmpty || StandardDescriptors.write(output + "\n", to: 1) else {
      // `| head` has read what it wanted: no reason for a word, nor for another code.
      if StandardDescriptors.isClosedPipe(1) {
        throw ArgumentParser.ExitCode(exitStatus(result).rawValue)
      }
      StandardError.shared.write(
        line: "xm-safe: the command is done, and its result could not be written to standard output"
      )
      throw ArgumentParser.ExitCode(ExitStatus.unexpected.rawValue)
    }
    let code = exitStatus(result)
    if code != .done { throw ArgumentParser.ExitCode(code.rawValue) }
  }

  /// A failure for people: what happened, how the database is now, what to do next.
  private static func text(_ failure: Failure) -> String {
    """
    xm-safe: \(failure.description.shownOnOneLine)
      state: \(failure.state.shownOnOneLine)
      next:  \(failure.next.shownOnOneLine)
    """
  }

  /// A failure for programs: one line.
  private static func json(_ failure: Failure) -> String {
    JSONOutput.line(
      FailureRecord(
        error: FailureRecord.Details(
          exitCode: failure.exitStatus.rawValue,
          message: failure.message,
          location: failure.location,
          state: failure.state,
          next: failure.next
        )
      )
    )
  }
}

/// What `--json` prints on standard error when a command fails.
struct FailureRecord: Encodable {
  struct Details: Encodable {
    var exitCode: Int32
    var message: String
    var location: Failure.Location?
    var state: String
    var next: String
  }

  var error: Details
}

/// The last paragraph of a command's help: its exit codes.
func exitCodes(_ codes: ExitStatus...) -> String {
  let lines = codes.map { code in
    let number = String(code.rawValue)
    return "  " + String(repeating: " ", count: max(0, 3 - number.count)) + number + "  "
      + code.meaning
  }
  return "EXIT STATUS:\n" + lines.joined(separator: "\n")
}
