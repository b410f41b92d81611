internal import Archive
internal import DurableFiles
internal import Logging
internal import Servers
internal import Snapshots

/// Puts the snapshot back into a server's database after a command that failed, unless the database has its content, or others may
/// have written.
struct ServerCommandUndoing {
  let request: ServerCommandRequest
  /// What was before the command.
  let saved: ServerSnapshotTaker.Taken
  /// What the command has left.
  let content: ServerContent

  private var id: String { saved.snapshot.manifest.id }

  /// Brings the database back to what it was.
  ///
  /// - Parameter doubt: Why what is there may be the work of others, too, as a clause; nil if it is the command's alone.
  /// - Returns: What came of it.
  func undo(_ doubt: String?) -> CommandUndoing.Result {
    if content == saved.content {
      let how = "its content has the digest of snapshot \(id)"
      request.logger("xm_safe.run").info("Found exactly as before: \(how)")
      return CommandUndoing.Result(
        outcome: .asBefore,
        state: "the database is exactly as it was before (\(how))"
      )
    }
    if let sequences = content.advancedSequences(since: saved.content) {
      let names = sequences.prefix(3).joined(separator: ", ")
      request.logger("xm_safe.run").info(
        "Found as before, but for what sequences have counted: \(names)"
      )
      return CommandUndoing.Result(
        outcome: .asBefore,
        state:
          "the database is exactly as it was before (compared with snapshot \(id)), but for what sequences have counted, which no rollback takes back: \(names)"
      )
    }
    if let doubt { return left(doubt) }
    do {
      var remarks: [String] = []
      let restorer = ServerRestorer(
        request.server,
        store: request.store,
        progress: request.progress,
        notice: { text in
          request.logger("xm_safe.restore").warning("\(text)")
          remarks.append(text)
        }
      )
      let reader = try restorer.verify(saved.snapshot.path)
      let outcome = try restorer.restore(reader, ifStill: content) {
        try request.take(.left(saved.content.heads))
      }
      let wreck = outcome.before
      let rest = wreck.map { "; what the command left is in snapshot \($0.manifest.id)" } ?? ""
      if let remark = outcome.remark {
        return CommandUndoing.Result(
          outcome: .notRestored,
          state: "snapshot \(id) was put back, and \(remark)\(rest)",
          next: "'xm-safe diff \(id)' shows what others have written",
          left: wreck
        )
      }
      request.logger("xm_safe.restore").info(
        "Restored \(request.shown) from snapshot \(id), and compared it\(remarks.isEmpty ? ": equal" : "")"
      )
      return CommandUndoing.Result(
        outcome: .restored,
        state: remarks.isEmpty
          ? "the database is exactly as it was before (restored from snapshot \(id), and compared)\(rest)"
          : "the database was restored from snapshot \(id), and compared\(rest); \(remarks.joined(separator: "; "))",
        left: wreck
      )
    } catch is ServerRestorer.WrittenSince {
      return left("another program has written to it since the command ended")
    } catch {
      let reason = String(describing: error).shownOnOneLine
      request.logger("xm_safe.restore").error("Restoring failed: \(reason)")
      return CommandUndoing.Result(
        outcome: .notRestored,
        state: "the database could not be put back: \(reason)",
        next: "put right what prevents it, then run 'xm-safe restore \(id)'",
        isSettled: false
      )
    }
  }

  /// What others have written, a restore would take away: that is for somebody to decide.
  private func left(_ reason: String) -> CommandUndoing.Result {
    request.logger("xm_safe.run").error("Not restored: \(reason)")
    return CommandUndoing.Result(
      outcome: .notRestored,
      state:
        "the database is as the command has left it, and was not put back, because \(reason): a restore would take that away",
      next:
        "'xm-safe diff \(id)' compares; 'xm-safe restore \(id)' puts back what was before the command, and saves what is there now as a snapshot"
    )
  }
}
