internal import Dispatch
internal import DurableFiles
internal import Synchronization

/// Shows what long work is doing, with rate and time left where they can be known, once it has taken more than a second.
///
/// A timer draws: a piece of work may be one long call of SQLite that reports nothing.
final class ProgressBar: Sendable {
  /// The one of this process.
  static let shared = ProgressBar(.shared)

  private struct State {
    var activity = ""
    var began = ContinuousClock.now
    // How much was done when the activity began: what was done before says nothing of its rate.
    var initial: Int64 = 0
    var done: Int64 = 0
    var total: Int64 = 0
    var timer: (any DispatchSourceTimer)?
    var isFinished = false
  }

  private let state = Mutex(State())
  private let output: StandardError

  init(_ output: StandardError) {
    self.output = output
  }

  /// Takes note of how far the work is; `total` is 0 where that cannot be known.
  func report(_ activity: String, done: Int64, total: Int64) {
    state.withLock { state in
      if state.activity != activity {
        if !state.activity.isEmpty { output.show(bar: "") }
        state.activity = activity
        state.began = .now
        state.initial = done
      }
      state.done = done
      state.total = total
      if total > 0, done >= total {
        output.show(bar: "")
        state.activity = ""
      } else if state.timer == nil, !state.isFinished {
        state.timer = makeTimer()
      }
    }
  }

  /// Removes the bar for good.
  func finish() {
    state.withLock { state in
      state.isFinished = true
      state.timer?.cancel()
      state.timer = nil
      output.show(bar: "")
    }
  }

  private func makeTimer() -> any DispatchSourceTimer {
    let timer = DispatchSource.makeTimerSource(queue: .global())
    timer.schedule(deadline: .now() + 1, repeating: .milliseconds(100))
    timer.setEventHandler { [weak self] in self?.draw() }
    timer.activate()
    return timer
  }

  private func draw() {
    state.withLock { state in
      guard !state.isFinished, !state.activity.isEmpty else { return }
      let line = ProgressLine(
        activity: state.activity,
        done: state.done,
        total: state.total,
        elapsed: state.began.duration(to: .now),
        initial: state.initial
      )
      output.show(bar: line.text(columns: StandardDescriptors.columns(of: 2) ?? 80))
    }
  }
}
