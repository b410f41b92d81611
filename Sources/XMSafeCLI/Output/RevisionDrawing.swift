internal import DurableFiles
internal import Revisions
internal import XMSafe

/// Revisions drawn with the characters of a terminal, the newest on top.
struct RevisionDrawing {
  /// What lines are drawn with.
  struct Pen: Sendable {
    var node: Character
    var current: Character
    var line: Character
    var dash: Character
    var cross: Character
    /// Where a line leaves a lane to the right.
    var branch: Character
    /// Where a line from the left ends in a lane that comes from above.
    var join: Character
    /// Where one from the left ends in a lane that goes on below.
    var part: Character
    /// The same, where the line goes on to the right.
    var joinOnTheWay: Character
    var partOnTheWay: Character
    /// What comes before is not drawn.
    var cut: Character

    static let unicode = Pen(
      node: "●",
      current: "◉",
      line: "│",
      dash: "─",
      cross: "┼",
      branch: "├",
      join: "╯",
      part: "╮",
      joinOnTheWay: "┴",
      partOnTheWay: "┬",
      cut: "┆"
    )

    static let ascii = Pen(
      node: "*",
      current: "@",
      line: "|",
      dash: "-",
      cross: "+",
      branch: "+",
      join: "'",
      part: ".",
      joinOnTheWay: "'",
      partOnTheWay: ".",
      cut: ":"
    )

    /// The pen for a terminal whose environment names its character set.
    static func of(_ environment: [String: String]) -> Pen {
      let names = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }
      let name = (names.first { !$0.isEmpty } ?? "").lowercased()
      return name.contains("utf-8") || name.contains("utf8") ? .unicode : .ascii
    }
  }

  let pen: Pen

  /// The drawing; one line for each revision, and one wherever lanes join or part.
  func text(_ records: [RevisionRecord]) -> String {
    let lanes = RevisionLanes(records.map { ($0.revision, $0.downRevisions) })
    var lines: [String] = []
    var endedLane: Int?
    for (row, record) in zip(lanes.rows, records) {
      // Else it would look as if it came after the one above.
      if !row.comesFromAbove, endedLane == row.lane { lines.append(bars(row.passing)) }
      if !row.joining.isEmpty { lines.append(fork(row, row.joining, pen.join, pen.joinOnTheWay)) }
      let node = cells(row.passing, [row.lane: record.isCurrent ? pen.current : pen.node])
      lines.append(node + "  " + Self.label(record))
      if row.isCut, !row.goesOn { lines.append(cells(row.passing, [row.lane: pen.cut])) }
      if !row.parting.isEmpty { lines.append(fork(row, row.parting, pen.part, pen.partOnTheWay)) }
      endedLane = row.goesOn ? nil : row.lane
    }
    return lines.joined(separator: "\n")
  }

  private static func label(_ record: RevisionRecord) -> String {
    let needs =
      record.dependsOn.isEmpty ? "" : " (needs \(record.dependsOn.joined(separator: ", ")))"
    return RevisionText.branchLine(record) + (needs + ", " + record.message).shownOnOneLine
  }

  private func bars(_ lanes: [Int]) -> String { cells(lanes, [:]) }

  private func cells(_ passing: [Int], _ others: [Int: Character]) -> String {
    let last = max(passing.last ?? -1, others.keys.max() ?? -1)
    guard last >= 0 else { return "" }
    return (0...last).map { lane in
      String(others[lane] ?? (passing.contains(lane) ? pen.line : " "))
    }.joined(separator: " ")
  }

  /// A line from a revision's lane to others on its right.
  private func fork(
    _ row: RevisionLanes.Row,
    _ ends: [Int],
    _ end: Character,
    _ onTheWay: Character
  ) -> String {
    let last = ends.last ?? row.lane
    let width = max(last, row.passing.last ?? 0)
    var text = ""
    for lane in 0...width {
      let isInside = lane > row.lane && lane <= last
      let passes = row.passing.contains(lane)
      let cell: Character =
        if lane == row.lane {
          pen.branch
        } else if lane == last {
          end
        } else if ends.contains(lane) {
          onTheWay
        } else if isInside {
          passes ? pen.cross : pen.dash
        } else {
          passes ? pen.line : " "
        }
      if lane > 0 { text.append(isInside ? pen.dash : " ") }
      text.append(cell)
    }
    return text
  }
}
