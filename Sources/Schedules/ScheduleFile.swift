/// A file of a schedule, for systemd or launchd.
package struct ScheduleFile: Hashable, Sendable {
  /// Its name, without a directory.
  package var name: String
  /// Its text.
  package var text: String
  /// Whether other databases have it as well, so that it stays when one is removed.
  package var isShared = false

  /// What the first lines of each file have, so that no file of somebody else's is replaced.
  package static let mark = "Written by 'xm-safe schedule install"
}
