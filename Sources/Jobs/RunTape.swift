internal import Synchronization

/// What a run has said, as far as there is room: its beginning and its end.
package final class RunTape: Sendable {
  private static let half = 100
  private let lines = Mutex<(first: [RunRecord.Line], last: [RunRecord.Line])>(([], []))

  /// Makes an empty tape.
  package init() {}

  /// Takes a line; one that is very long is cut.
  package func append(_ line: RunRecord.Line) {
    var line = line
    if line.message.utf8.count > 2000 {
      line.message = String(line.message.prefix(1000)) + " [...]"
    }
    lines.withLock { lines in
      guard lines.first.count == Self.half else {
        lines.first.append(line)
        return
      }
      lines.last.append(line)
      if lines.last.count > 2 * Self.half { lines.last.removeFirst(Self.half) }
    }
  }

  /// What was said.
  package var log: [RunRecord.Line] { lines.withLock { $0.first + $0.last.suffix(Self.half) } }
}
