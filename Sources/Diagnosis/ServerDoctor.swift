package import AlembicScripts
internal import DurableFiles
internal import Revisions
package import Servers
package import Snapshots
internal import Upgrade

/// Examines a database on a server: whether it can be saved, what failed runs have left, and whether the scripts know its version.
///
/// What a run that was killed has left undone, the next command that works on the database settles; everything else needs a
/// decision, and is only explained.
package struct ServerDoctor {
  private let server: any DatabaseServer
  private let store: Store
  private let key: String
  private let scripts: ScriptDirectory?
  private let progress: ProgressReport

  /// Prepares an examination.
  ///
  /// - Parameters:
  ///   - server: The database.
  ///   - store: Where its snapshots are.
  ///   - key: What they are known by.
  ///   - scripts: The scripts; nil if there are none, and what needs them is not checked.
  ///   - progress: Told how far it is.
  package init(
    _ server: any DatabaseServer,
    store: Store,
    key: String,
    scripts: ScriptDirectory?,
    progress: @escaping ProgressReport
  ) {
    self.server = server
    self.store = store
    self.key = key
    self.scripts = scripts
    self.progress = progress
  }

  /// Runs all checks.
  ///
  /// - Returns: What each found.
  /// - Throws: `ServerError` if the server cannot be asked; `FileError`.
  package func examine() throws -> [Finding] {
    // That it answers and lets us in is no finding: without that there are none.
    _ = try server.heads()
    var findings = [try killedRun()]
    let content: ServerContent
    do {
      content = try server.dump(leavesOut: false, into: { _ in }, progress: progress).content
      findings.append(
        Finding("dump", .ok, "the whole database can be saved: \(content.rowCounts.count) tables")
      )
    } catch let error as ServerError where [.refused, .program, .failed].contains(error.code) {
      return findings + [
        Finding(
          "dump",
          .problem,
          error.message,
          why: "without a snapshot nothing is upgraded; \(error.hint)"
        )
      ]
    }
    return findings + leftovers(content) + [try version(content)]
  }

  private func killedRun() throws -> Finding {
    let check = "killed-run"
    let note: ServerCrashNote
    do {
      guard let found = try ServerCrashJournal(store, key: key).read() else {
        return Finding(check, .ok, "no run was killed in the middle")
      }
      note = found
    } catch let error as CrashJournal.Unreadable {
      return Finding(check, .problem, "\(error)", why: UnsettledRun.waysOfUnreadable)
    }
    let id = note.snapshot.shownOnOneLine
    if let guardian = note.guardian {
      return Finding(
        check,
        .problem,
        "\(guardian.shownOnOneLine) was killed while the command that it guarded was changing the database",
        why: "the database may be half changed: \(UnsettledRun.ways(restoring: note.snapshot))",
        commands: ["xm-safe restore \(id)"]
      )
    }
    let file = ServerCrashJournal(store, key: key).path.shownAsPath
    var obstacle = note.doubt
    do { _ = try store.find(note.snapshot, database: key) } catch {
      obstacle = String(describing: error).shownOnOneLine
    }
    return Finding(
      check,
      .problem,
      "\(note.isRestore ? "a restore of" : "an upgrade after") snapshot \(id) \(note.doubt == nil ? "was killed" : "failed") in the middle",
      why: obstacle.map {
        "that snapshot was not put back (\($0)): restore it or another one, or remove \(file) if the database is as it should be"
      }
        ?? "the next command that works on the database settles it first: it is then as before or as it was to be",
      commands: [obstacle == nil ? "xm-safe snapshot" : "xm-safe list"]
    )
  }

  private func leftovers(_ content: ServerContent) -> [Finding] {
    let check = "leftover-table"
    let left = content.rowCounts.keys.sorted().filter { $0.contains(LeftoverTables.prefix) }
    guard !left.isEmpty else {
      return [Finding(check, .ok, "no table of a failed batch change")]
    }
    return left.map { table in
      Finding(
        check,
        .problem,
        "the table \(table.shownOnOneLine) is left, with \(content.rowCounts[table] ?? 0) rows",
        why:
          "a batch change of alembic failed or was killed here; the next attempt finds that the table already exists: drop it if its original is whole",
        commands: ["xm-safe snapshot"]
      )
    }
  }

  private func version(_ content: ServerContent) throws -> Finding {
    let check = "version-rows"
    let rows = content.heads
    let shown = rows.isEmpty ? "base" : rows.map(\.shownOnOneLine).joined(separator: ", ")
    guard let graph = scripts?.graph else { return Finding(check, .ok, "at \(shown)") }
    if let unknown = UnknownRevisions(rows, in: graph) {
      return Finding(
        check,
        .problem,
        unknown.what,
        why: unknown.why,
        commands: unknown.isMixed
          ? ["xm-safe upgrade --scripts DIRECTORY  # with the scripts of the other one"]
          : UnknownRevisions.commands
      )
    }
    do {
      _ = try graph.upgradePlan(to: .heads, rows: rows)
    } catch {
      guard error.code == .overlap else { throw error }
      return Finding(
        check,
        .problem,
        error.message,
        why: "alembic refuses to go on with such rows: only the later one of a branch may stand"
      )
    }
    let tables = content.rowCounts.keys.filter { $0 != content.versionTable }
    guard !rows.isEmpty || tables.isEmpty else {
      return Finding(
        check,
        .warning,
        "there are tables and no version: an upgrade would begin from nothing",
        why:
          "the application has made its tables itself (create_all), or the version table was lost",
        commands: ["xm-safe snapshot", "alembic stamp REVISION  # the one that its tables are of"]
      )
    }
    return Finding(check, .ok, "at \(shown)")
  }
}
