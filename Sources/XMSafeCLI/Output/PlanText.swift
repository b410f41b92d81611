internal import DurableFiles
internal import XMSafe

/// What an upgrade would do, for people: as SQL, with everything else in comments.
enum PlanText {
  static func text(_ result: PlanResult) -> String {
    let database = result.database.shownAsPath
    guard result.outcome != "nothing-to-do" else {
      return "nothing to do: \(database) is at \(RevisionText.joined(result.from))"
    }
    let way = "from \(RevisionText.joined(result.from)) to \(RevisionText.joined(result.to))"
    var blocks = ["-- \(database) \(way), run on a copy; the database was not touched"]
    blocks += result.revisions.map { step($0, result.direction) }
    if let failure = result.failure {
      blocks.append("-- WOULD FAIL: \(failure.message.shownOnOneLine)")
    } else {
      let schema = result.schema.map(SQLText.statement)
      blocks.append((["-- Schema difference"] + schema).joined(separator: "\n"))
      let rows = result.rows.map(rows)
      blocks.append((["-- Rows before and after"] + rows).joined(separator: "\n"))
    }
    blocks.append(summary(result))
    return blocks.joined(separator: "\n\n")
  }

  /// What is said of a plan that would fail; nil if it would not.
  static func verdict(_ result: PlanResult) -> Verdict? {
    guard let failure = result.failure else { return nil }
    let place = failure.location.map { "\($0.path):\($0.line):\($0.column): " } ?? ""
    return Verdict(
      exitStatus: result.liveChange == nil ? .failedAsBefore : .failedNotRestored,
      message: place + failure.message,
      state: result.liveChange.map {
        "the \(result.direction) was tried on a copy, and failed there; but \($0)"
      }
        ?? "the database was only read: the \(result.direction) was tried on a copy, and failed there",
      next: failure.next
    )
  }

  private static func step(_ step: PlanResult.Step, _ direction: String) -> String {
    let down = RevisionText.joined(step.downRevisions)
    let way =
      direction == "downgrade" ? "\(step.revision) -> \(down)" : "\(down) -> \(step.revision)"
    let message = step.message.isEmpty ? "" : ", \(step.message)"
    var lines = ["-- Running \(direction) \(way)\(message)".shownOnOneLine]
    lines += step.statements.map(SQLText.statement)
    lines += step.tables.map(rows)
    for warning in step.warnings {
      lines.append("-- WARNING: table \(warning.table): \(warning.message)".shownOnOneLine)
      if let remedy = warning.remedy {
        lines += SQLText.statement(remedy).dropLast().split(separator: "\n").map { "--   \($0)" }
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func rows(_ rows: PlanResult.Rows) -> String {
    let before = rows.before.map(String.init) ?? "-"
    let after = rows.after.map(String.init) ?? "-"
    return "-- \(rows.table.shownOnOneLine): \(before) -> \(after) rows"
  }

  private static func summary(_ result: PlanResult) -> String {
    let milliseconds = Int((result.seconds * 1000).rounded())
    let guarded =
      switch result.guarding {
      case "off": "the guard was off"
      case let mode where result.failure == nil: "the guard (\(mode)) has no objection"
      default: "it failed there"
      }
    let allowed =
      result.allowedLosses.isEmpty
      ? ""
      : ", allowed to lose rows: "
        + result.allowedLosses.map(\.shownOnOneLine).joined(separator: ", ")
    return
      "-- \(milliseconds) ms, at most \(ByteCount.text(result.peakDisk)) of disk; \(guarded)\(allowed)"
  }
}
