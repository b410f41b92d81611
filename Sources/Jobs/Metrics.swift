package import DurableFiles
internal import FoundationEssentials

/// Numbers for Prometheus, in its text format, as node_exporter's textfile collector reads them.
package struct Metrics: Sendable {
  /// What counts of a snapshot.
  package struct Snapshot: Sendable {
    /// The database that it was taken of.
    package var database: String
    /// When: ISO 8601, UTC.
    package var created: String
    /// The archive's length in bytes.
    package var archiveSize: Int64
    /// The database's length in bytes.
    package var databaseSize: Int64
    /// Whether it was found damaged.
    package var isDamaged: Bool

    /// Makes one of its parts.
    package init(
      database: String,
      created: String,
      archiveSize: Int64,
      databaseSize: Int64,
      isDamaged: Bool
    ) {
      self.database = database
      self.created = created
      self.archiveSize = archiveSize
      self.databaseSize = databaseSize
      self.isDamaged = isDamaged
    }
  }

  private struct Family {
    var name: String
    var help: String
    var samples: [(labels: [(String, String)], value: Double)] = []
  }

  private let runs: [RunRecord]
  private let snapshots: [Snapshot]
  private let version: String

  /// Takes what the numbers are made of.
  ///
  /// - Parameters:
  ///   - runs: The runs that are known, oldest first.
  ///   - snapshots: The snapshots of the store.
  ///   - version: The version of xm-safe.
  package init(runs: [RunRecord], snapshots: [Snapshot], version: String) {
    self.runs = runs
    self.snapshots = snapshots
    self.version = version
  }

  /// Writes the numbers in the place of a file, durably, and readable by whom the umask lets.
  ///
  /// - Parameters:
  ///   - path: The file; its directory must be there.
  ///   - files: The file system to use.
  /// - Throws: `FileError`, `NotDurable`.
  package func write(to path: String, files: FileSystem = FileSystem()) throws {
    let file = try DurableFile(creating: path, isPrivate: false, files: files)
    try file.append(Array(text.utf8))
    try file.replace()
  }

  /// The numbers as text.
  package var text: String {
    var text = ""
    for family in families where !family.samples.isEmpty {
      text += "# HELP \(family.name) \(family.help)\n# TYPE \(family.name) gauge\n"
      for sample in family.samples {
        let labels = sample.labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
        text += "\(family.name){\(labels)} \(Self.shown(sample.value))\n"
      }
    }
    return text
  }

  private var families: [Family] {
    var info = Family(name: "xm_safe_build_info", help: "The version of xm-safe that wrote this.")
    info.samples = [([("version", version)], 1)]
    return [info] + runFamilies + snapshotFamilies
  }

  private var runFamilies: [Family] {
    var last = Family(
      name: "xm_safe_last_run_timestamp_seconds",
      help: "When the command last ended, well or not."
    )
    var code = Family(
      name: "xm_safe_last_run_exit_code",
      help: "How the command last ended; 0 is well."
    )
    var duration = Family(
      name: "xm_safe_last_run_duration_seconds",
      help: "How long the command last took."
    )
    var success = Family(
      name: "xm_safe_last_success_timestamp_seconds",
      help: "When the command last ended well."
    )
    var verify = Family(
      name: "xm_safe_last_verify_timestamp_seconds",
      help: "When snapshots were last read whole and found whole."
    )
    var drill = Family(
      name: "xm_safe_last_drill_timestamp_seconds",
      help: "When snapshots were last restored for trial and found right."
    )
    for (database, runs) in Self.groups(runs, by: \.database) {
      for (verb, runs) in Self.groups(runs, by: \.verb) {
        let labels = [("database", database), ("verb", verb)]
        if let run = runs.last {
          last.samples += Self.time(run.ended).map { [(labels, $0)] } ?? []
          code.samples.append((labels, Double(run.exitCode)))
          duration.samples.append((labels, run.seconds))
        }
        if let run = runs.last(where: \.isSuccess) {
          success.samples += Self.time(run.ended).map { [(labels, $0)] } ?? []
        }
      }
      let verified = runs.filter { $0.verb == "verify" && $0.isSuccess }
      for (run, isDrill) in [(verified.last, false), (verified.last(where: \.isDrill), true)] {
        guard let run, let time = Self.time(run.ended) else { continue }
        let sample = ([("database", database)], time)
        if isDrill { drill.samples.append(sample) } else { verify.samples.append(sample) }
      }
    }
    return [last, code, duration, success, verify, drill]
  }

  private var snapshotFamilies: [Family] {
    var count = Family(name: "xm_safe_snapshots", help: "How many snapshots there are.")
    var damaged = Family(
      name: "xm_safe_damaged_snapshots",
      help: "How many of them were found damaged."
    )
    var bytes = Family(name: "xm_safe_archives_bytes", help: "How long all archives are together.")
    var size = Family(
      name: "xm_safe_database_bytes",
      help: "How long the database was when the newest snapshot was taken."
    )
    var newest = Family(
      name: "xm_safe_newest_snapshot_timestamp_seconds",
      help: "When the newest snapshot was taken."
    )
    var oldest = Family(
      name: "xm_safe_oldest_snapshot_timestamp_seconds",
      help: "When the oldest snapshot was taken."
    )
    for (database, snapshots) in Self.groups(snapshots, by: \.database) {
      let labels = [("database", database)]
      let times = snapshots.compactMap { Self.time($0.created) }
      count.samples.append((labels, Double(snapshots.count)))
      damaged.samples.append((labels, Double(snapshots.filter(\.isDamaged).count)))
      bytes.samples.append((labels, snapshots.reduce(0) { $0 + Double($1.archiveSize) }))
      size.samples += snapshots.last.map { [(labels, Double($0.databaseSize))] } ?? []
      newest.samples += times.max().map { [(labels, $0)] } ?? []
      oldest.samples += times.min().map { [(labels, $0)] } ?? []
    }
    return [count, damaged, bytes, size, newest, oldest]
  }

  /// Groups by a name, in the order of the names.
  private static func groups<Value>(
    _ values: [Value],
    by name: (Value) -> String
  ) -> [(String, [Value])] {
    Dictionary(grouping: values, by: name).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static func time(_ text: String) -> Double? {
    do {
      return try Date(text, strategy: .iso8601).timeIntervalSince1970
    } catch {
      // The clock of another program may write otherwise; no number is better than a wrong one.
      return nil
    }
  }

  /// A label's value: the format knows three escapes, and what else could steer a terminal is shown as text.
  private static func escaped(_ text: String) -> String {
    text.shownOnOneLine.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }

  private static func shown(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : String(value)
  }
}
