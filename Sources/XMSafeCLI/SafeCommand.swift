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

  /// What is to be said, and how the command ends, when it did its work and its result is no good news; nil for `done`.
  func verdict(_ result: Result) -> Verdict?
}

extension SafeCommand {
  func verdict(_ result: Result) -> Verdict? { nil }

  func run() throws {
    let result: Result
    do {
      result = try perform(common.facade(common.context))
      ProgressBar.shared.finish()
    } catch {
      ProgressBar.shared.finish()
      StandardError.shared.write(
        line: common.json ? FailureRecord.line(error) : FailureRecord.text(error)
      )
      throw ArgumentParser.ExitCode(error.exitStatus.rawValue)
    }
    let output = common.json ? JSONOutput.document(result) : text(result)
    let verdict = verdict(result)
    guard output.isEmpty || StandardDescriptors.write(output + "\n", to: 1) else {
      // `| head` has read what it wanted: no reason for a word, nor for another code.
      if StandardDescriptors.isClosedPipe(1) {
        throw ArgumentParser.ExitCode(verdict?.code ?? ExitStatus.done.rawValue)
      }
      StandardError.shared.write(
        line: Verdict.text(
          "the command is done, and its result could not be written to standard output",
          state: "whatever the command was to do is done",
          next: "'xm-safe list' and 'xm-safe current' show how things are"
        )
      )
      throw ArgumentParser.ExitCode(ExitStatus.unexpected.rawValue)
    }
    guard let verdict else { return }
    // A program has it in the result.
    if !common.json { StandardError.shared.write(line: verdict.text) }
    throw ArgumentParser.ExitCode(verdict.code)
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

  /// A failure for people: what happened, how the database is now, what to do next.
  static func text(_ failure: Failure) -> String {
    Verdict.text(failure.description, state: failure.state, next: failure.next)
  }

  /// A failure for programs: one line.
  static func line(_ failure: Failure) -> String {
    JSONOutput.line(
      FailureRecord(
        error: Details(
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

/// The last paragraph of a command's help: its exit codes.
func exitCodes(_ codes: ExitStatus...) -> String {
  let lines = codes.map { code in
    let number = String(code.rawValue)
    return "  " + String(repeating: " ", count: max(0, 3 - number.count)) + number + "  "
      + code.meaning
  }
  return "EXIT STATUS:\n" + lines.joined(separator: "\n")
}
