internal import Logging
internal import Stopping
internal import Synchronization

/// The signals that are meant for a command, on their way to it: taken by the thread that catches them, sent by the one that waits.
final class Wishes: Sendable {
  private let isShared: Bool
  private let logger: Logger
  private let state = Mutex<(isOver: Bool, pending: [Int32])>((false, []))
  /// SIGTERM, which has this number everywhere: how a program that embeds the library asks.
  private static let asking: Int32 = 15

  /// - Parameters:
  ///   - isShared: Whether the terminal's signals reach the command by themselves.
  ///   - logger: Told of them.
  init(isShared: Bool, _ logger: Logger) {
    self.isShared = isShared
    self.logger = logger
  }

  /// Takes one.
  func take(_ wish: StopSwitch.Wish) {
    let signal = wish.signal ?? Self.asking
    let isOver = state.withLock { state in
      if !state.isOver, !(isShared && wish.isOfTerminal) { state.pending.append(signal) }
      return state.isOver
    }
    let cause = Stopped(signal: wish.signal).description
    logger.warning(
      isOver
        ? "\(cause): the command has ended, and what is done after it comes to its end first"
        : "\(cause): the command has it too, and how it ends decides"
    )
  }

  /// Those that are to be sent now.
  func drain() -> [Int32] {
    state.withLock { state in
      defer { state.pending = [] }
      return state.pending
    }
  }

  /// From now on there is nobody to send them to.
  func end() { state.withLock { $0.isOver = true } }
}
