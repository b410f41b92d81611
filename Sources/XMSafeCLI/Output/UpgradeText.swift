internal import DurableFiles
internal import XMSafe

/// What an upgrade, a downgrade or a stamp has done, in one line.
enum UpgradeText {
  static func line(_ result: UpgradeResult) -> String {
    let revisions = RevisionText.joined(result.to)
    let database = result.database.shownAsPath
    switch result.outcome {
    case "nothing-to-do": return "nothing to do: \(database) is at \(revisions)"
    case "created": return "created \(database) at \(revisions)"
    case "table-made": return "made the version table of \(database)\(saved(result))"
    default:
      return
        "\(result.outcome) \(database) from \(RevisionText.joined(result.from)) to \(revisions)\(saved(result))"
    }
  }

  private static func saved(_ result: UpgradeResult) -> String {
    result.snapshot.map { "; snapshot \($0.id) holds what was before" } ?? ""
  }
}
