internal import DurableFiles
internal import Servers

/// Looks now and then, while a command runs, who else is connected to a server's database: nobody was locked out.
///
/// Whoever is connected may write. Where it cannot be told who is, everybody may.
final class OtherSessions {
  private let hold: any ServerHold
  private let application: String
  private var next = ContinuousClock.now
  /// The sessions that were seen and are not of the command, in words.
  private(set) var seen: [String] = []
  /// Why it cannot be told who else writes; nil if it can.
  private(set) var doubt: String?

  /// - Parameters:
  ///   - hold: The lock on the database, which is a connection that can be asked.
  ///   - application: The name that the command's own sessions have.
  init(_ hold: any ServerHold, but application: String) {
    self.hold = hold
    self.application = application
  }

  /// Looks, if the last look was not a moment ago.
  func lookNowAndThen() {
    guard ContinuousClock.now >= next else { return }
    look()
    next = .now + .milliseconds(50)
  }

  /// Looks.
  func look() {
    guard doubt == nil else { return }
    do {
      guard let others = try hold.others(but: application) else {
        doubt = "nobody can tell on this server what the command has written and what others have"
        return
      }
      for other in others.map(\.shownOnOneLine) where !seen.contains(other) { seen.append(other) }
    } catch {
      doubt =
        "who else was connected could not be told (\(String(describing: error).shownOnOneLine))"
    }
  }

  /// Why what a failed command has left may be the work of others, too, as a clause; nil if it is the command's alone.
  var reason: String? {
    seen.first.map { "\($0), was connected to it meanwhile and may have written" } ?? doubt
  }
}
