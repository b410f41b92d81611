package import Revisions

/// How alembic's log names the steps of a plan.
extension Plan.Direction {
  /// alembic's line: the empty side is empty, and a script without a docstring has no comma.
  ///
  /// - Parameter step: The step.
  /// - Returns: `Running upgrade a -> b, message`.
  package func line(of step: Plan.Step) -> String {
    let line = "Running \(shortLine(of: step))"
    return self == .stamp || step.revision.message.isEmpty
      ? line : "\(line), \(step.revision.message)"
  }

  /// The same without the message, as offline SQL has it.
  func shortLine(of step: Plan.Step) -> String {
    let verb = function ?? "stamp_revision"
    return
      "\(verb) \(step.from.joined(separator: ", ")) -> \(step.to.joined(separator: ", "))"
  }
}
