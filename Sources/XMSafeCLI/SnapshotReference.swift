internal import ArgumentParser

/// How a snapshot is named on the command line.
enum SnapshotReference {
  /// The help of an argument that names one.
  static let help: ArgumentHelp =
    "latest (the newest but those from before a restore), the beginning of an id, or a path."
}
