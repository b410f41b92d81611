internal import AlembicScripts
internal import DurableFiles
internal import Logging
internal import Migrations
internal import Processes
internal import PythonPackages
internal import Revisions
internal import Upgrade

/// Which engine runs the scripts, and what the project's own alembic needs.
extension Safeguard {
  /// Says which engine an upgrade needs, and for each script what makes it so; the database is only read.
  ///
  /// - Parameter target: `head`, `heads`, a revision, the beginning of one, or `+N`.
  /// - Returns: The engine and the reasons.
  /// - Throws: `Failure`.
  public func explainEngine(to target: String = "head") throws(Failure) -> EngineResult {
    try failing {
      let request = try upgradeRequest(
        .upgrade(to: Target(target)),
        UpgradeSafety(),
        command: "plan"
      )
      let configuration = try project.configuration()
      let decision = try UpgradeRunner(request).decision(
        environment: configuration?.environmentRefusal
      )
      func part(
        _ revision: String?,
        _ path: String?,
        _ refusal: ScriptError?
      )
        -> EngineResult.Part
      {
        EngineResult.Part(
          revision: revision,
          path: path,
          engine: refusal == nil ? "native" : "alembic",
          reason: refusal?.description,
          location: Failure.Location(refusal?.location)
        )
      }
      let environment = configuration.map { $0.scriptDirectory + "/env.py" }
      return EngineResult(
        database: request.database,
        engine: decision.refusal == nil ? "native" : "alembic",
        reason: decision.reason,
        parts: [part(nil, environment, decision.environment)]
          + decision.scripts.map { part($0.revision, $0.path, $0.refusal) }
      )
    }
  }

  /// What the user wants, or the environment.
  func wantedEngine(_ safety: UpgradeSafety) throws -> UpgradeSafety.Engine {
    if let engine = safety.engine { return engine }
    guard let named = context.environment["XM_SAFE_ENGINE"], !named.isEmpty else { return .auto }
    guard let engine = UpgradeSafety.Engine(rawValue: named) else {
      throw Failure(
        .usage,
        "XM_SAFE_ENGINE is '\(named.shownOnOneLine)'",
        next: "set it to auto, native or alembic"
      )
    }
    return engine
  }

  /// The engine for a request.
  ///
  /// - Parameters:
  ///   - request: The upgrade, downgrade or stamp.
  ///   - safety: What the user chose.
  ///   - command: The command, which decides where the project's output goes.
  /// - Returns: The engine.
  /// - Throws: `Failure`, `ScriptError`, and what reading the database throws.
  func engine(
    for request: UpgradeRequest,
    _ safety: UpgradeSafety,
    command: String
  ) throws -> MigrationEngine {
    let refusal = try project.configuration()?.environmentRefusal
    let logger = context.logger("xm_safe.engine")
    switch try wantedEngine(safety) {
    case .native:
      if let refusal { throw refusal }
      return .native
    case .alembic:
      let plan = try UpgradeRunner(request).decide()
      if plan.isEmpty { try requireKnownTable(plan.rowsBefore, of: request.database) }
      return .alembic(try alembicProject(safety, command, because: "it is asked for"))
    case .auto:
      let decision = try UpgradeRunner(request).decision(environment: refusal)
      guard !decision.plan.isEmpty else {
        try requireKnownTable(decision.plan.rowsBefore, of: request.database)
        return .native
      }
      guard decision.refusal != nil else {
        if !decision.scripts.isEmpty { logger.info("Engine native: \(decision.reason)") }
        return .native
      }
      logger.info("Engine alembic: \(decision.reason)")
      return .alembic(try alembicProject(safety, command, because: decision.reason))
    }
  }

  /// Whether a failure only says that the native engine does not know what a script does while it runs: then the project's own
  /// alembic is the engine after all.
  func needsAlembic(_ error: any Error, _ safety: UpgradeSafety) throws -> ScriptError? {
    guard try wantedEngine(safety) == .auto else { return nil }
    let cause = (error as? UpgradeFailure).map { $0.code == .asBefore ? $0.cause : nil } ?? error
    guard let script = (cause as? MigrationRunner.Failure)?.cause as? ScriptError,
      script.code == .notRead
    else { return nil }
    return script
  }

  /// The engine after the native one has come to something that it does not know.
  func engineAfterAll(
    _ cause: ScriptError,
    _ safety: UpgradeSafety,
    command: String
  ) throws -> MigrationEngine {
    let reason = EngineDecision.clause(cause)
    context.logger("xm_safe.engine").info("Engine alembic after all: \(reason)")
    return .alembic(try alembicProject(safety, command, because: reason))
  }

  /// Runs an upgrade, a downgrade or a stamp, with the other engine if it must be, and as far as it goes if that is wanted.
  func run(_ request: inout UpgradeRequest, _ safety: UpgradeSafety) throws -> UpgradeReport {
    do {
      do {
        return try UpgradeRunner(request).run()
      } catch {
        guard let cause = try needsAlembic(error, safety) else { throw error }
        request.engine = try engineAfterAll(cause, safety, command: request.work.noun)
        return try UpgradeRunner(request).run()
      }
    } catch let failure as UpgradeFailure {
      guard safety.keepsCompleted, failure.code == .asBefore, !failure.completed.isEmpty else {
        throw failure
      }
      throw try keep(failure, in: request.scripts.graph) { target in
        var partly = request
        partly.work = .upgrade(to: target)
        return try UpgradeRunner(partly).run().to
      }
    }
  }

  /// Upgrades as far as the scripts go: to the last revisions before the one that failed.
  ///
  /// - Parameters:
  ///   - failure: How it failed, and what had come to its end.
  ///   - graph: The revisions.
  ///   - upgrade: Upgrades to a target, and tells the version rows afterwards.
  /// - Returns: The failure, with where the database is now.
  /// - Throws: What the upgrade throws.
  func keep(
    _ failure: UpgradeFailure,
    in graph: RevisionGraph,
    _ upgrade: (Target) throws -> [String]
  ) throws -> Failure {
    let completed = Set(failure.completed)
    // A revision that another one comes after is reached with that.
    let needed = Set(
      completed.compactMap { graph.revision($0) }.flatMap { $0.downRevisions + $0.dependsOn }
    )
    let tips = failure.completed.filter { !needed.contains($0) }
    context.logger("xm_safe.upgrade").info(
      "Upgrading to the last revisions before the failure: \(UpgradeReport.shown(tips))"
    )
    var rows: [String] = []
    for tip in tips { rows = try upgrade(Target(tip)) }
    var kept = Failure(failure)
    kept.exitStatus = .failedOnTheWay
    kept.state =
      "the database is at \(UpgradeReport.shown(rows)): the revisions before the one that failed are kept"
    return kept
  }

  /// The Python that has the project's alembic.
  private func projectPython(_ safety: UpgradeSafety, because reason: String) throws -> String {
    func missing(_ what: String) -> Failure {
      Failure(
        .refused,
        "the project's own alembic is needed (\(reason)), and \(what)",
        next: "name the Python that has the project's alembic with --python"
      )
    }
    if let named = safety.python ?? project.variable("XM_SAFE_PYTHON") {
      let found =
        named.contains("/")
        ? project.absolute(named)
        : Program.find(
          named,
          on: project.variable("PATH") ?? "",
          from: context.workingDirectory
        )
      guard let found, Program.isExecutable(found) else {
        throw missing("there is no program \(named.shownAsPath)")
      }
      return found
    }
    // XManager's own stack is that of the Python in which XManager was found.
    if try project.xmanager() != nil,
      let interpreter = try project.python.package("xmanager")?.interpreter
    {
      return interpreter.path
    }
    guard let interpreter = try project.python.interpreters().first else {
      throw missing("no Python is found")
    }
    return interpreter.path
  }

  /// How the project's own alembic is run.
  func alembicProject(
    _ safety: UpgradeSafety,
    _ command: String,
    because reason: String
  ) throws -> AlembicProject {
    guard !safety.keepsWhatAlembicLoses else {
      throw Failure(
        .refused,
        "the project's own alembic is the engine (\(reason)), and what it loses cannot be kept",
        next: "leave --keep-what-alembic-loses out; 'xm-safe diff' then shows what is gone"
      )
    }
    guard let configuration = try project.configuration() else {
      throw Failure(
        .refused,
        "there are no migration scripts: no alembic.ini is here and none is named",
        next: "name the ini file with -c, or the script directory with --scripts"
      )
    }
    let python = try projectPython(safety, because: reason)
    var alembic = AlembicProject(
      python: python,
      configuration: configuration.ini.map { .ini(path: $0) }
        ?? .scripts(path: configuration.scriptDirectory),
      environment: context.environment,
      workingDirectory: context.workingDirectory,
      timeout: safety.timeout
    )
    alembic.namesDatabase = project.namesDatabase
    alembic.input = context.projectStreams.hasInput ? .inherited : .nothing
    // What `plan` prints is SQL, and nothing else.
    let isMixed = command != "plan" && context.projectStreams.hasOutput
    alembic.output = isMixed ? .inherited : .inheritedErrors
    return alembic
  }
}
