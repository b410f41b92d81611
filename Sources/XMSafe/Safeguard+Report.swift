internal import AlembicScripts
internal import DurableFiles
internal import Jobs
internal import Reports
internal import Revisions
internal import Snapshots

/// The result of `report`.
public struct ReportResult: Codable, Sendable {
  /// The absolute path of the page.
  public var path: String
  /// The database that it is about.
  public var database: String
  /// How many snapshots it shows.
  public var snapshots: Int
  /// How many runs it shows.
  public var runs: Int
  /// How many revisions there are; 0 without scripts.
  public var revisions: Int
}

/// The command that shows all of a database's past at once.
extension Safeguard {
  /// Writes a page of HTML about the database: its snapshots, the runs, the revisions.
  ///
  /// What cannot be read, such as the database itself, is said on the page, and the rest is shown all the same.
  ///
  /// - Parameter path: The page's file; an earlier page that is there is replaced, and nothing else.
  /// - Returns: What the page has.
  /// - Throws: `Failure`.
  public func report(to path: String) throws(Failure) -> ReportResult {
    try failing {
      let target = project.absolute(path)
      try refusingForeign(target, ReportPage.kind, option: "--html")
      let directory = FileSystem.directory(of: target)
      guard try FileStatus.ifPresent(directory)?.kind == .directory else {
        throw Failure(
          .refused,
          "there is no directory \(directory.shownAsPath) to write the page into",
          next: "make it, or name another file with --html"
        )
      }
      let key = try project.key()
      let store = try project.store(for: key)
      let data = try reportData(key, store)
      try ReportPage(data).write(to: target)
      return ReportResult(
        path: target,
        database: data.database,
        snapshots: data.snapshots.count,
        runs: data.runs.count,
        revisions: data.revisions.count
      )
    }
  }

  /// Refuses to replace a file of somebody else's.
  func refusingForeign(_ path: String, _ kind: ReplacedFile.Kind, option: String) throws {
    do {
      try ReplacedFile.check(path, is: kind)
    } catch let error as ReplacedFile.Foreign {
      throw Failure(
        .refused,
        error.description,
        next: "name another file with \(option)"
      )
    }
  }

  private func reportData(_ key: String, _ store: Store) throws -> ReportData {
    var remarks: [String] = []
    /// Does a part; where it fails the page has a remark instead.
    func part<Value>(_ what: String, _ body: () throws -> Value) -> Value? {
      do {
        return try body()
      } catch {
        remarks.append("\(what): \(Failure(error, stopped: nil).message)")
        return nil
      }
    }
    let current = part("The database could not be read") { try present(mayBeMissing: false).rows }
    let hasScripts = part("The configuration could not be read") {
      try project.configuration() != nil
    }
    var revisions: [ReportData.Revision] = []
    var pending: Int?
    if hasScripts == true {
      let graph = part("The scripts could not be read") {
        try project.scripts(mayBeEmpty: true).directory.graph
      }
      if let graph {
        let rows = current ?? []
        revisions = RevisionRecords(graph, current: rows).records(graph.newestFirst).map {
          ReportData.Revision(
            id: $0.revision,
            parents: $0.downRevisions,
            needs: $0.dependsOn,
            labels: $0.branchLabels,
            message: $0.message,
            isCurrent: $0.isCurrent,
            isHead: $0.isHead
          )
        }
        if current != nil {
          pending = part("What is pending could not be told") {
            try graph.upgradePlan(to: .heads, rows: rows).steps.count
          }
        }
      }
    }
    let catalogue = try store.catalogue()
    let own = catalogue.snapshots.filter { store.isOf(key, $0) }
    if !catalogue.unreadable.isEmpty {
      remarks.append("\(catalogue.unreadable.count.shown(as: "archive")) could not be read")
    }
    let snapshots = try records(own, in: store).map {
      ReportData.Snapshot(
        id: $0.id,
        created: $0.created,
        reason: $0.reason,
        heads: $0.heads,
        databaseSize: $0.databaseSize,
        archiveSize: $0.archiveSize,
        verified: $0.verified,
        isDamaged: $0.damaged != nil,
        isPinned: $0.pinned
      )
    }
    let shown = places().database ?? key
    let runs =
      part("The log of runs could not be read") {
        try RunLog(store.path).runs().filter { $0.database == shown || $0.database == key }
      } ?? []
    return ReportData(
      database: shown,
      created: context.now(),
      version: Self.version,
      current: current,
      pending: pending,
      snapshots: snapshots,
      runs: runs,
      revisions: revisions,
      remarks: remarks
    )
  }
}
