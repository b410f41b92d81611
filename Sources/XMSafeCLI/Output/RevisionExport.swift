internal import DurableFiles
internal import XMSafe

/// Revisions for programs that draw graphs.
///
/// Arrows lead from a revision to what comes after it; dashed ones from what it needs.
enum RevisionExport {
  /// Mermaid's text (https://mermaid.js.org/syntax/flowchart.html).
  static func mermaid(_ records: [RevisionRecord]) -> String {
    let names = names(records)
    var lines = ["graph BT"]
    for record in records {
      let label = labelLines(record).map(escapedForMermaid).joined(separator: "<br/>")
      lines.append("  \(names[record.revision] ?? "")[\"\(label)\"]")
    }
    lines += edges(records, names).map { edge in
      "  \(edge.from) \(edge.isNeed ? "-.->" : "-->") \(edge.to)"
    }
    let current = records.filter(\.isCurrent).compactMap { names[$0.revision] }
    if !current.isEmpty {
      lines += [
        "  classDef current stroke-width:3px", "  class \(current.joined(separator: ",")) current",
      ]
    }
    return lines.joined(separator: "\n")
  }

  /// Graphviz' text (https://graphviz.org/doc/info/lang.html).
  static func dot(_ records: [RevisionRecord]) -> String {
    let names = names(records)
    var lines = [
      "digraph revisions {", "  rankdir=BT;",
      "  node [shape=box, style=rounded, fontname=\"sans-serif\"];",
    ]
    for record in records {
      let label = labelLines(record).map(escapedForDot).joined(separator: "\\n")
      let bold = record.isCurrent ? ", penwidth=3" : ""
      lines.append("  \(names[record.revision] ?? "") [label=\"\(label)\"\(bold)];")
    }
    lines += edges(records, names).map { edge in
      "  \(edge.from) -> \(edge.to)\(edge.isNeed ? " [style=dashed]" : "");"
    }
    return (lines + ["}"]).joined(separator: "\n")
  }

  /// Names that both languages take, whatever the ids are.
  private static func names(_ records: [RevisionRecord]) -> [String: String] {
    Dictionary(records.enumerated().map { ($1.revision, "r\($0 + 1)") }) { first, _ in first }
  }

  private static func edges(
    _ records: [RevisionRecord],
    _ names: [String: String]
  ) -> [(from: String, to: String, isNeed: Bool)] {
    var labels: [String: String] = [:]
    // A need may be a label; that of the branch's first revision is meant, which is the last to have it here.
    for record in records {
      for label in record.branchLabels { labels[label] = names[record.revision] }
    }
    return records.flatMap { record -> [(from: String, to: String, isNeed: Bool)] in
      guard let to = names[record.revision] else { return [] }
      return record.downRevisions.compactMap { names[$0] }.map { ($0, to, false) }
        + record.dependsOn.compactMap { names[$0] ?? labels[$0] }.map { ($0, to, true) }
    }
  }

  private static func labelLines(_ record: RevisionRecord) -> [String] {
    let line = RevisionText.headLine(record)
    return record.message.isEmpty ? [line] : [line, record.message.shownOnOneLine]
  }

  private static func escapedForMermaid(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "#", "\"", "<", ">", "&", "`", "[", "]", "{", "}", "(", ")", "\\", ";":
        for scalar in character.unicodeScalars { escaped += "#\(scalar.value);" }
      default: escaped.append(character)
      }
    }
    return escaped
  }

  private static func escapedForDot(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }
}
