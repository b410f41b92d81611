/// The property lists of launchd for one database: an agent for each job (launchd.plist(5)).
package enum LaunchAgents {
  /// The files.
  ///
  /// - Parameter schedule: What is scheduled.
  /// - Returns: The files.
  package static func files(_ schedule: Schedule) -> [ScheduleFile] {
    schedule.jobs.map { job in
      ScheduleFile(name: label(job, schedule.key) + ".plist", text: plist(job, schedule))
    }
  }

  /// The names that the files of a database may have.
  ///
  /// - Parameter key: What they are told apart by.
  /// - Returns: The names, of all jobs.
  package static func names(_ key: String) -> [String] {
    ScheduledJob.allCases.map { label($0, key) + ".plist" }
  }

  private static func label(_ job: ScheduledJob, _ key: String) -> String {
    "xm-safe.\(job.rawValue).\(key)"
  }

  private static func plist(_ job: ScheduledJob, _ schedule: Schedule) -> String {
    let arguments = schedule.command(job).map { "    <string>\(escaped($0))</string>\n" }
    let variables = schedule.environment.map {
      "    <key>\(escaped($0.name))</key>\n    <string>\(escaped($0.value))</string>\n"
    }
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
      <!-- \(ScheduleFile.mark)' for launchd, which also replaces it: \(job.purpose). -->
      <plist version="1.0">
      <dict>
        <key>Label</key>
        <string>\(label(job, schedule.key))</string>
        <key>ProgramArguments</key>
        <array>
      \(arguments.joined())  </array>
        <key>WorkingDirectory</key>
        <string>\(escaped(schedule.directory))</string>
        <key>EnvironmentVariables</key>
        <dict>
      \(variables.joined())  </dict>
      \(time(schedule.time(job)))  <key>StandardOutPath</key>
        <string>/dev/null</string>
        <key>StandardErrorPath</key>
        <string>\(escaped(log(schedule)))</string>
        <key>ProcessType</key>
        <string>Background</string>
        <key>LowPriorityIO</key>
        <true/>
        <key>Umask</key>
        <integer>63</integer>
      </dict>
      </plist>

      """
  }

  /// Where failures are told: launchd keeps no log of its own.
  private static func log(_ schedule: Schedule) -> String {
    let home = schedule.environment.first { $0.name == "HOME" }?.value ?? "/tmp"
    return home + "/Library/Logs/xm-safe.log"
  }

  private static func time(_ time: ScheduledTime) -> String {
    guard let hour = time.hour else {
      return "  <key>StartInterval</key>\n  <integer>600</integer>\n"
    }
    var fields = [("Minute", time.minute), ("Hour", hour)]
    if let weekday = time.weekday { fields.append(("Weekday", weekday)) }
    if let day = time.day { fields.append(("Day", day)) }
    let lines = fields.map { "    <key>\($0.0)</key>\n    <integer>\($0.1)</integer>\n" }
    return "  <key>StartCalendarInterval</key>\n  <dict>\n\(lines.joined())  </dict>\n"
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
