internal import AlembicScripts
internal import DatabaseURLs
internal import DurableFiles
internal import Logging
internal import Schedules
internal import Snapshots

/// The command that has other commands run regularly.
extension Safeguard {
  /// What runs the jobs.
  public enum Scheduler: String, Sendable, CaseIterable {
    /// cron, by the user's crontab.
    case cron
    /// systemd, by timers of the user's own service manager.
    case systemd
    /// launchd, by agents of the user.
    case launchd
  }

  /// The names of all jobs.
  package static let jobs = ScheduledJob.allCases.map(\.rawValue)

  /// What is done with a schedule.
  public enum Scheduling: Sendable {
    /// It is only shown.
    case print
    /// It is written to where it runs, in the place of an earlier one.
    case install
    /// It is taken away.
    case remove
  }

  /// What is scheduled.
  public struct ScheduleRequest: Sendable {
    /// The absolute path of xm-safe.
    public var program: String
    /// The jobs, by their names; nil for all that can run.
    public var jobs: [String]?
    /// The options of `prune`.
    public var keep: [String]
    /// How long a job waits for another one, as `--wait` takes it.
    public var wait: String
    /// Other options of all jobs, such as the file of settings; no path in them is relative.
    public var options: [String]
    /// The commands that have hooks, which may need more rights than the commands themselves.
    public var hooked: Set<String>
    /// What is to be said of the request in the log.
    public var remarks: [String]

    /// Makes a request of its parts.
    public init(
      program: String,
      jobs: [String]?,
      keep: [String],
      wait: String,
      options: [String] = [],
      hooked: Set<String> = [],
      remarks: [String] = []
    ) {
      self.program = program
      self.jobs = jobs
      self.keep = keep
      self.wait = wait
      self.options = options
      self.hooked = hooked
      self.remarks = remarks
    }
  }

  /// Shows, installs or removes what is done regularly for the database.
  ///
  /// - Parameters:
  ///   - scheduling: What is done.
  ///   - scheduler: What runs it.
  ///   - request: What is scheduled.
  /// - Returns: What was done.
  /// - Throws: `Failure`; what runs already is as it was then, unless the words say otherwise.
  public func schedule(
    _ scheduling: Scheduling,
    _ scheduler: Scheduler,
    _ request: ScheduleRequest
  ) throws(Failure) -> ScheduleResult {
    try failing {
      do {
        if case .remove = scheduling {
          // Whoever has lost the directory of a database still has its jobs, which fail.
          let database = try project.formerKey()
          let lock = try scheduleLock("remove")
          defer { lock?.release() }
          return try remove(scheduler, key: Store.key(for: database), database)
        }
        let database = try project.key()
        let key = Store.key(for: database)
        if !Project.isOnServer(database) { try requireDatabase(database) }
        for remark in request.remarks { context.logger("xm_safe.schedule").info("\(remark)") }
        let schedule = try schedule(for: database, key: key, request)
        if case .print = scheduling { return try shown(schedule, scheduler) }
        let lock = try scheduleLock("install")
        defer { lock?.release() }
        switch scheduler {
        case .cron: return try installCron(schedule)
        case .systemd, .launchd: return try installFiles(schedule, scheduler)
        }
      } catch let error as Schedule.Unwritable {
        throw Failure(
          .refused,
          error.description,
          next: "give the files plainer names, or shorten PATH for this one command"
        )
      }
    }
  }

  private func remove(
    _ scheduler: Scheduler,
    key: String,
    _ database: String
  ) throws -> ScheduleResult {
    switch scheduler {
    case .cron: try removeCron(key: key, database)
    case .systemd, .launchd: try removeFiles(scheduler, key: key, database)
    }
  }

  func files(_ schedule: Schedule, _ scheduler: Scheduler) throws -> [ScheduleFile] {
    scheduler == .launchd ? LaunchAgents.files(schedule) : try SystemdUnits.files(schedule)
  }

  func jobs(_ schedule: Schedule, _ scheduler: Scheduler) -> [ScheduleResult.Job] {
    schedule.jobs.map { job in
      let time = schedule.time(job)
      return ScheduleResult.Job(
        job: job.rawValue,
        when: scheduler == .systemd ? time.systemd : time.cron,
        command: schedule.command(job)
      )
    }
  }

  private func shown(_ schedule: Schedule, _ scheduler: Scheduler) throws -> ScheduleResult {
    let text: String
    var paths: [String] = []
    switch scheduler {
    case .cron: text = try CrontabBlock(schedule).text
    case .systemd, .launchd:
      let directory = try scheduleDirectory(scheduler)
      let files = try files(schedule, scheduler)
      paths = files.map { directory + "/" + $0.name }
      text = zip(paths, files).map { "# ==> \($0)\n\($1.text)" }.joined(separator: "\n")
    }
    return ScheduleResult(
      outcome: "printed",
      kind: scheduler.rawValue,
      database: schedule.database,
      jobs: jobs(schedule, scheduler),
      files: paths,
      text: text,
      commands: []
    )
  }

  // MARK: - What is scheduled

  private func schedule(
    for database: String,
    key: String,
    _ request: ScheduleRequest
  ) throws -> Schedule {
    let configuration = try project.configuration()
    var environment: [Schedule.Variable] = []
    for name in ["PATH", "HOME", "VIRTUAL_ENV", "CONDA_PREFIX"] {
      guard let value = project.variable(name) else { continue }
      environment.append(Schedule.Variable(name, value))
    }
    return try Schedule(
      program: request.program,
      database: database,
      key: key,
      options: try scheduledOptions(database, configuration) + request.options,
      keep: request.keep,
      wait: request.wait,
      jobs: try scheduledJobs(request, hasScripts: configuration != nil),
      environment: environment,
      directory: context.workingDirectory,
      hooked: request.hooked
    )
  }

  private func scheduledJobs(
    _ request: ScheduleRequest,
    hasScripts: Bool
  ) throws -> [ScheduledJob] {
    guard let names = request.jobs else {
      guard !hasScripts else { return ScheduledJob.allCases }
      context.logger("xm_safe.schedule").info(
        "No job looks for pending upgrades: there are no migration scripts to compare the database with"
      )
      return ScheduledJob.allCases.filter { $0 != .pending }
    }
    let jobs = try names.map { name in
      guard let job = ScheduledJob(rawValue: name) else {
        throw Failure(
          .usage,
          "there is no job '\(name.shownOnOneLine)'",
          next: "name some of: \(ScheduledJob.allCases.map(\.rawValue).joined(separator: ", "))"
        )
      }
      return job
    }
    guard hasScripts || !jobs.contains(.pending) else {
      throw Failure(
        .refused,
        "the job 'pending' needs migration scripts, and there are none",
        next: "name the ini file with -c, or the script directory with --scripts"
      )
    }
    return ScheduledJob.allCases.filter(jobs.contains)
  }

  /// The options that lead a job to what this command was led to, whatever it is run by.
  private func scheduledOptions(
    _ database: String,
    _ configuration: AlembicConfiguration?
  ) throws -> [String] {
    var words: [String] = []
    if let yaml = project.yaml {
      words += ["--xm-db-yaml-config-path", yaml]
    } else if case .server(let address) = try project.location() {
      if let named = project.namedDatabase {
        guard Self.withoutPassword(named) == named else {
          throw Failure(
            .refused,
            "the URL of \(address.display) holds a password or another secret, which everybody could read in the schedule",
            next: "leave it out of the URL, and name a file that has it with --password-file"
          )
        }
        words += ["--db", named]
      }
    } else {
      words += ["--db", database]
    }
    if let scripts = options.scripts
      ?? (options.configuration == nil ? project.variable("XM_SAFE_SCRIPTS") : nil)
    {
      let isPackage =
        try !scripts.hasPrefix("/") && scripts.contains(":")
        && FileStatus.ifPresent(project.absolute(scripts)) == nil
      words += ["--scripts", isPackage ? scripts : project.absolute(scripts)]
    } else if let ini = configuration?.ini {
      words += ["-c", ini]
    } else if let configuration, try project.namedConfiguration() == nil {
      // XManager's own: cron knows of no virtual environment.
      words += ["--scripts", configuration.scriptDirectory]
    }
    if let store = options.store ?? project.variable("XM_SAFE_STORE") {
      words += ["--store", project.absolute(store)]
    }
    if let file = options.passwordFile ?? project.variable("XM_SAFE_PASSWORD_FILE") {
      words += ["--password-file", project.absolute(file)]
    }
    if let proxy = options.cloudProxy ?? project.variable("XM_SAFE_CLOUDSQL_PROXY") {
      words += ["--cloudsql-proxy", proxy]
    }
    return words
  }
}
