internal import DurableFiles
internal import GuardedCommands
internal import Logging
internal import Processes

/// The command that opens scripts in the user's editor.
extension Safeguard {
  /// What alembic looks for where the user names no editor, in its order.
  private static let editors = ["sensible-editor", "editor", "nano", "vim", "code"]

  /// Opens the scripts of revisions in the user's editor, one after the other, and waits for it.
  ///
  /// - Parameter name: As `show` takes it: a revision, `heads`, `current`, ...
  /// - Returns: The revisions.
  /// - Throws: `Failure`.
  public func edit(_ name: String) throws(Failure) -> [RevisionRecord] {
    let found = try revisions(name)
    try failing {
      guard !found.isEmpty else {
        throw Failure(
          .refused,
          name == "current"
            ? "the database is at no revision" : "'\(name.shownOnOneLine)' is no script",
          next: "'xm-safe history' shows the revisions"
        )
      }
      let editor = try editor()
      for revision in found { try open(revision.path, in: editor) }
    }
    return found
  }

  /// The program, and its arguments before the file: `EDITOR`, else `VISUAL`, else the first of alembic's list that is there.
  private func editor() throws -> [String] {
    for variable in ["EDITOR", "VISUAL"] {
      guard let wanted = project.variable(variable) else { continue }
      // A path may have blanks in it; what is no program as a whole is one with arguments.
      if let program = program(named: wanted) { return [program] }
      let words = wanted.split(separator: " ").map(String.init)
      if let first = words.first, let program = program(named: first) {
        return [program] + words.dropFirst()
      }
      context.logger("xm_safe.edit").warning(
        "\(variable) is '\(wanted.shownOnOneLine)', and there is no such program"
      )
    }
    for name in Self.editors {
      if let program = program(named: name) { return [program] }
    }
    throw Failure(.refused, "there is no editor", next: "name one with EDITOR or VISUAL")
  }

  private func program(named name: String) -> String? {
    guard !name.contains("/") else {
      let path = project.absolute(name)
      return Program.isExecutable(path) ? path : nil
    }
    return Program.find(
      name,
      on: project.variable("PATH") ?? "",
      from: context.workingDirectory
    )
  }

  private func open(_ path: String, in editor: [String]) throws {
    var program = Program(
      editor[0],
      Array(editor.dropFirst()) + [path],
      environment: context.environment,
      workingDirectory: context.workingDirectory
    )
    context.projectStreams.connect(&program)
    let ending = try TerminalProcess(program, context.logger("xm_safe.signal")).run(
      context.cancellation.stop
    )
    guard ending.isSuccess else {
      throw Failure(
        .unexpected,
        "the editor \(editor[0].shownAsPath) \(ending), with \(path.shownAsPath)",
        next: "look at the file; EDITOR and VISUAL name another editor"
      )
    }
  }
}
