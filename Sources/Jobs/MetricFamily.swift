internal import FoundationEssentials

/// The table of all numbers for Prometheus: how each is called, what it is, and how it is worked out of the values that belong together.
struct MetricFamily<Value> {
  /// Its name.
  let name: String
  /// What it is, for people.
  let help: String
  /// The number of some values, the oldest first; nil where there is none, since no number is better than a wrong one.
  let number: ([Value]) -> Double?

  private init(_ name: String, _ help: String, _ number: @escaping ([Value]) -> Double?) {
    (self.name, self.help, self.number) = (name, help, number)
  }
}

extension MetricFamily<String> {
  /// Of the version.
  static var build: MetricFamily {
    MetricFamily("xm_safe_build_info", "The version of xm-safe that wrote this.") { _ in 1 }
  }
}

extension MetricFamily<RunRecord> {
  /// Of the runs of one command on one database.
  static var ofVerbs: [MetricFamily] {
    [
      MetricFamily(
        "xm_safe_last_run_timestamp_seconds",
        "When the command last ended, well or not."
      ) { time($0.last?.ended) },
      MetricFamily(
        "xm_safe_last_run_exit_code",
        "How the command last ended; 0 is well."
      ) { $0.last.map { Double($0.exitCode) } },
      MetricFamily(
        "xm_safe_last_run_duration_seconds",
        "How long the command last took."
      ) { $0.last?.seconds },
      MetricFamily(
        "xm_safe_last_success_timestamp_seconds",
        "When the command last ended well."
      ) { time($0.last(where: \.isSuccess)?.ended) },
    ]
  }

  /// Of all runs on one database.
  static var ofDatabases: [MetricFamily] {
    [
      MetricFamily(
        "xm_safe_last_verify_timestamp_seconds",
        "When snapshots were last read whole and found whole."
      ) { time($0.last { $0.isVerified }?.ended) },
      MetricFamily(
        "xm_safe_last_drill_timestamp_seconds",
        "When snapshots were last restored for trial and found right."
      ) { time($0.last { $0.isVerified && $0.isDrill }?.ended) },
    ]
  }
}

extension MetricFamily<Metrics.Snapshot> {
  /// Of the snapshots of one database.
  static var ofSnapshots: [MetricFamily] {
    [
      MetricFamily(
        "xm_safe_snapshots",
        "How many snapshots there are."
      ) { Double($0.count) },
      MetricFamily(
        "xm_safe_damaged_snapshots",
        "How many of them were found damaged."
      ) { Double($0.count(where: \.isDamaged)) },
      MetricFamily(
        "xm_safe_archives_bytes",
        "How long all archives are together."
      ) { $0.reduce(0) { $0 + Double($1.archiveSize) } },
      MetricFamily(
        "xm_safe_database_bytes",
        "How long the database was when the newest snapshot was taken."
      ) { $0.last.map { Double($0.databaseSize) } },
      MetricFamily(
        "xm_safe_newest_snapshot_timestamp_seconds",
        "When the newest snapshot was taken."
      ) { $0.compactMap { time($0.created) }.max() },
      MetricFamily(
        "xm_safe_oldest_snapshot_timestamp_seconds",
        "When the oldest snapshot was taken."
      ) { $0.compactMap { time($0.created) }.min() },
    ]
  }
}

extension RunRecord {
  fileprivate var isVerified: Bool { verb == "verify" && isSuccess }
}

/// The seconds of a time in ISO 8601; nil if there is none, or if the clock of another program has written it otherwise.
private func time(_ iso: String?) -> Double? {
  guard let iso else { return nil }
  do {
    return try Date(iso, strategy: .iso8601).timeIntervalSince1970
  } catch {
    return nil
  }
}
