/// The lines of one database in a crontab, between two markers; every other line belongs to somebody else, and is kept byte for byte.
package struct CrontabBlock: Hashable, Sendable {
  private let key: String
  /// The lines, each with its line end.
  package let text: String

  /// cron reads no longer line: MAX_COMMAND of Debian's cron(8).
  private static let limit = 990

  /// Writes the lines.
  ///
  /// Nothing is said on standard output, so that cron has nothing to mail but what goes wrong. Variables stand before each command,
  /// and not on lines of their own, where they would hold for the lines of others below.
  ///
  /// - Parameter schedule: What is scheduled.
  /// - Throws: `Schedule.Unwritable` for a line that cron would not read.
  package init(_ schedule: Schedule) throws(Schedule.Unwritable) {
    key = schedule.key
    var lines = [
      "\(Self.begin(key)): \(schedule.database)",
      "\(Self.note) --cron', which also replaces it; 'xm-safe schedule remove --cron' takes it away.",
    ]
    let variables = schedule.environment.map { $0.name + "=" + Self.quoted($0.value) + " " }
    for job in schedule.jobs {
      let command = schedule.command(job).map(Self.quoted).joined(separator: " ")
      let whole = Self.escaped(
        "cd \(Self.quoted(schedule.directory)) && \(variables.joined())\(command) >/dev/null"
      )
      guard whole.utf8.count <= Self.limit else {
        throw Schedule.Unwritable(
          description:
            "the command of job '\(job.rawValue)' is longer than cron reads (\(whole.utf8.count) bytes, with a PATH of \(schedule.environment.first { $0.name == "PATH" }?.value.utf8.count ?? 0))"
        )
      }
      lines.append("# \(job.purpose)")
      lines.append("\(schedule.time(job).cron) \(whole)")
    }
    lines.append(Self.end(key))
    text = lines.map { $0 + "\n" }.joined()
  }

  private static func begin(_ key: String) -> String { "# BEGIN xm-safe \(key)" }
  private static func end(_ key: String) -> String { "# END xm-safe \(key)" }
  private static let note = "# \(ScheduleFile.mark)"

  /// A word as a shell reads it back; only what needs it is quoted.
  static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "/._-+:,@=".utf8.contains(byte)
    }
    if isPlain, !word.isEmpty { return word }
    var quoted = "'"
    for scalar in word.unicodeScalars {
      switch scalar {
      case "'": quoted += "'\\''"
      // Some crons take a backslash away that stands before another one, or before a percent sign.
      case "\\": quoted += "\\''"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "'"
  }

  /// A command as cron reads it: a percent sign ends it, unless a backslash stands before (crontab(5)).
  private static func escaped(_ command: String) -> String {
    command.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "\\%")
  }

  // MARK: - Editing

  /// A crontab whose markers do not fit, or that has between them what is not ours: somebody has edited there.
  package struct Broken: Error, Hashable, Sendable {
    /// The lines that are not ours; none if it is the markers.
    package var lines: [String]

    /// Makes one.
    package init(lines: [String] = []) {
      self.lines = lines
    }
  }

  /// A crontab with these lines in it: in the place of earlier ones of this database, else at the end.
  ///
  /// - Parameter crontab: The crontab.
  /// - Returns: The crontab; the same bytes if it has the lines already.
  /// - Throws: `Broken`.
  package func installed(in crontab: [UInt8]) throws(Broken) -> [UInt8] {
    let own = Array(text.utf8)
    if let range = try Self.range(of: key, in: crontab) {
      return Array(crontab[..<range.lowerBound]) + own + Array(crontab[range.upperBound...])
    }
    // Without a line end cron would not read the last line, nor us.
    let rest = crontab.isEmpty || crontab.last == 0x0a ? crontab : crontab + [0x0a]
    return rest + own
  }

  /// A crontab without the lines of a database.
  ///
  /// - Parameters:
  ///   - key: What the database's lines are told apart by.
  ///   - crontab: The crontab.
  /// - Returns: The crontab; the same bytes if it has no such lines.
  /// - Throws: `Broken`.
  package static func removed(_ key: String, from crontab: [UInt8]) throws(Broken) -> [UInt8] {
    guard let range = try range(of: key, in: crontab) else { return crontab }
    return Array(crontab[..<range.lowerBound]) + Array(crontab[range.upperBound...])
  }

  /// Where the lines of a database are, from the first marker to the end of the last one's line.
  private static func range(of key: String, in crontab: [UInt8]) throws(Broken) -> Range<Int>? {
    var found: Range<Int>?
    var begun: Int?
    var start = 0
    while start < crontab.count {
      let end = crontab[start...].firstIndex(of: 0x0a).map { $0 + 1 } ?? crontab.count
      let line = crontab[start..<end]
      if line.starts(with: Array((begin(key) + ":").utf8)) {
        guard begun == nil, found == nil else { throw Broken() }
        begun = start
      } else if line.elementsEqual(Array((Self.end(key) + "\n").utf8))
        || line.elementsEqual(Array(Self.end(key).utf8))
      {
        guard let begin = begun else { throw Broken() }
        found = begin..<end
        begun = nil
      }
      start = end
    }
    guard begun == nil else { throw Broken() }
    if let found {
      let lines = String(decoding: crontab[found], as: UTF8.self)
        .split(separator: "\n").dropFirst().map(String.init)
      let foreign = lines.filter { !isOwn($0) && !$0.hasPrefix(Self.end(key)) }
      guard foreign.isEmpty else { throw Broken(lines: foreign) }
    }
    return found
  }

  /// Whether a line has the form of those that are written here, whatever the database, the options and the program.
  ///
  /// A line that is commented out has not: it would run again.
  private static func isOwn(_ line: String) -> Bool {
    guard !line.hasPrefix("#") else {
      return line.hasPrefix(note) || ScheduledJob.allCases.contains { line == "# \($0.purpose)" }
    }
    let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: false)
    guard fields.count == 6, let command = fields.last else { return false }
    let hasTimes = fields.dropLast().allSatisfy { field in
      !field.isEmpty && field.utf8.allSatisfy { (48...57).contains($0) || "*/-,".utf8.contains($0) }
    }
    return hasTimes && command.hasPrefix("cd ") && command.hasSuffix(" >/dev/null")
      && command.contains(" --quiet --wait ")
      && ScheduledJob.allCases.contains { job in
        command.contains(" \(job.arguments(keep: []).joined(separator: " ")) ")
      }
  }
}
