/// One run of a command that does something, as the log of runs keeps it: one line of JSON.
///
/// Fields may be added, none is renamed.
package struct RunRecord: Codable, Hashable, Sendable {
  /// One line of the run's log.
  package struct Line: Codable, Hashable, Sendable {
    /// When: ISO 8601, UTC.
    package var time: String
    /// `info`, `warning`, `error`.
    package var level: String
    /// Who said it, such as `xm_safe.upgrade`.
    package var logger: String
    /// What was said.
    package var message: String

    /// Makes a line of its parts.
    package init(time: String, level: String, logger: String, message: String) {
      self.time = time
      self.level = level
      self.logger = logger
      self.message = message
    }
  }

  /// Eight random hexadecimal digits.
  package var id: String
  /// The command.
  package var verb: String
  /// The database: an absolute path, or an address without password; empty where that could not be told.
  package var database: String
  /// When it began: ISO 8601, UTC.
  package var started: String
  /// When it ended.
  package var ended: String
  /// How long it took.
  package var seconds: Double
  /// The exit code.
  package var exitCode: Int32
  /// The snapshot that was taken, or restored; nil if there is none.
  package var snapshot: String?
  /// The revisions before, where the command changes them.
  package var from: [String]?
  /// The revisions after, where the command changes them.
  package var to: [String]?
  /// Whether snapshots were restored for trial: `verify --deep`.
  package var isDrill: Bool
  /// What happened; nil if all went well.
  package var message: String?
  /// What state the database was in; nil if all went well.
  package var state: String?
  /// What was to be done next; nil if all went well.
  package var next: String?
  /// The version of xm-safe.
  package var tool: String
  /// The log: all of it if the run failed, as far as there is room, else only warnings and errors.
  package var log: [Line]

  /// Makes the record of a run that went well.
  package init(
    id: String = Self.newID(),
    verb: String,
    database: String,
    started: String,
    ended: String,
    seconds: Double,
    exitCode: Int32,
    isDrill: Bool = false,
    tool: String,
    log: [Line] = []
  ) {
    self.id = id
    self.verb = verb
    self.database = database
    self.started = started
    self.ended = ended
    self.seconds = seconds
    self.exitCode = exitCode
    self.isDrill = isDrill
    self.tool = tool
    self.log = log
  }

  /// Whether all went well.
  package var isSuccess: Bool { exitCode == 0 }

  /// A new id.
  package static func newID() -> String {
    let digits = String(UInt32.random(in: .min ... .max), radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
