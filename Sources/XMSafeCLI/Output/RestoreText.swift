internal import DurableFiles
internal import XMSafe

/// What a restore did, in one line: for `restore` and `undo`.
enum RestoreText {
  static func line(_ result: RestoreResult) -> String {
    let database = result.database.shownAsPath
    let id = result.snapshot.id
    switch result.present {
    case nil: break
    case .database:
      return
        "would restore \(database) from snapshot \(id), which is whole, after a snapshot of what is there now"
    case .nothing:
      return "would create \(database) from snapshot \(id), which is whole; nothing is there now"
    case .unsound:
      return
        "would restore \(database) from snapshot \(id), which is whole, and keep aside the file that is there now, which is no sound database"
    }
    let before = result.before.map { "; snapshot \($0.id) holds what was before" } ?? ""
    let doubt = result.proven ? "" : " (it could not be compared; the log says why)"
    return "restored \(database) from snapshot \(id)\(doubt)\(before)"
  }
}
