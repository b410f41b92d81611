internal import DurableFiles
internal import XMSafe

/// What a restore did, in one line: for `restore` and `undo`.
enum RestoreText {
  static func line(_ result: RestoreResult) -> String {
    let database = result.database.shownAsPath
    let id = result.snapshot.id
    if result.isDryRun {
      return
        "would restore \(database) from snapshot \(id), which is whole, after a snapshot of what is there now"
    }
    let before = result.before.map { "; snapshot \($0.id) holds what was before" } ?? ""
    let doubt = result.proven ? "" : " (it could not be compared; the log says why)"
    return "restored \(database) from snapshot \(id)\(doubt)\(before)"
  }
}
