internal import ArgumentParser
internal import DurableFiles
internal import Jobs
internal import XMSafe

/// A command of xm-safe: it calls the facade once, prints the result, and ends with a code of the one table.
protocol SafeCommand: ParsableCommand {
  /// What the command reports; its JSON is the contract.
  associatedtype Result: Encodable

  /// The options that every command takes.
  var common: CommonOptions { get }

  /// Who is told of it; nil for a command, or a run of it, that changes nothing.
  var job: JobOptions? { get }

  /// Does the work.
  func perform(_ facade: Safeguard) throws(Failure) -> Result

  /// The result for people; empty for nothing to print.
  func text(_ result: Result) -> String

  /// Whether the result is about what to do next; in others, text of the user's own may look like a command.
  var isOfCommands: Bool { get }

  /// What was done, for those who are told.
  func facts(_ result: Result) -> JobFacts

  /// What is to be said, and how the command ends, when it did its work and its result is no good news; nil for `done`.
  func verdict(_ result: Result) -> Verdict?
}

extension SafeCommand {
  var job: JobOptions? { nil }

  var isOfCommands: Bool { false }

  func facts(_ result: Result) -> JobFacts { .none }

  func verdict(_ result: Result) -> Verdict? { nil }

  func run() throws {
    let tape = RunTape()
    let context = common.context(tape)
    let facade = common.facade(context)
    let name = Self.configuration.commandName ?? ""
    let job = job.map { JobRun(name, $0, facade, context, tape) }
    let ending = work(facade, job)
    job?.end(ending.completed(common.nextCommands))
    guard ending.code == 0 else { throw ArgumentParser.ExitCode(ending.code) }
  }

  /// Does the work, and says what came of it.
  private func work(_ facade: Safeguard, _ job: JobRun?) -> JobEnding {
    let result: Result
    let next = common.nextCommands
    do {
      try job?.begin()
      result = try perform(facade)
      ProgressBar.shared.finish()
    } catch {
      var error = error
      error.state = facade.completing(state: error.state)
      ProgressBar.shared.finish()
      StandardError.shared.write(
        line: next.completing(
          common.json ? FailureRecord.line(error) : FailureRecord.text(error),
          isJSON: common.json
        )
      )
      return JobEnding(error)
    }
    var output = common.json ? JSONOutput.document(result) : text(result)
    if isOfCommands { output = next.completing(output, isJSON: common.json) }
    var verdict = verdict(result)
    if let state = verdict?.state { verdict?.state = facade.completing(state: state) }
    guard output.isEmpty || StandardDescriptors.write(output + "\n", to: 1) else {
      // `| head` has read what it wanted: no reason for a word, nor for another code.
      if StandardDescriptors.isClosedPipe(1) { return JobEnding(facts(result), verdict) }
      let failure = Failure(
        unwritten: "the command is done, and its result could not be written to standard output",
        state: "whatever the command was to do is done",
        next: "'xm-safe list' and 'xm-safe current' show how things are"
      )
      StandardError.shared.write(line: next.completing(FailureRecord.text(failure)))
      return JobEnding(failure)
    }
    // A program has it in the result.
    if let verdict, !common.json { StandardError.shared.write(line: next.completing(verdict.text)) }
    return JobEnding(facts(result), verdict)
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
