internal import Archive
internal import DurableFiles
internal import Snapshots
internal import Upgrade

/// What the file system tells of a database and its store, without opening the database.
struct FileChecks {
  let database: String
  let store: Store

  func findings() throws -> [Finding] {
    do {
      try store.requireUsable()
    } catch let error as SnapshotError {
      return try [
        sidecars(), permissions(of: [database]), places(), locks(),
        unusable(error.message, error.hint),
      ]
    }
    return try [
      sidecars(), killedRun(), permissions(of: [database, store.path]), places(), locks(),
    ] + storeFindings()
  }

  private func unusable(_ what: String, _ hint: String?) -> Finding {
    Finding(
      "store",
      .problem,
      what,
      why: "without a snapshot nothing is upgraded\(hint.map { "; \($0)" } ?? "")",
      commands: ["xm-safe doctor --store DIRECTORY"]
    )
  }

  /// Looked at before the database is opened, which removes a hot journal.
  private func sidecars() throws -> Finding {
    if let foreign = try DatabaseFile.foreignLog(database) {
      return Finding(
        "sidecars",
        .problem,
        foreign,
        why:
          "one of the two files was replaced or copied without the other; the database was not opened, and nothing in it was checked",
        commands: [
          "mv \(ShellCommand.quoted(database + "-wal")) \(ShellCommand.quoted(database + "-wal.aside"))  # if the database is the one that is wanted",
          "xm-safe restore SNAPSHOT  # puts a snapshot in their place, and keeps both aside",
        ]
      )
    }
    let journal = try FileStatus.ifPresent(database + "-journal")?.size ?? 0
    guard journal == 0 else {
      return Finding(
        "sidecars",
        .warning,
        "there was a journal of \(journal) bytes",
        why:
          "a writer was killed, or is writing: SQLite rolls back what it had begun when the database is opened, as it was by this command"
      )
    }
    let log = try FileStatus.ifPresent(database + "-wal")?.size ?? 0
    return Finding(
      "sidecars",
      .ok,
      log == 0
        ? "no journal, no WAL"
        : "a WAL of \(log) bytes; nothing in it says that it is another database's"
    )
  }

  private func killedRun() throws -> Finding {
    let journal = CrashJournal(database, files: store.files)
    guard try journal.isPending() else {
      return Finding("killed-run", .ok, "no run of xm-safe was killed")
    }
    do { _ = try journal.read() } catch let error as CrashJournal.Unreadable {
      return Finding(
        "killed-run",
        .problem,
        error.description,
        why: "nobody knows what that run has left, and nothing is changed while the note is there",
        commands: [
          "xm-safe diff latest",
          "mv \(ShellCommand.quoted(error.path)) \(ShellCommand.quoted(error.path + ".aside"))  # if the database is as it should be",
        ]
      )
    }
    if let note = try UnsettledRun.note(in: journal),
      try !UnsettledRun.isGoingOn(note, database, in: store)
    {
      return Finding(
        "killed-run",
        .problem,
        "a run of xm-safe \(note.phase == .restoring ? "could not put back what was before, or was killed before" : "did not get to its end"), and nobody has decided about what it has left",
        why: "the database may be half changed: \(UnsettledRun.ways(note, database, in: store))",
        commands: UnsettledRun.hasSnapshot(note, in: store)
          ? note.snapshots.map { "xm-safe restore \($0.shownOnOneLine)" } : ["xm-safe list"]
      )
    }
    return Finding(
      "killed-run",
      .warning,
      "a run of xm-safe goes on, or was killed",
      why: "the next command says which, and how it has left the database",
      commands: ["xm-safe current"]
    )
  }

  private func permissions(of paths: [String]) throws -> Finding {
    var open: [String] = []
    for path in paths {
      guard let status = try FileStatus.ifPresent(path), status.mode & 0o077 != 0 else { continue }
      open.append(path)
    }
    guard !open.isEmpty else { return Finding("permissions", .ok, "for the owner alone") }
    return Finding(
      "permissions",
      .warning,
      "others than the owner may read or write \(open.map(\.shownAsPath).joined(separator: " and "))",
      why: "a database and its snapshots hold the same secrets",
      commands: open.map { "chmod go-rwx \(ShellCommand.quoted($0))  # if nobody else needs it" }
    )
  }

  private func places() -> Finding {
    var texts = PlaceWarnings.texts([database, store.path])
    if let text = PlaceWarnings.hardLinks(database) { texts.append(text) }
    return texts.isEmpty
      ? Finding("file-system", .ok, "local")
      : Finding("file-system", .warning, texts.joined(separator: "; "))
  }

  private func locks() throws -> Finding {
    let holders = try LockHolders.of(database)
    guard !holders.isEmpty else { return Finding("locks", .ok, "nobody else holds a lock") }
    return Finding(
      "locks",
      .warning,
      holders.map(\.description).joined(separator: "; "),
      why: "an upgrade has to wait for it (--wait)"
    )
  }

  private func storeFindings() throws -> [Finding] {
    let place = try FileStatus.ifPresent(store.path)
    let path = place == nil ? FileSystem.directory(of: store.path) : store.path
    guard store.files.isWritable(path) else {
      return [unusable("no snapshot can be written to \(store.path.shownAsPath)", nil)]
    }
    guard place != nil else {
      return [Finding("store", .ok, "\(store.path.shownAsPath) will be made by the first snapshot")]
    }
    return try [leftovers(), archives()]
  }

  private func leftovers() throws -> Finding {
    let names = try store.files.names(in: store.path)
      .filter { $0.contains(DurableFile.temporaryMark) }
    guard !names.isEmpty else { return Finding("store", .ok, "nothing is left of killed runs") }
    return Finding(
      "store",
      .warning,
      "\(names.count.shown(as: "unfinished file")) in \(store.path.shownAsPath)",
      why: "they belong to a run that goes on, or to one that was killed",
      repair: "remove those that nobody is writing"
    )
  }

  private func archives() throws -> Finding {
    let catalogue = try store.catalogue()
    guard catalogue.unreadable.isEmpty else {
      return Finding(
        "snapshots",
        .problem,
        "\(catalogue.unreadable.count.shown(as: "damaged snapshot")): \(catalogue.unreadable[0].reason)",
        commands: ["xm-safe verify --all", "xm-safe snapshot"]
      )
    }
    let noted = try SnapshotMarks(store).read().damaged
    let damaged = catalogue.snapshots.filter { noted[$0.manifest.id] != nil }
    guard let first = damaged.last, let time = noted[first.manifest.id] else {
      return Finding(
        "snapshots",
        .ok,
        "\(catalogue.snapshots.count) can be read ('xm-safe verify --all' reads every byte)"
      )
    }
    return Finding(
      "snapshots",
      .problem,
      "\(damaged.count) of \(catalogue.snapshots.count) snapshots \(damaged.count == 1 ? "was" : "were") found damaged when every byte was read: \(first.manifest.id.shownOnOneLine), at \(time.shownOnOneLine)",
      why: "nothing can be restored from \(damaged.count == 1 ? "it" : "them")",
      commands: ["xm-safe verify --all", "xm-safe snapshot"]
    )
  }
}
