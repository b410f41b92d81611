/// The result of `run`: a value for programs, whose JSON is a contract (fields may be added, none is renamed).
public struct RunResult: Codable, Sendable {
  /// `kept` if the command succeeded and the checks have no objection; else `as-before`, `restored` or `not-restored`.
  public var outcome: String
  /// The absolute path of the database.
  public var database: String
  /// The name of the program; its arguments may hold a password, and are not told.
  public var program: String
  /// The exit code of the command; nil if a signal ended it.
  public var exitCode: Int32?
  /// The signal that ended the command; nil if it ended by itself.
  public var signal: Int32?
  /// How many seconds the command ran.
  public var seconds: Double
  /// The revisions before.
  public var from: [String]
  /// The revisions after the command, whatever was done then; nil if they could not be read.
  public var to: [String]?
  /// What failed: the command or a check; nil if nothing did.
  public var problem: String?
  /// What the database is like now, in words.
  public var state: String
  /// What to do next, in words; nil if there is nothing to do.
  public var next: String?
  /// The processes that are not of the command and were seen writing to the database while it ran, or were connected to a server's.
  public var otherWriters: [String]
  /// The snapshot of what was before.
  public var snapshot: SnapshotRecord
  /// The snapshot of what a failed command has left; nil if there was nothing to restore, or it was no sound database.
  public var left: SnapshotRecord?
  /// The file with what a failed command has left, with `--keep-on-failure` or if it was no sound database; nil if there is none.
  public var leftFile: String?

  /// The command's own code as a shell tells it: 128 and the signal's number if a signal ended it.
  public var commandCode: Int32 { exitCode ?? 128 + (signal ?? 0) }
}
