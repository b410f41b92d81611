internal import DurableFiles
internal import Processes

/// A command of the user's that runs before or after one of ours.
package struct Hook: Sendable {
  /// When it runs.
  package enum Moment: String, Sendable {
    /// Before; when it fails, nothing is done.
    case before
    /// After a run that went well.
    case after
    /// After a run that did not.
    case error
  }

  /// The variable that says in a hook which one it is.
  package static let variable = "XM_SAFE_HOOK"

  /// When it runs.
  package var moment: Moment
  /// What the shell runs.
  package var command: String
  /// How long it may take.
  package var timeout: Duration
  /// What it is told, as variables: the names without `XM_SAFE_HOOK_`.
  package var facts: [String: String]

  /// Makes a hook of its parts.
  package init(_ moment: Moment, _ command: String, timeout: Duration, facts: [String: String]) {
    self.moment = moment
    self.command = command
    self.timeout = timeout
    self.facts = facts
  }

  /// Runs it to its end; what it says goes to standard error.
  ///
  /// - Parameters:
  ///   - environment: The variables of this process.
  ///   - directory: Where it runs.
  /// - Throws: `HookError` if it fails, `Stopped` if this run is to stop.
  package func run(_ environment: [String: String], in directory: String) throws {
    var variables = environment
    variables[Self.variable] = moment.rawValue
    for (name, value) in facts {
      // What a program is told ends at the first NUL.
      variables["\(Self.variable)_\(name)"] = value.replacing("\0", with: "")
    }
    var program = Program(
      "/bin/sh",
      ["-c", command],
      environment: variables,
      workingDirectory: directory
    )
    program.output = .inheritedErrors
    program.errors = .inherited
    let ending: Ending
    do {
      ending = try ChildProcess(program).finish(until: .now + timeout)
    } catch let error as ProcessError where error.code == .timedOut {
      throw HookError(hook: self, reason: "did not end in \(timeout.shownInSeconds), and was ended")
    } catch let error as ProcessError {
      throw HookError(hook: self, reason: "could not be run: \(error.reason)")
    }
    guard ending.isSuccess else { throw HookError(hook: self, reason: ending.description) }
  }
}

/// A hook that did not do its work.
package struct HookError: Error, CustomStringConvertible {
  /// The hook.
  package var hook: Hook
  /// How it ended, as a clause: "ended with exit code 3".
  package var reason: String

  /// Makes an error of its parts.
  package init(hook: Hook, reason: String) {
    self.hook = hook
    self.reason = reason
  }

  /// One sentence, with the command as it is: whoever shows it leaves the passwords of URLs out.
  package var description: String {
    let name =
      switch hook.moment {
      case .before: "the hook before the command"
      case .after: "the hook after the command"
      case .error: "the hook for a failed command"
      }
    return "\(name) \(reason): \(hook.command.shownOnOneLine)"
  }
}
