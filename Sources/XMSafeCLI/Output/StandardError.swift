internal import DurableFiles
internal import Synchronization

/// Standard error: log lines, and below them at most one progress bar that is rewritten in place.
final class StandardError: Sendable {
  /// The one of this process.
  static let shared = StandardError()

  let isTerminal = StandardDescriptors.isTerminal(2)
  private let bar = Mutex("")

  /// Writes whole lines above the bar.
  func write(line: String) {
    bar.withLock { bar in
      _ = StandardDescriptors.write(Self.erasing(bar) + line + "\n" + bar, to: 2)
    }
  }

  /// Shows a progress bar, or removes it with an empty text.
  func show(bar text: String) {
    guard isTerminal else { return }
    bar.withLock { bar in
      _ = StandardDescriptors.write(Self.erasing(bar) + text, to: 2)
      bar = text
    }
  }

  /// Goes to the beginning of the line and clears it.
  private static func erasing(_ bar: String) -> String {
    bar.isEmpty ? "" : "\r\u{1b}[2K"
  }
}
