internal import AlembicScripts
internal import Archive
internal import Diagnosis
internal import DurableFiles
internal import Logging
internal import Migrations
internal import SQLite
internal import Snapshots
internal import Upgrade

/// The command that looks for what would make an upgrade fail, and repairs what can be proven safe to repair.
extension Safeguard {
  /// Examines the database, its surroundings and its store.
  ///
  /// - Parameter fix: Whether to repair, after a snapshot, what is proven to be safe; what needs a decision is only explained.
  /// - Returns: What was found, and what was repaired.
  /// - Throws: `Failure`.
  public func doctor(fix: Bool = false) throws(Failure) -> DoctorResult {
    try failing {
      if let work = try serverWork() { return try doctor(work, fix: fix) }
      let database = try project.database()
      // A log that is not the database's own is a finding, and no reason to look no further.
      try DatabaseFile.checkKind(try requireFile(database), path: database)
      // What a killed run has left undone is dealt with first, as by every other command.
      let store = try project.store(for: database)
      try recover(database, in: store)
      let doctor = Doctor(
        database: database,
        store: store,
        scripts: try project.configuration() == nil ? nil : project.scripts().directory,
        versionTable: try project.versionTable(),
        busyTimeout: options.busyTimeout
      )
      do {
        var findings = try doctor.examine()
        var repaired: [Finding] = []
        var snapshot: Store.Snapshot?
        if fix, findings.contains(where: { $0.repair != nil }) {
          _ = try self.store(for: database)
          (repaired, snapshot) = try repair(database, in: store, doctor)
          for finding in repaired {
            context.logger("xm_safe.doctor").info(
              "Repaired: \(finding.what); \(finding.repair ?? "")",
              metadata: ["statements": .array(finding.statements.map { .string($0) })]
            )
          }
          let again = try doctor.examine()
          // What was removed from the store has no statements, and is told by its absence.
          repaired += findings.filter { old in
            old.repair != nil && old.statements.isEmpty && !again.contains(old)
          }
          findings = again
        }
        return DoctorResult(
          database: database,
          checks: findings.map { DoctorResult.Check($0) },
          repaired: repaired.map { DoctorResult.Check($0) },
          snapshot: snapshot.map { told($0, in: store) },
          isHealthy: findings.allSatisfy { $0.severity != .problem }
        )
      } catch let error as SQLiteError {
        throw DatabaseFile.failure(error, path: database)
      }
    }
  }
}

extension Safeguard {
  /// Repairs with the lock held; what a killed run may have left half done is not repaired before somebody has decided about it.
  private func repair(
    _ database: String,
    in store: Store,
    _ doctor: Doctor
  ) throws -> (repaired: [Finding], snapshot: Store.Snapshot?) {
    let lock = try lock(store, for: database, "doctor")
    defer { lock.release() }
    try UnsettledRun.refuse(database, in: store)
    var snapshot: Store.Snapshot?
    let repaired = try doctor.repair { snapshot = try take(.manual, of: database, in: store) }
    return (repaired, snapshot)
  }

  /// Looks at a server's database, where nothing is repaired.
  private func doctor(_ work: ServerWork, fix: Bool) throws -> DoctorResult {
    let doctor = ServerDoctor(
      work.server,
      store: work.store,
      key: work.key,
      scripts: try project.configuration() == nil ? nil : project.scripts().directory,
      progress: progress
    )
    /// Under the lock: the note of a run that goes on is none of a killed one.
    func examined() throws -> [Finding] {
      let lock = try lock(work.store, for: work.key, "doctor")
      defer { lock.release() }
      return try doctor.examine()
    }
    var findings = try examined()
    var repaired: [Finding] = []
    if fix, findings.contains(where: { $0.check == "killed-run" && $0.severity == .problem }) {
      // Whoever works on the database settles that first.
      try holding(work, "doctor") { _ in }
      let again = try examined()
      repaired = findings.filter { $0.check == "killed-run" && !again.contains($0) }
      findings = again
    }
    return DoctorResult(
      database: work.key,
      checks: findings.map { DoctorResult.Check($0) },
      repaired: repaired.map { DoctorResult.Check($0) },
      snapshot: nil,
      isHealthy: findings.allSatisfy { $0.severity != .problem }
    )
  }
}

extension DoctorResult.Check {
  init(_ finding: Finding) {
    self.init(
      check: finding.check,
      severity: finding.severity.rawValue,
      what: finding.what,
      why: finding.why,
      repair: finding.repair,
      statements: finding.statements,
      commands: finding.commands
    )
  }
}
