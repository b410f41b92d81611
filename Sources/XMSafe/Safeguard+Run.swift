internal import AlembicScripts
internal import DurableFiles
internal import GuardedCommands
internal import Logging
internal import Migrations
internal import Processes
internal import Revisions
internal import Snapshots
internal import Upgrade

/// The command that guards any other.
extension Safeguard {
  /// How a command is guarded.
  public struct RunSafety: Sendable {
    /// Whether tables that lose rows make the run a failure.
    public var guardsRows: Bool
    /// The tables that may lose rows.
    public var allowedLosses: [String]
    /// Whether the database must be at the heads of the scripts afterwards.
    public var expectsHeads: Bool
    /// Whether what a failed command has left is kept as a file beside the database.
    public var keepsFailed: Bool
    /// Whether nobody else writes to the database of a server meanwhile, so that it may be put back without asking.
    public var isAlone: Bool

    /// Makes a choice of its parts.
    public init(
      guardsRows: Bool = true,
      allowedLosses: [String] = [],
      expectsHeads: Bool = false,
      keepsFailed: Bool = false,
      isAlone: Bool = false
    ) {
      self.guardsRows = guardsRows
      self.allowedLosses = allowedLosses
      self.expectsHeads = expectsHeads
      self.keepsFailed = keepsFailed
      self.isAlone = isAlone
    }
  }

  /// Runs a command that changes the database, and puts the database back if it fails or leaves it worse than before.
  ///
  /// Others are not locked out while it runs. The command has this process's standard streams as the context says; signals that the
  /// context's cancellation gets meanwhile are handed on to it.
  ///
  /// - Parameters:
  ///   - command: The program and its arguments; no shell reads them.
  ///   - safety: What is checked.
  /// - Returns: What came of it, also where the command failed.
  /// - Throws: `Failure` where the command was not begun; the database was not touched then.
  public func run(_ command: [String], safety: RunSafety = RunSafety()) throws(Failure) -> RunResult
  {
    try failing {
      if let work = try serverWork() { return try run(command, work, safety) }
      let program = try program(command)
      let database = try project.database()
      let target = try target(safety)
      let store = try store(for: database)
      var request = CommandRequest(
        database: database,
        program: program,
        store: store,
        versionTable: try project.versionTable(),
        target: target,
        versionProblem: { versionProblem($0, $1, safety) },
        busyTimeout: options.busyTimeout,
        lockWait: options.wait,
        now: context.now,
        tool: Self.version,
        holder: holder("run"),
        logger: context.logger,
        progress: progress
      )
      request.guarding = safety.guardsRows ? .rows(allowed: safety.allowedLosses) : .off
      request.keepsFailed = safety.keepsFailed
      do {
        let report = try CommandRunner(request).run(context.cancellation.stop)
        return result(report, of: database, program, in: store)
      } catch let error as ProcessError {
        throw notBegun(error)
      }
    }
  }

  /// Why a command could not be started.
  func notBegun(_ error: ProcessError) -> Failure {
    Failure(
      error.code == .notFound ? .commandNotFound : .notExecutable,
      error.description,
      next: "correct the command after '--'"
    )
  }

  /// The command as a program to start.
  func program(_ command: [String]) throws -> Program {
    guard let name = command.first, !name.isEmpty else {
      throw Failure(.usage, "no command is given", next: "write it after '--'")
    }
    let path: String
    if name.contains("/") {
      path = project.absolute(name)
      guard let status = try FileStatus.ifPresent(path) else {
        throw Failure(
          .commandNotFound,
          "there is no program \(name.shownAsPath)",
          next: "correct the command after '--'"
        )
      }
      guard status.kind == .file, Program.isExecutable(path) else {
        throw Failure(
          .notExecutable,
          "\(name.shownAsPath) cannot be executed",
          next: "correct the command after '--', or make it executable with chmod +x"
        )
      }
    } else {
      let found = Program.find(
        name,
        on: project.variable("PATH") ?? "",
        from: context.workingDirectory
      )
      guard let found else {
        throw Failure(
          .commandNotFound,
          "there is no program \(name.shownAsPath) on PATH",
          next: "correct the command after '--', or PATH"
        )
      }
      path = project.absolute(found)
    }
    var program = Program(
      path,
      Array(command.dropFirst()),
      environment: context.environment,
      workingDirectory: context.workingDirectory
    )
    context.projectStreams.connect(&program)
    return program
  }

  /// What an upgrade would reach; nil if there are no scripts to know.
  func target(_ safety: RunSafety) throws -> [String]? {
    if safety.expectsHeads {
      guard try project.configuration()?.isVersionTableKnown != false else {
        throw Failure(
          .refused,
          "--expect-head cannot be held: env.py does not say in so many words which version table it means",
          next: "leave --expect-head out"
        )
      }
      return try project.scripts().directory.graph.realHeads
    }
    do {
      guard try project.configuration() != nil else { return nil }
      return try project.scripts().directory.graph.realHeads
    } catch {
      context.logger("xm_safe.run").warning(
        "The scripts cannot be read, and the version is not compared with them: \(Failure(error).description.shownOnOneLine)"
      )
      return nil
    }
  }

  /// What is wrong with the version after the command; the scripts are read anew, since it may have brought others.
  func versionProblem(
    _ before: [String],
    _ after: [String],
    _ safety: RunSafety
  ) -> String? {
    do {
      guard try safety.expectsHeads || project.configuration() != nil else { return nil }
      let graph = try project.scripts().directory.graph
      if after != before, let unknown = after.first(where: { graph.revision($0) == nil }) {
        return
          "its version table says '\(unknown.shownOnOneLine)', which is no revision of the scripts"
      }
      guard safety.expectsHeads else { return nil }
      let plan = try graph.upgradePlan(to: .heads, rows: after)
      guard !plan.isEmpty else { return nil }
      return
        "it is at \(UpgradeReport.shown(after)) and not at \(UpgradeReport.shown(graph.realHeads)), the head of the scripts"
    } catch {
      guard safety.expectsHeads else { return nil }
      return
        "whether it is at the head cannot be told: \(Failure(error).description.shownOnOneLine)"
    }
  }

  /// What came of a command, as it is told.
  func result(
    _ report: CommandReport,
    of database: String,
    _ program: Program,
    in store: Store
  ) -> RunResult {
    var result = RunResult(
      outcome: report.outcome.rawValue,
      database: database,
      program: FileSystem.name(of: program.path),
      seconds: report.duration / .seconds(1),
      from: report.from,
      to: report.to,
      problem: report.problem,
      state: report.state,
      next: report.next,
      otherWriters: report.otherWriters,
      snapshot: told(report.snapshot, in: store)
    )
    switch report.ending {
    case .exited(let code): result.exitCode = code
    case .signalled(let number): result.signal = number
    }
    result.left = report.left.map { told($0, in: store) }
    result.leftFile = report.leftFile
    return result
  }
}
