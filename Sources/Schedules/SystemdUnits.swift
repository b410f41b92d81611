/// The units of systemd for one database: a service and a timer for each job, for the user's own service manager.
package enum SystemdUnits {
  /// The unit that is started when a job fails.
  private static let failed = "xm-safe-failed@.service"

  /// The files.
  ///
  /// - Parameter schedule: What is scheduled.
  /// - Returns: The files; each timer's name ends in `.timer`.
  /// - Throws: `Schedule.Unwritable` for a program that systemd cannot name.
  package static func files(
    _ schedule: Schedule
  ) throws(Schedule.Unwritable) -> [ScheduleFile] {
    guard !schedule.program.contains("$") else {
      throw Schedule.Unwritable(
        description: "systemd cannot start a program with a dollar sign in its path"
      )
    }
    var files: [ScheduleFile] = []
    for job in schedule.jobs {
      let name = name(job, schedule.key)
      files.append(ScheduleFile(name: name + ".service", text: service(job, schedule)))
      files.append(ScheduleFile(name: name + ".timer", text: timer(job, schedule)))
    }
    files.append(ScheduleFile(name: failed, text: failure, isShared: true))
    return files
  }

  /// The names that the files of a database may have.
  ///
  /// - Parameter key: What they are told apart by.
  /// - Returns: The names, of all jobs.
  package static func names(_ key: String) -> [String] {
    ScheduledJob.allCases.flatMap { [name($0, key) + ".service", name($0, key) + ".timer"] }
  }

  private static func name(_ job: ScheduledJob, _ key: String) -> String {
    "xm-safe-\(job.rawValue)-\(key)"
  }

  // What needs a namespace (ProtectSystem, PrivateTmp, ...) is left out: where a user may make none, the job would not even start.
  private static func service(_ job: ScheduledJob, _ schedule: Schedule) -> String {
    let variables = schedule.environment.map {
      "Environment=" + quoted($0.name + "=" + $0.value, expands: false) + "\n"
    }
    let command = schedule.command(job).enumerated().map { index, word in
      quoted(word, expands: index > 0)
    }
    let confinement = schedule.hooked.contains(job.verb) ? "" : confinement
    return """
      # \(ScheduleFile.mark) --systemd', which also replaces it.
      [Unit]
      Description=xm-safe: \(job.purpose), of \(percent(schedule.database))
      OnFailure=xm-safe-failed@%n.service

      [Service]
      Type=oneshot
      WorkingDirectory=\(percent(schedule.directory))
      \(variables.joined())ExecStart=\(command.joined(separator: " "))
      StandardOutput=null
      UMask=0077
      Nice=10
      IOSchedulingClass=idle
      \(confinement)
      """
  }

  // Each of these takes from sudo, and from the postdrop of `mail`, what they need: for the user's own manager, all of them imply the
  // first (systemd.exec(5)). So none of them is for a job with a hook, which may run such programs.
  private static let confinement = """
    NoNewPrivileges=yes
    LockPersonality=yes
    RestrictRealtime=yes
    RestrictSUIDSGID=yes
    RestrictNamespaces=yes
    SystemCallArchitectures=native
    SystemCallFilter=@system-service

    """

  private static func timer(_ job: ScheduledJob, _ schedule: Schedule) -> String {
    // A run that was slept through is made up for, but for the one that comes again in minutes.
    let isFrequent = job == .pending
    return """
      # \(ScheduleFile.mark) --systemd', which also replaces it.
      [Unit]
      Description=xm-safe: \(job.purpose), of \(percent(schedule.database))

      [Timer]
      OnCalendar=\(schedule.time(job).systemd)
      Persistent=\(isFrequent ? "no" : "yes")
      RandomizedDelaySec=\(isFrequent ? "1m" : "10m")

      [Install]
      WantedBy=timers.target

      """
  }

  private static let failure = """
    # \(ScheduleFile.mark) --systemd'; a drop-in can make it send a mail instead.
    [Unit]
    Description=xm-safe: tell of the failure of %i

    [Service]
    Type=oneshot
    SyslogLevel=err
    ExecStart=/bin/sh -c 'echo "$0 failed: journalctl --user -u $0 tells why"' %i

    """

  private static func percent(_ text: String) -> String {
    text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
  }

  /// A word as systemd.syntax(7) and systemd.service(5) read it.
  private static func quoted(_ word: String, expands: Bool) -> String {
    var text = ""
    for scalar in percent(word).unicodeScalars {
      switch scalar {
      case "\\", "\"": text += "\\" + String(scalar)
      case "$" where expands: text += "$$"
      default: text.unicodeScalars.append(scalar)
      }
    }
    let isPlain = word.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "/._-+:,@=".utf8.contains(byte)
    }
    return isPlain && !word.isEmpty ? text : "\"" + text + "\""
  }
}
