internal import AlembicScripts
internal import Archive
internal import DatabaseURLs
internal import DurableFiles
internal import Migrations
internal import Processes
internal import Revisions
internal import SQLite
internal import Servers
internal import Snapshots
internal import Upgrade

/// A command that failed: what happened, what state the database is in now, and what to do next.
public struct Failure: Error, Sendable, CustomStringConvertible {
  /// A place in a script or a configuration file.
  public struct Location: Codable, Hashable, Sendable {
    /// The file's path.
    public var path: String
    /// The line, from 1.
    public var line: Int
    /// The column, from 1.
    public var column: Int
  }

  /// How the command ends.
  public var exitStatus: ExitStatus
  /// What happened, as one sentence in lower case.
  public var message: String
  /// Where in a script; nil where there is no place.
  public var location: Location?
  /// What state the database is in now.
  public var state: String
  /// The next command, or what to look at.
  public var next: String

  /// The message, with its place in front.
  public var description: String {
    guard let location else { return message }
    return "\(location.path.shownOnOneLine):\(location.line):\(location.column): \(message)"
  }

  static let untouched = "the database was not touched"
  static let nothingMade = "there is no file, and none was made"

  init(
    _ exitStatus: ExitStatus,
    _ message: String,
    location: Location? = nil,
    state: String = untouched,
    next: String
  ) {
    self.exitStatus = exitStatus
    self.message = message
    self.location = location
    self.state = state
    self.next = next
  }

  /// A mistake on the command line; nothing was done.
  package init(usage message: String, next: String) {
    self.init(.usage, message, next: next)
  }

  /// A result that could not be told; everything was done.
  package init(unwritten message: String, state: String, next: String) {
    self.init(.unexpected, message, state: state, next: next)
  }

  /// Something that ought not to happen; nothing was done.
  package init(unexpected message: String, next: String) {
    self.init(.unexpected, message, next: next)
  }

  /// A mistake in the settings; nothing was done.
  package init(
    settings message: String,
    at path: String? = nil,
    line: Int = 1,
    next: String = "correct it, then run the same command again"
  ) {
    let location = path.map { Location(path: $0, line: line, column: 1) }
    self.init(.refused, message, location: location, next: next)
  }

  /// The one table from errors to words and exit codes.
  ///
  /// - Parameter error: What a part threw.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as UpgradeFailure: self.init(upgrade: error)
    case let error as RevisionError:
      self.init(.refused, error.message, location: Location(error.location), next: error.hint)
    case let error as ScriptError:
      self.init(
        .refused,
        error.description,
        location: Location(error.location),
        next: error.hint ?? "correct it, then run the same command again"
      )
    case let error as ServerError: self.init(server: error)
    case let error as ProcessError:
      self.init(
        error.code == .notFound ? .refused : .unexpected,
        error.description,
        next: "install the program again, or look at PATH"
      )
    case let error as AddressError: self.init(.refused, error.message, next: error.hint)
    case let error as ArchiveError:
      self.init(
        error.code == .newerFormat ? .refused : .damagedSnapshot,
        error.description,
        next: Self.next(after: error)
      )
    case let error as SnapshotError: self.init(snapshot: error)
    case let error as RetentionError:
      self.init(
        error.code == .emptyPolicy ? .refused : .usage,
        error.message,
        next: error.hint
      )
    case let error as KernelLock.Held:
      self.init(
        .locked,
        "another xm-safe is working on this database: \(error.who)",
        next: "run the same command again when it has ended; --wait 5m waits for it"
      )
    case let error as CrashJournal.Taken:
      self.init(
        .locked,
        error.description,
        next: "run the same command again: it first looks what that run has left"
      )
    case let error as CrashJournal.Unreadable:
      self.init(
        .refused,
        error.description,
        next:
          "compare the database with a snapshot ('xm-safe diff latest'), then move that file away"
      )
    case let error as NotDurable:
      self.init(
        .failedNotRestored,
        "it is done, and making it durable failed: \(error)",
        state: "everything is in place; a power cut now may take it",
        next: "run 'sync', and the same command again if the power fails before"
      )
    case let error as FileError:
      let status: ExitStatus =
        error.isOutOfSpace ? .outOfSpace : error.isNotPermitted ? .refused : .unexpected
      self.init(status, error.description, next: Self.next(after: error))
    case let error as SQLiteError where error.isOutOfSpace:
      self.init(
        .outOfSpace,
        "the disk is full: \(error)",
        next: "make room, then run the same command again"
      )
    default:
      self.init(
        .unexpected,
        String(describing: error),
        next: "run the same command again, and report it if it stays"
      )
    }
  }

  private static func next(after error: ArchiveError) -> String {
    switch error.code {
    case .newerFormat: "use a newer xm-safe, or 'gunzip -c FILE > database.sqlite3'"
    case .notAnArchive: "'xm-safe list' shows the snapshots that there are"
    case .damaged:
      "'xm-safe verify --all' tells which snapshots are whole; 'xm-safe restore ID' puts one of them back"
    }
  }

  private static func next(after error: FileError) -> String {
    if error.isOutOfSpace { return "make room, then run the same command again" }
    return error.isNotPermitted
      ? "make it accessible to this user, or run the command as its owner"
      : "check the path and its permissions"
  }

  private init(upgrade error: UpgradeFailure) {
    let code: ExitStatus =
      switch error.code {
      case .noSuchDatabase: .notFound
      case .locked: .locked
      case .outOfSpace: .outOfSpace
      case .inputOutput: .unexpected
      case .refused: .refused
      case .asBefore: .failedAsBefore
      case .notRestored: .failedNotRestored
      }
    let cause = (error.cause as? MigrationRunner.Failure)?.cause ?? error.cause
    let place =
      (cause as? ScriptError)?.location ?? (cause as? ActionFailure)?.location
      ?? (cause as? AlembicFailure)?.location
    self.init(code, error.message, location: Location(place), state: error.state, next: error.next)
  }

  private init(server error: ServerError) {
    let code: ExitStatus =
      switch error.code {
      case .unreachable, .noSuchDatabase: .notFound
      case .denied, .program, .refused: .refused
      case .locked: .locked
      case .failed, .lost: .unexpected
      case .notAsRestored: .failedNotRestored
      }
    let isAsBefore = error.code != .notAsRestored
    self.init(
      code,
      error.message,
      state: isAsBefore ? Self.untouched : "the database is neither as before nor as the snapshot",
      next: error.hint
    )
  }

  private init(snapshot error: SnapshotError) {
    let code: ExitStatus =
      switch error.code {
      case .noSuchDatabase, .noSuchSnapshot: .notFound
      case .locked: .locked
      case .notAsRestored, .notDurable, .moved: .failedNotRestored
      default: .refused
      }
    let state =
      switch error.code {
      case .notAsRestored: "the database is neither as before nor as the snapshot"
      case .notDurable:
        "the database has the snapshot's content; a power cut now may bring the old one back"
      case .moved:
        "the file that was moved has the snapshot's content; the one that has the name now, if there is one, was not touched"
      default: Self.untouched
      }
    self.init(
      code,
      error.message,
      state: state,
      next: error.hint ?? "'xm-safe list' shows what there is"
    )
  }
}

extension Failure.Location {
  init?(_ location: Revision.Location?) {
    guard let location else { return nil }
    self.init(path: location.path, line: location.line, column: location.column)
  }
}
