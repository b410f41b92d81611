internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe run`.
struct RunCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Guard any command that changes the database.",
    usage: "xm-safe run [OPTIONS] -- COMMAND...",
    discussion: """
      A snapshot is taken first. The command has this terminal or these streams, and gets the signals that come; with --json \
      its standard output goes to standard error, since the result has the other one. Afterwards \
      integrity, foreign keys, rows and version are compared; when the command fails or a check does, the snapshot is put \
      back, and what the command left is saved as a snapshot of its own. Other writers are not locked out: when they were \
      seen writing, nothing is restored unasked, and the exit code is 21. On a server the same holds when others were \
      connected, or when that cannot be told, as on MariaDB; --alone says that there are none.

      A command that fails hands on its own exit code, or 128 and the number of the signal that ended it.

      \(exitCodes(.done, .notFound, .locked, .outOfSpace, .failedAsBefore, .failedNotRestored, .refused, .usage, .notExecutable, .commandNotFound))
      """
  )

  /// What is compared.
  enum Guarding: String, WordChoice {
    case rows
    case off
  }

  @Option(name: .customLong("guard"), help: "Whether tables may lose rows: rows (none may) or off.")
  var guarding = Guarding.rows

  @Option(
    name: .customLong("allow-row-loss"),
    help: ArgumentHelp(
      "A table that may lose rows; may be given several times.",
      valueName: "table"
    )
  )
  var allowedLosses: [String] = []

  @Flag(
    name: .customLong("expect-head"),
    help: "The database must be at the head of the scripts afterwards."
  )
  var expectsHeads = false

  @Flag(
    name: .customLong("keep-on-failure"),
    help: "Keep what a failed command has left as a file beside the database, for study."
  )
  var keepsFailed = false

  @Flag(
    name: .customLong("alone"),
    help: "Nobody else writes to a server's database meanwhile: it is put back without asking."
  )
  var isAlone = false

  @OptionGroup(title: "Hooks and signs of life")
  var jobOptions: JobOptions

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  var job: JobOptions? { jobOptions }

  @Argument(parsing: .postTerminator, help: "The program and its arguments; no shell reads them.")
  var command: [String] = []

  func validate() throws {
    guard command.first?.isEmpty == false else {
      throw ValidationError("No command is given: write it after '--'")
    }
  }

  func perform(_ facade: Safeguard) throws(Failure) -> RunResult {
    try facade.run(
      command,
      safety: Safeguard.RunSafety(
        guardsRows: guarding == .rows,
        allowedLosses: allowedLosses,
        expectsHeads: expectsHeads,
        keepsFailed: keepsFailed,
        isAlone: isAlone
      )
    )
  }

  func facts(_ result: RunResult) -> JobFacts { JobFacts(result) }

  /// Standard output is the command's.
  func text(_ result: RunResult) -> String { "" }

  func verdict(_ result: RunResult) -> Verdict? {
    guard let problem = result.problem else { return nil }
    let isRestored = result.outcome != "not-restored"
    return Verdict(
      exitStatus: isRestored ? .failedAsBefore : .failedNotRestored,
      commandCode: isRestored && result.commandCode != 0 ? result.commandCode : nil,
      message: problem,
      state: result.state,
      next: result.next ?? ""
    )
  }
}
