import Foundation
import Jobs
import Reports

/// Data for reports, of a database that has been in use for a quarter of a year.
enum SampleReport {
  private static let start = 1_787_961_600.0

  private static func time(day: Double, hour: Double = 3) -> String {
    Date(timeIntervalSince1970: start + day * 86_400 + hour * 3600)
      .formatted(.iso8601)
  }

  private static func run(
    _ verb: String,
    day: Int,
    hour: Double = 3,
    seconds: Double,
    code: Int32 = 0
  ) -> RunRecord {
    RunRecord(
      id: "\(verb.prefix(4))\(day)",
      verb: verb,
      database: "/home/ada/.xmanager/experiments.sqlite3",
      started: time(day: Double(day), hour: hour),
      ended: time(day: Double(day), hour: hour + seconds / 3600),
      seconds: seconds,
      exitCode: code,
      isDrill: verb == "verify" && day % 28 == 0,
      tool: "0.1.0"
    )
  }

  private static func snapshot(
    _ id: String,
    day: Int,
    hour: Double = 3,
    _ reason: String,
    _ head: String
  ) -> ReportData.Snapshot {
    let size = 48_000_000 + Int64(day * day) * 9_000 + Int64(day % 7) * 400_000
    return ReportData.Snapshot(
      id: id,
      created: time(day: Double(day), hour: hour),
      reason: reason,
      heads: [head],
      databaseSize: size,
      archiveSize: size * 3 / 11 + Int64(day % 5) * 300_000,
      verified: time(day: Double(day), hour: hour),
      isDamaged: day == 37,
      isPinned: day == 20
    )
  }

  /// Ninety days of snapshots and runs, with branches and one failure.
  static var busy: ReportData {
    var snapshots: [ReportData.Snapshot] = []
    var runs: [RunRecord] = []
    for day in 0..<90 {
      let head = day < 20 ? "5cbe03fe7ed1" : day < 62 ? "106c21f078d5" : "f45829405692"
      if day == 20 || day == 62 {
        snapshots.append(snapshot("a\(day)b7c0d", day: day, hour: 1, "pre-upgrade", head))
        var upgrade = run("upgrade", day: day, hour: 1, seconds: 4.2 + Double(day) / 10)
        (upgrade.from, upgrade.to) = (["5cbe03fe7ed1"], [head])
        runs.append(upgrade)
      }
      snapshots.append(snapshot("5\(1000 + day)f3e", day: day, "scheduled", head))
      runs.append(run("snapshot", day: day, seconds: 0.6 + Double(day % 9) / 10))
      if day % 7 == 0 {
        runs.append(run("verify", day: day, hour: 5, seconds: 2 + Double(day) / 20))
      }
      if day % 14 == 3 { runs.append(run("prune", day: day, hour: 6, seconds: 0.04)) }
    }
    snapshots.append(snapshot("77aa01ce", day: 88, hour: 14, "pre-upgrade", "f45829405692"))
    var failed = run("upgrade", day: 88, hour: 14, seconds: 1.9, code: 20)
    failed.message =
      "migrations/versions/9d3e1c7a2b40_broken.py:16:3: the upgrade of '/home/ada/.xmanager/experiments.sqlite3' failed: revision 9d3e1c7a2b40: no such table: no_such_table"
    failed.state = "the database was not touched: the upgrade failed in its rehearsal on a copy"
    failed.next = "correct the cause, then run the same command again"
    failed.log = [
      (
        "info", "xm_safe.engine",
        "Engine native: env.py and the script are understood without Python"
      ),
      ("info", "xm_safe.lock", "Locked '/home/ada/.xmanager/experiments.sqlite3'"),
      ("warning", "xm_safe.preflight", "The store is on the same disk as the database"),
      (
        "info", "xm_safe.snapshot",
        "Saved '/home/ada/.xmanager/experiments.sqlite3' as snapshot 77aa01ce, verified"
      ),
      (
        "error", "xm_safe.rehearsal",
        "revision 9d3e1c7a2b40: no such table: no_such_table, in: INSERT INTO archive SELECT Id FROM no_such_table"
      ),
    ].map { .init(time: time(day: 88, hour: 14), level: $0.0, logger: $0.1, message: $0.2) }
    runs.append(failed)
    return ReportData(
      database: "/home/ada/.xmanager/experiments.sqlite3",
      created: time(day: 89, hour: 17),
      version: "0.1.0",
      current: ["f45829405692"],
      pending: 2,
      snapshots: snapshots.sorted { $0.created < $1.created },
      runs: runs.sorted { $0.ended < $1.ended },
      revisions: revisions
    )
  }

  static let revisions = [
    ReportData.Revision(
      id: "9d3e1c7a2b40",
      parents: ["c40f1b2aa901"],
      message: "Move the jobs, and fail half-way.",
      isHead: true
    ),
    .init(
      id: "c40f1b2aa901",
      parents: ["f45829405692", "77d0c2e14b3a"],
      message: "Merge tags."
    ),
    .init(
      id: "77d0c2e14b3a",
      parents: ["b8a5e02d6617"],
      labels: ["tags"],
      message: "Index the tags."
    ),
    .init(id: "b8a5e02d6617", parents: ["106c21f078d5"], labels: ["tags"], message: "Add tags."),
    .init(
      id: "f45829405692",
      parents: ["2b90aa7c61fe"],
      message: "Migrate from VersionHistory.",
      isCurrent: true
    ),
    .init(id: "2b90aa7c61fe", parents: ["106c21f078d5"], message: "Widen the titles."),
    .init(id: "106c21f078d5", parents: ["5cbe03fe7ed1"], message: "Create Example table."),
    .init(id: "5cbe03fe7ed1", parents: [], message: "Rename tables and columns."),
  ]

  /// Everything that comes from outside is made to break the page.
  static var hostile: ReportData {
    let text =
      "</title><script>alert(1)</script>\" onload='x' <img src=http://x/>&amp; \u{1b}[31m\u{202e}"
    var failed = RunRecord(
      id: text,
      verb: text,
      database: text,
      started: text,
      ended: "2026-11-24T10:00:00Z",
      seconds: .infinity,
      exitCode: 20,
      tool: text,
      log: [.init(time: text, level: text, logger: text, message: text)]
    )
    (failed.message, failed.state, failed.next, failed.snapshot) = (text, text, text, text)
    (failed.from, failed.to) = ([text], [text])
    return ReportData(
      database: text,
      created: text,
      version: text,
      current: [text],
      pending: 1,
      snapshots: [
        .init(
          id: text,
          created: "2026-11-24T10:00:00Z",
          reason: text,
          heads: [text],
          databaseSize: -1,
          archiveSize: .max,
          verified: text,
          isDamaged: false,
          isPinned: true
        )
      ],
      runs: [failed],
      revisions: [
        .init(
          id: text,
          parents: ["x"],
          needs: [text],
          labels: [text],
          message: text,
          isCurrent: true
        )
      ],
      remarks: [text]
    )
  }

  /// The same, but that the failure was the last that happened.
  static var failing: ReportData {
    var data = busy
    data.created = time(day: 88, hour: 17)
    data.runs.removeAll { $0.ended > time(day: 88, hour: 15) }
    data.snapshots.removeAll { $0.created > time(day: 88, hour: 15) }
    return data
  }

  /// All within three seconds, as in a demonstration.
  static var hasty: ReportData {
    let database = "/root/xm-safe/demo/experiments.sqlite3"
    func time(_ second: Int) -> String { "2026-11-24T23:59:5\(second)Z" }
    var failed = RunRecord(
      verb: "upgrade",
      database: database,
      started: time(8),
      ended: time(8),
      seconds: 0.021,
      exitCode: 20,
      tool: "0.1.0"
    )
    failed.message =
      "the upgrade of '\(database)' failed: revision 9d3e1c7a2b40: no such table: no_such_table"
    failed.log = [
      .init(
        time: time(8),
        level: "info",
        logger: "xm_safe.engine",
        message: String(repeating: "long ", count: 60)
      )
    ]
    func snapshot(_ id: String, _ second: Int, _ reason: String) -> ReportData.Snapshot {
      ReportData.Snapshot(
        id: id,
        created: time(second),
        reason: reason,
        heads: [],
        databaseSize: 32_768,
        archiveSize: 5300,
        verified: time(second),
        isDamaged: false,
        isPinned: false
      )
    }
    return ReportData(
      database: database,
      created: "2026-11-25T00:00:00Z",
      version: "0.1.0",
      current: [],
      pending: 3,
      snapshots: [snapshot("7ba5ffe1", 7, "pre-upgrade"), snapshot("5afd93bf", 9, "pre-restore")],
      runs: [failed],
      revisions: Array(revisions.suffix(3))
    )
  }

  /// Nothing has happened yet.
  static let empty = ReportData(
    database: "/data/new.sqlite3",
    created: "2026-11-24T10:00:00Z",
    version: "0.1.0",
    current: nil,
    pending: nil,
    snapshots: [],
    runs: [],
    revisions: []
  )
}
