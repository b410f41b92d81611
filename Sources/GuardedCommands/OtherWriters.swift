internal import DurableFiles
internal import Upgrade

/// Looks now and then, while a command runs, who else holds a lock for writing: nobody was locked out.
///
/// It sees what lasts, or happens to be there when it looks: that it has seen nobody proves nothing.
final class OtherWriters {
  private let database: String
  /// The file: a lock on another one that has got its inode since is nobody's concern.
  private let identity: FileStatus.Identity
  private let child: Int32
  private let sharesGroup: Bool
  private var known: Set<Int32> = []
  private var next = ContinuousClock.now
  /// The processes that are not of the command and were seen writing, in words.
  private(set) var seen: [String] = []

  /// - Parameters:
  ///   - database: The absolute path of the database; it is not opened.
  ///   - identity: Which file it is.
  ///   - child: The command's process.
  ///   - sharesGroup: Whether it is in the group of this process, which then tells nothing.
  init(_ database: String, _ identity: FileStatus.Identity, child: Int32, sharesGroup: Bool) {
    self.database = database
    self.identity = identity
    self.child = child
    self.sharesGroup = sharesGroup
  }

  /// Looks, if the last look was not a moment ago.
  func look() {
    guard ContinuousClock.now >= next else { return }
    next = .now + .milliseconds(20)
    let holders: [LockHolders.Holder]
    // Whoever cannot be seen is not accused.
    do {
      holders = try LockHolders.of(database)
      guard try FileStatus.ifPresent(database)?.identity == identity else { return }
    } catch {
      return
    }
    for holder in holders where holder.locks.contains(where: Self.isForWriting) {
      guard let id = holder.process, known.insert(id).inserted, !isOfCommand(id) else { continue }
      seen.append(holder.description)
    }
  }

  private static func isForWriting(_ lock: String) -> Bool {
    ["RESERVED", "PENDING", "EXCLUSIVE", "WRITER"].contains(lock)
  }

  private func isOfCommand(_ process: Int32) -> Bool {
    var id = process
    while id > 1 {
      if id == child { return true }
      guard let family = ProcessFiles.family(of: id) else { return true }
      if !sharesGroup, family.group == child { return true }
      id = family.parent
    }
    return false
  }
}
