internal import DurableFiles
internal import XMSafe

/// A script that was written, as alembic tells of it.
enum NewRevisionText {
  static func text(_ result: NewRevisionResult) -> String {
    let lines = result.directories.map { "Creating directory \($0.shownOnOneLine) ...  done" }
    return (lines + ["Generating \(result.revision.path.shownOnOneLine) ...  done"])
      .joined(separator: "\n")
  }
}
