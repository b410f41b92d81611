internal import Revisions

/// The revisions drawn as a picture, the newest on top.
enum RevisionPlot {
  /// How many are drawn at most; a page with more is no good to anybody.
  static let most = 400
  private static let rowHeight = 28.0
  private static let laneWidth = 20.0

  /// Draws revisions; nil if there are none.
  static func svg(_ revisions: [ReportData.Revision]) -> String? {
    guard !revisions.isEmpty else { return nil }
    let shown = Array(revisions.prefix(most))
    let lanes = RevisionLanes(shown.map { ($0.id, $0.parents) })
    let applied = applied(revisions)
    var svg = ""
    for edge in lanes.edges { svg += line(edge, lanes.rows) }
    let textX = 16 + laneWidth * Double(lanes.width) + 6
    var width = 0.0
    for (index, (row, revision)) in zip(lanes.rows, shown).enumerated() {
      let (x, y) = (x(row.lane), y(index))
      let style = applied.contains(revision.id) ? "applied" : "pending"
      let place = "cx=\"\(HTML.number(x))\" cy=\"\(HTML.number(y))\""
      if revision.isCurrent { svg += "<circle class=\"ring\" \(place) r=\"9\"/>" }
      svg += "<circle class=\"node \(style)\" \(place) r=\"5.5\"/>"
      let (label, length) = label(revision, x: textX, y: y + 4.5)
      svg += label
      width = max(width, textX + length)
    }
    let height = HTML.number(rowHeight * Double(shown.count) + 4)
    let size = HTML.number(width + 20)
    let note =
      shown.count < revisions.count
      ? "<p class=\"note\">The newest \(shown.count) of \(revisions.count) revisions.</p>" : ""
    return
      "<div class=\"scroll\"><svg class=\"graph\" width=\"\(size)\" height=\"\(height)\" viewBox=\"0 0 \(size) \(height)\" role=\"img\" aria-label=\"The revisions\">\(svg)</svg></div>\(note)"
  }

  /// What the database has: what it is at, and all before.
  private static func applied(_ revisions: [ReportData.Revision]) -> Set<String> {
    let byID = Dictionary(revisions.map { ($0.id, $0) }) { first, _ in first }
    var todo = revisions.filter(\.isCurrent).map(\.id)
    var found = Set(todo)
    while let id = todo.popLast() {
      guard let revision = byID[id] else { continue }
      for parent in revision.parents + revision.needs where found.insert(parent).inserted {
        todo.append(parent)
      }
    }
    return found
  }

  private static func x(_ lane: Int) -> Double { 16 + laneWidth * Double(lane) }
  private static func y(_ row: Int) -> Double { rowHeight * (Double(row) + 0.5) + 2 }

  private static func line(_ edge: RevisionLanes.Edge, _ rows: [RevisionLanes.Row]) -> String {
    let (startX, startY) = (x(rows[edge.from].lane), y(edge.from))
    let (endX, endY) = (x(rows[edge.to].lane), y(edge.to))
    let laneX = x(edge.lane)
    var path = "M\(point(startX, startY))"
    var (currentX, currentY) = (startX, startY)
    func curve(_ toX: Double, _ toY: Double) {
      let half = (toY - currentY) / 2
      path += "C\(point(currentX, currentY + half)) \(point(toX, toY - half)) \(point(toX, toY))"
      (currentX, currentY) = (toX, toY)
    }
    if laneX != startX, edge.to > edge.from + 1 { curve(laneX, startY + rowHeight) }
    if currentX != endX {
      if endY - rowHeight > currentY { path += "L\(point(currentX, endY - rowHeight))" }
      currentY = max(currentY, endY - rowHeight)
      curve(endX, endY)
    } else {
      path += "L\(point(endX, endY))"
    }
    return "<path class=\"edge\" d=\"\(path)\"/>"
  }

  private static func point(_ x: Double, _ y: Double) -> String {
    "\(HTML.number(x)) \(HTML.number(y))"
  }

  /// The words beside a revision, and about how long they are.
  private static func label(
    _ revision: ReportData.Revision,
    x: Double,
    y: Double
  ) -> (svg: String, length: Double) {
    var words = "<tspan class=\"id\">\(HTML.text(revision.id))</tspan>"
    var length = Double(revision.id.count) * 8.2
    func add(_ text: String, _ style: String) {
      words += "<tspan class=\"\(style)\" dx=\"8\">\(HTML.text(text))</tspan>"
      length += Double(text.count) * 7.4 + 8
    }
    if revision.isCurrent { add("current", "is-current") }
    if revision.isHead { add("head", "is-head") }
    for label in revision.labels { add(label, "is-label") }
    if !revision.needs.isEmpty {
      add("needs \(revision.needs.joined(separator: ", "))", "is-label")
    }
    let message = revision.message
    add(message.count > 120 ? message.prefix(119) + "…" : message, "message")
    return ("<text x=\"\(HTML.number(x))\" y=\"\(HTML.number(y))\">\(words)</text>", length)
  }
}
