internal import DurableFiles
internal import XMSafe

/// Which engine an upgrade needs, for people: one line for each script.
enum EngineText {
  static func text(_ result: EngineResult) -> String {
    let rows = result.parts.map { part in
      let place = part.location.map { "\($0.path):\($0.line):\($0.column): " } ?? ""
      let reason = part.reason.map { place + $0 } ?? "understood without Python"
      return [part.revision ?? "env.py", part.engine, reason]
    }
    let table = TextTable(
      columns: [.init(title: "REVISION"), .init(title: "ENGINE"), .init(title: "WHY")],
      rows: rows
    )
    return table.text + "\nengine \(result.engine): \(result.reason.shownOnOneLine)"
  }
}
