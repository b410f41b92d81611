internal import XMSafe

/// What a command did, for hooks and the log of runs.
struct JobFacts {
  /// The database, where the result knows better than the options.
  var database: String?
  /// The snapshot that was taken, or restored.
  var snapshot: String?
  /// The revisions before and after, where the command changes them.
  var revisions: (from: [String], to: [String])?
  /// Whether snapshots were restored for trial.
  var isDrill = false

  static let none = JobFacts()

  /// What an upgrade did.
  init(_ result: UpgradeResult) {
    database = result.database
    snapshot = result.snapshot?.id
    revisions = (result.from, result.to)
  }

  /// What a restore did.
  init(_ result: RestoreResult) {
    database = result.database
    snapshot = result.snapshot.id
    revisions = (result.before?.heads ?? [], result.snapshot.heads)
  }

  /// What a guarded command did.
  init(_ result: RunResult) {
    database = result.database
    snapshot = result.snapshot.id
    revisions = (result.from, result.outcome == "kept" ? result.to ?? [] : result.from)
  }

  /// Makes facts of their parts.
  init(database: String? = nil, snapshot: String? = nil, isDrill: Bool = false) {
    self.database = database
    self.snapshot = snapshot
    self.isDrill = isDrill
  }
}

/// How a command ended.
struct JobEnding {
  /// The exit code.
  var code: Int32
  /// What happened, how the database is, what is to be done; nil if all went well.
  var answers: (message: String, state: String, next: String)?
  /// What was done.
  var facts = JobFacts.none

  /// The end of a command that did its work, with its verdict.
  init(_ facts: JobFacts, _ verdict: Verdict?) {
    code = verdict?.code ?? ExitStatus.done.rawValue
    answers = verdict.map { ($0.message, $0.state, $0.next) }
    self.facts = facts
  }

  /// The end of a command that failed.
  init(_ failure: Failure) {
    code = failure.exitStatus.rawValue
    answers = (failure.description, failure.state, failure.next)
  }

  /// The end with the commands in its answers completed, for those who are told of it.
  func completed(_ next: NextCommands) -> JobEnding {
    var ending = self
    ending.answers = answers.map {
      (next.completing($0.message), next.completing($0.state), next.completing($0.next))
    }
    return ending
  }
}
