/// Everything that is scheduled for one database: the commands, complete, and where they run.
package struct Schedule: Hashable, Sendable {
  /// The absolute path of xm-safe.
  package var program: String
  /// What the database is known by: its path.
  package var database: String
  /// What the files of this database are told apart by from those of others: letters and digits.
  package var key: String
  /// The options that name the database, its scripts and its store; no path in them is relative.
  package var options: [String]
  /// The rules of `prune`.
  package var keep: [String]
  /// How long a job waits for another one, as `--wait` takes it.
  package var wait: String
  /// The jobs.
  package var jobs: [ScheduledJob]
  /// The environment variables that the commands need.
  package var environment: [Variable]
  /// The directory in which the commands run, since what a project's configuration names may be relative to it.
  package var directory: String
  /// The commands of xm-safe that have hooks.
  package var hooked: Set<String>

  /// One environment variable.
  package struct Variable: Hashable, Sendable {
    /// Its name.
    package var name: String
    /// Its value.
    package var value: String

    /// Makes a variable.
    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// What cannot be written into a schedule.
  package struct Unwritable: Error, Hashable, Sendable, CustomStringConvertible {
    /// What, and why, as one sentence.
    package var description: String
  }

  /// Makes a schedule of its parts.
  ///
  /// - Throws: `Unwritable` for a text with a control character: none of the formats can hold a line end.
  package init(
    program: String,
    database: String,
    key: String,
    options: [String],
    keep: [String],
    wait: String,
    jobs: [ScheduledJob],
    environment: [Variable],
    directory: String,
    hooked: Set<String> = []
  ) throws(Unwritable) {
    self.program = program
    self.database = database
    self.key = key
    self.options = options
    self.keep = keep
    self.wait = wait
    self.jobs = jobs
    self.environment = environment
    self.directory = directory
    self.hooked = hooked
    for text in [program, database, directory] + options + environment.map(\.value) {
      let isWritable = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
      guard isWritable, !text.unicodeScalars.contains("\u{fffd}") else {
        throw Unwritable(
          description:
            "a name with a line end, a control character or bytes that are not UTF-8 cannot be written into a schedule"
        )
      }
    }
  }

  /// The whole command of a job.
  ///
  /// - Parameter job: The job.
  /// - Returns: The program and its arguments.
  package func command(_ job: ScheduledJob) -> [String] {
    [program] + job.arguments(keep: keep) + ["--quiet", "--wait", wait] + options
  }

  /// When a job runs.
  ///
  /// - Parameter job: The job.
  /// - Returns: The time.
  package func time(_ job: ScheduledJob) -> ScheduledTime {
    ScheduledTime(job, database: database)
  }
}
