/// Where a project keeps its scripts, and how it names new ones.
package struct RevisionSettings: Hashable, Sendable {
  /// The script directory, with env.py and script.py.mako.
  package var directory: String
  /// The versions directories.
  package var versionDirectories: [String]
  /// Whether directories below these count too.
  package var isRecursive = false
  /// How files are named, in Python's `%` notation.
  package var fileTemplate = "%(rev)s_%(slug)s"
  /// How long the part of a name may be that is made of the message.
  package var slugLength = 40
  /// The time zone of dates; nil for the local one.
  package var timezone: String?
  /// Programs that the project wants to run on a new file (`post_write_hooks`), which xm-safe does not.
  package var hooks: [String] = []

  /// Makes settings of their parts.
  package init(directory: String, versionDirectories: [String]) {
    self.directory = directory
    self.versionDirectories = versionDirectories
  }
}
