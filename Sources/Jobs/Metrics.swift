package import DurableFiles

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

  /// How a file of these numbers is recognised: by the first line, which is of the version.
  package static let kind = ReplacedFile.Kind(
    name: "a file of xm-safe's numbers",
    beginning: "# HELP xm_safe_"
  )

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

  /// Writes the numbers in the place of a file, durably.
  ///
  /// A file that is there keeps its permissions. A new one can be read by everybody, whatever the umask: who collects the numbers is
  /// another user, and they hold no secret.
  ///
  /// - Parameters:
  ///   - path: The file; its directory must be there.
  ///   - files: The file system to use.
  /// - Throws: `FileError`, `NotDurable`.
  package func write(to path: String, files: FileSystem = FileSystem()) throws {
    let file = try DurableFile(creating: path, isPrivate: false, files: files)
    try file.append(Array(text.utf8))
    do {
      try file.setPermissions(FileStatus.ifPresent(path)?.mode ?? 0o644)
    } catch {
      // A file system that knows no permissions lets whom it was mounted for.
      guard error.isNotPermitted else { throw error }
    }
    try file.replace()
  }

  /// The databases that an earlier file has numbers of, and this one has not.
  ///
  /// - Parameter earlier: The text of that file.
  /// - Returns: The databases, in the order of their names.
  package func databases(lostFrom earlier: String) -> [String] {
    Self.databases(in: earlier).subtracting(Self.databases(in: text)).sorted()
  }

  private static func databases(in text: String) -> Set<String> {
    let label = /^xm_safe_[a-z_]+\{database="(?<name>(?:[^"\\]|\\.)*)"/
    var databases: Set<String> = []
    for line in text.split(separator: "\n") {
      guard let found = line.prefixMatch(of: label) else { continue }
      databases.insert(
        String(found.output.name).replacing(/\\(?<one>.)/) { String($0.output.one) }
      )
    }
    return databases
  }

  /// The numbers as text.
  package var text: String {
    let runs = Self.groups(runs, "database", \.database)
    let verbs = runs.flatMap { database, runs in
      Self.groups(runs, "verb", \.verb).map { (database + $0.labels, $0.values) }
    }
    let snapshots = Self.groups(snapshots, "database", \.database)
    let parts =
      [Self.text(.build, Self.groups([version], "version", \.self))]
      + MetricFamily.ofVerbs.map { Self.text($0, verbs) }
      + MetricFamily.ofDatabases.map { Self.text($0, runs) }
      + MetricFamily.ofSnapshots.map { Self.text($0, snapshots) }
    return parts.joined()
  }

  /// Values that belong together, with the labels that say to what.
  private typealias Group<Value> = (labels: [(name: String, value: String)], values: [Value])

  /// One family with all its samples; nothing if it has none.
  private static func text<Value>(
    _ family: MetricFamily<Value>,
    _ groups: [Group<Value>]
  ) -> String {
    let samples = groups.compactMap { labels, values in
      family.number(values).map { number in
        let labels = labels.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ",")
        return "\(family.name){\(labels)} \(shown(number))\n"
      }
    }
    guard !samples.isEmpty else { return "" }
    return "# HELP \(family.name) \(family.help)\n# TYPE \(family.name) gauge\n"
      + samples.joined()
  }

  /// Groups by a label, in the order of its values.
  private static func groups<Value>(
    _ values: [Value],
    _ label: String,
    _ value: (Value) -> String
  ) -> [Group<Value>] {
    Dictionary(grouping: values, by: value).sorted { $0.key < $1.key }.map {
      ([(label, $0.key)], $0.value)
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
