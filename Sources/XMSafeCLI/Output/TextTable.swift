internal import DurableFiles

/// A table for people: columns aligned, numbers to the right.
struct TextTable {
  /// One column.
  struct Column {
    var title: String
    var isNumber = false
  }

  var columns: [Column]
  var rows: [[String]]

  /// The table's lines; every cell is one line.
  var text: String {
    let cells = rows.map { row in row.map(\.shownOnOneLine) }
    let widths = columns.indices.map { index in
      ([columns[index].title] + cells.map { $0[index] }).map(\.count).max() ?? 0
    }
    let lines = [columns.map(\.title)] + cells
    return lines.map { line in
      var text = ""
      for (index, cell) in line.enumerated() {
        let padding = String(repeating: " ", count: widths[index] - cell.count)
        text += (columns[index].isNumber ? padding + cell : cell + padding) + "  "
      }
      while text.last == " " { text.removeLast() }
      return text
    }.joined(separator: "\n")
  }
}
