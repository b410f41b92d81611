internal import DurableFiles
internal import Logging

/// The lock on what is scheduled for this user.
extension Safeguard {
  /// How long a change waits for another one, which takes a moment.
  private static let scheduleWait = Duration.seconds(5)

  /// Takes the lock that keeps two runs of xm-safe from changing this user's schedules at once: `crontab` only replaces the whole, and
  /// the later of two would take the earlier one's lines away.
  ///
  /// - Parameter command: What to say of this run to others.
  /// - Returns: The lock; nil, with a warning, where there is no home directory to have it in, since cron needs none.
  /// - Throws: `Failure` if another run has it.
  func scheduleLock(_ command: String) throws -> KernelLock? {
    let logger = context.logger("xm_safe.schedule")
    let alone = "Nothing keeps another 'xm-safe schedule' from changing the same at once"
    guard let home = project.variable("HOME"), home.hasPrefix("/") else {
      logger.warning("\(alone): HOME names no directory for a lock")
      return nil
    }
    do {
      let directory = home + "/.xm-safe"
      let files = FileSystem()
      try files.makeDirectory(directory)
      return try KernelLock(
        taking: directory + "/.lock-schedule",
        holder: holder("schedule \(command)"),
        files: files,
        waiting: Self.scheduleWait
      ) { held in logger.info("Waiting for \(held.who)") }
    } catch let held as KernelLock.Held {
      throw Failure(
        .locked,
        "another xm-safe is changing what is scheduled for this user: \(held.who)",
        state: "nothing was changed by this run",
        next: "run the same command again when that one has ended"
      )
    } catch let error as FileError {
      logger.warning("\(alone): \(error)")
      return nil
    }
  }
}
