internal import Jobs

/// The plots of a report: pictures in SVG, coloured by the page's own style.
struct Plots {
  let data: ReportData
  private let axis: TimeAxis?

  init(_ data: ReportData) {
    self.data = data
    axis = TimeAxis(
      (data.snapshots.map(\.created) + data.runs.map(\.ended)).compactMap(TimeAxis.seconds)
    )
  }

  /// The commands that have a colour of their own.
  private static let verbs = ["upgrade", "snapshot", "verify", "restore", "prune"]

  private static func colour(_ verb: String) -> String {
    verbs.contains(verb) ? "v-\(verb)" : "v-other"
  }

  private static func svg(_ height: Double, _ title: String, _ content: String) -> String {
    let size = "0 0 \(HTML.number(TimeAxis.width)) \(HTML.number(height))"
    return
      "<div class=\"scroll\"><svg class=\"plot\" viewBox=\"\(size)\" role=\"img\" aria-label=\"\(title)\">\(content)</svg></div>"
  }

  private static func cross(_ x: Double, _ y: Double, _ size: Double = 4.5) -> String {
    let (left, right) = (HTML.number(x - size), HTML.number(x + size))
    let (top, bottom) = (HTML.number(y - size), HTML.number(y + size))
    return
      "<path class=\"cross\" d=\"M\(left) \(top)L\(right) \(bottom)M\(right) \(top)L\(left) \(bottom)\">"
  }

  // MARK: - What happened when

  /// Snapshots and runs over time, a line for each command; nil if nothing has happened.
  var timeline: String? {
    guard let axis else { return nil }
    var verbs: [String] = []
    for run in data.runs where !verbs.contains(run.verb) { verbs.append(run.verb) }
    let names = ["snapshots"] + verbs.sorted()
    let (top, step) = (8.0, 30.0)
    let bottom = top + step * Double(names.count)
    var svg = axis.ticks(top: top, bottom: bottom)
    for run in data.runs where !run.isSuccess {
      guard let time = TimeAxis.seconds(run.ended) else { continue }
      let x = HTML.number(axis.x(time))
      svg +=
        "<line class=\"fault\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(HTML.number(top))\" y2=\"\(HTML.number(bottom))\"/>"
    }
    for (index, name) in names.enumerated() {
      let y = top + step * (Double(index) + 0.5)
      svg +=
        "<line class=\"base\" x1=\"\(HTML.number(TimeAxis.left))\" x2=\"\(HTML.number(TimeAxis.width - TimeAxis.right))\" y1=\"\(HTML.number(y))\" y2=\"\(HTML.number(y))\"/>"
        + "<text class=\"name\" x=\"\(HTML.number(TimeAxis.left - 14))\" y=\"\(HTML.number(y + 4))\" text-anchor=\"end\">\(HTML.text(Self.short(name)))</text>"
      if index == 0 {
        for snapshot in data.snapshots { svg += mark(snapshot, axis, y) }
      } else {
        for run in data.runs where run.verb == name { svg += mark(run, axis, y) }
      }
    }
    return Self.svg(bottom + 30, "Snapshots and runs over time", svg)
  }

  /// The name of a command; a log that somebody has changed may have any.
  private static func short(_ name: String) -> String {
    name.count > 12 ? name.prefix(11) + "…" : name
  }

  private func mark(_ snapshot: ReportData.Snapshot, _ axis: TimeAxis, _ y: Double) -> String {
    guard let time = TimeAxis.seconds(snapshot.created) else { return "" }
    let x = axis.x(time)
    let place = "cx=\"\(HTML.number(x))\" cy=\"\(HTML.number(y))\""
    let words = [
      "snapshot \(snapshot.id)", snapshot.created, snapshot.reason,
      HTML.bytes(Double(snapshot.databaseSize)),
    ]
    let title =
      "<title>\(HTML.text(words.joined(separator: " · ")))\(snapshot.isDamaged ? " · damaged" : "")\(snapshot.isPinned ? " · pinned" : "")</title>"
    let ring = snapshot.isPinned ? "<circle class=\"ring\" \(place) r=\"8\"/>" : ""
    if snapshot.isDamaged { return ring + Self.cross(x, y) + title + "</path>" }
    let known = ["pre-upgrade", "pre-restore", "scheduled", "manual"]
    let reason = known.contains(snapshot.reason) ? snapshot.reason : "other"
    return ring + "<circle class=\"dot s-\(reason)\" \(place) r=\"5\">\(title)</circle>"
  }

  private func mark(_ run: RunRecord, _ axis: TimeAxis, _ y: Double) -> String {
    guard let time = TimeAxis.seconds(run.ended) else { return "" }
    return mark(run, axis.x(time), y)
  }

  private func mark(_ run: RunRecord, _ x: Double, _ y: Double) -> String {
    let end = run.isSuccess ? "" : " · exit code \(run.exitCode)"
    let title =
      "<title>\(HTML.text("\(run.verb) · \(run.ended) · \(HTML.span(run.seconds))"))\(end)</title>"
    if !run.isSuccess { return Self.cross(x, y) + title + "</path>" }
    return
      "<circle class=\"dot \(Self.colour(run.verb))\" cx=\"\(HTML.number(x))\" cy=\"\(HTML.number(y))\" r=\"4.5\">\(title)</circle>"
  }

  // MARK: - How large

  /// The sizes of the database and of its archives; nil if there are no snapshots.
  var sizes: String? {
    let points = data.snapshots.compactMap { snapshot in
      TimeAxis.seconds(snapshot.created).map { ($0, snapshot) }
    }
    guard let axis, !points.isEmpty else { return nil }
    let (top, bottom) = (12.0, 192.0)
    let most = points.map { Double(max($0.1.databaseSize, $0.1.archiveSize)) }.max() ?? 1
    let (step, highest) = Self.steps(to: max(most, 1), base: 1024)
    func y(_ value: Double) -> Double { bottom - value / highest * (bottom - top) }
    var svg = axis.ticks(top: top, bottom: bottom)
    var value = 0.0
    while value <= highest {
      svg += Self.level(y(value), HTML.bytes(value))
      value += step
    }
    let series: [(String, (ReportData.Snapshot) -> Int64)] = [
      ("database", \.databaseSize), ("archive", \.archiveSize),
    ]
    for (name, size) in series {
      let line = points.map { time, snapshot in
        "\(HTML.number(axis.x(time))),\(HTML.number(y(Double(size(snapshot)))))"
      }
      svg += "<polyline class=\"line l-\(name)\" points=\"\(line.joined(separator: " "))\"/>"
      guard points.count <= 60 else { continue }
      for (time, snapshot) in points {
        let title =
          "<title>\(name) · \(HTML.text(snapshot.created)) · \(HTML.bytes(Double(size(snapshot))))</title>"
        svg +=
          "<circle class=\"point l-\(name)\" cx=\"\(HTML.number(axis.x(time)))\" cy=\"\(HTML.number(y(Double(size(snapshot)))))\" r=\"3\">\(title)</circle>"
      }
    }
    return Self.svg(bottom + 30, "Sizes over time", svg)
      + Self.legend([("l-database", "database"), ("l-archive", "archive")])
  }

  private static func level(_ y: Double, _ name: String) -> String {
    "<line class=\"grid\" x1=\"\(HTML.number(TimeAxis.left))\" x2=\"\(HTML.number(TimeAxis.width - TimeAxis.right))\" y1=\"\(HTML.number(y))\" y2=\"\(HTML.number(y))\"/>"
      + "<text class=\"tick\" x=\"\(HTML.number(TimeAxis.left - 10))\" y=\"\(HTML.number(y + 4))\" text-anchor=\"end\">\(name)</text>"
  }

  /// Round steps that reach a value.
  static func steps(to most: Double, base: Double) -> (step: Double, highest: Double) {
    var unit = 1.0
    while unit * base <= most { unit *= base }
    let target = max(most, 1) / 4
    let steps: [Double] = [
      0.25, 0.5, 1, 2, 4, 5, 8, 10, 16, 20, 25, 32, 50, 64, 100, 128, 200, 250, 256, 500, 512,
    ]
    // Below one unit there may be halves of it.
    let step = unit * ((steps.first { $0 * unit >= target }) ?? 1000)
    return (step, (most / step).rounded(.up) * step)
  }

  static func legend(_ entries: [(style: String, name: String)]) -> String {
    let items = entries.map {
      "<li><span class=\"key \($0.style)\"></span>\(HTML.text($0.name))</li>"
    }
    return "<ul class=\"legend\">\(items.joined())</ul>"
  }

  // MARK: - How long

  /// How long runs took, on a logarithmic scale; nil if there are none.
  var durations: String? {
    guard let axis, !data.runs.isEmpty else { return nil }
    let levels: [(Double, String)] = [
      (0.01, "10 ms"), (0.1, "100 ms"), (1, "1 s"), (10, "10 s"), (60, "1 min"), (600, "10 min"),
      (3600, "1 h"), (36_000, "10 h"), (360_000, "100 h"),
    ]
    let longest = data.runs.map(\.seconds).max() ?? 1
    let shown = levels.prefix(max(3, (levels.firstIndex { $0.0 >= longest } ?? 8) + 1))
    let (top, bottom) = (12.0, 172.0)
    let (low, high) = (Self.decade(shown.first?.0 ?? 1), Self.decade(shown.last?.0 ?? 1))
    func y(_ seconds: Double) -> Double {
      let place = (Self.decade(min(max(seconds, 0.01), 360_000)) - low) / (high - low)
      return bottom - place * (bottom - top)
    }
    var svg = axis.ticks(top: top, bottom: bottom)
    for (seconds, name) in shown { svg += Self.level(y(seconds), name) }
    for run in data.runs {
      guard let time = TimeAxis.seconds(run.ended) else { continue }
      svg += mark(run, axis.x(time), y(run.seconds))
    }
    return Self.svg(bottom + 30, "How long runs took", svg) + verbLegend
  }

  /// The commands that there are, and their colours.
  var verbLegend: String {
    let verbs = Set(data.runs.filter(\.isSuccess).map(\.verb))
    var entries = Self.verbs.filter(verbs.contains).map { ("v-\($0)", $0) }
    if verbs.contains(where: { !Self.verbs.contains($0) }) { entries.append(("v-other", "others")) }
    if data.runs.contains(where: { !$0.isSuccess }) { entries.append(("k-failed", "failed")) }
    return Self.legend(entries)
  }

  /// The power of ten that a number is, without the mathematics of a C library.
  private static func decade(_ value: Double) -> Double {
    var (value, decade) = (value, 0.0)
    while value >= 10 { (value, decade) = (value / 10, decade + 1) }
    while value < 1 { (value, decade) = (value * 10, decade - 1) }
    // Between 1 and 10 the curve by halving: the tenth power of the rest tells one more digit, and so on.
    var weight = 0.5
    for _ in 0..<20 {
      value *= value
      if value >= 10 {
        value /= 10
        decade += weight
      }
      weight /= 2
    }
    return decade
  }
}
