/// A program to start: what it is, and what its descriptors are connected to.
///
/// Nothing goes through a shell. The child gets the descriptors 0, 1, 2, and 3 if it has a channel; every other one is closed in it,
/// whoever opened it. It leads a process group of its own, so that what it starts can be ended with it, and a Ctrl-C of the terminal
/// reaches only this process, which then ends it; a program that talks with a terminal stays in this process's group instead.
package struct Program {
  /// What one of the standard descriptors is connected to.
  package enum Connection: Hashable, Sendable {
    /// What this process has there.
    case inherited
    /// Nothing: `/dev/null`.
    case nothing
    /// A pipe to this process.
    case piped
    /// For standard output: where standard error of this process goes.
    case inheritedErrors
  }

  /// The path of the program; a name without a slash is looked for on the `PATH` of `environment`.
  package var path: String
  /// The arguments, without the program's own name.
  package var arguments: [String]
  /// All environment variables of the child.
  package var environment: [String: String]
  /// Where it runs; nil for where this process does.
  package var workingDirectory: String?
  /// Standard input.
  ///
  /// A terminal must not be inherited, unless the group is shared: reading from it would stop the child, whose group is not the
  /// terminal's.
  package var input = Connection.nothing
  /// Standard output.
  package var output = Connection.piped
  /// Standard error.
  package var errors = Connection.piped
  /// Whether the child has a socket to this process as its descriptor `channel`.
  package var hasChannel = false
  /// Whether it stays in this process's group: it may then read from the terminal, the terminal's signals reach it as well, and what
  /// it has started is not ended with it.
  package var sharesGroup = false
  /// A descriptor of this process that the child keeps open as its own `lifeline`: a lock that is held through it then ends only with
  /// both.
  package var held: Int32?

  /// The number of the channel's descriptor in the child.
  package static let channel: Int32 = 3

  /// The number in the child of the descriptor that is `held`; the channel's, which such a child does not have.
  package static let lifeline: Int32 = 3

  /// Describes a program.
  ///
  /// - Parameters:
  ///   - path: Its path, or a name on `PATH`.
  ///   - arguments: The arguments, without the program's own name.
  ///   - environment: All environment variables of the child.
  ///   - workingDirectory: Where it runs; nil for where this process does.
  package init(
    _ path: String,
    _ arguments: [String] = [],
    environment: [String: String],
    workingDirectory: String? = nil
  ) {
    self.path = path
    self.arguments = arguments
    self.environment = environment
    self.workingDirectory = workingDirectory
  }

  /// Looks a program up as a shell does.
  ///
  /// - Parameters:
  ///   - name: A name without a slash.
  ///   - path: The directories, with colons between them.
  ///   - directory: What relative directories are relative to; nil for where this process runs.
  /// - Returns: The path of the first file of that name that may be executed; nil if there is none.
  package static func find(
    _ name: String,
    on path: String,
    from directory: String? = nil
  )
    -> String?
  {
    for entry in path.split(separator: ":", omittingEmptySubsequences: false) {
      var folder = entry.isEmpty ? "." : String(entry)
      if !folder.hasPrefix("/"), let directory { folder = directory + "/" + folder }
      let candidate = folder + "/" + name
      if SystemCalls.isExecutableFile(candidate) { return candidate }
    }
    return nil
  }

  /// Whether a path is a file that this user may execute.
  ///
  /// - Parameter path: The path.
  /// - Returns: Whether it is.
  package static func isExecutable(_ path: String) -> Bool {
    SystemCalls.isExecutableFile(path)
  }
}
