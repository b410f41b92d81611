internal import Synchronization

/// Says that a run is to stop: thrown once from outside (a signal, a program), looked at by everything that takes long.
///
/// The switch of a run is in the task-local `current`, so that no function has to hand it on. What must not be stopped (a
/// rollback, the work after a commit) runs `shielded`. A thread of another queue does not see it, and is not stopped by it.
package final class StopSwitch: Sendable {
  /// The switch of what runs now; nil where nothing may stop it.
  @TaskLocal package static var current: StopSwitch?

  private static let byProgram: Int32 = -1
  private let cause = Atomic<Int32>(0)
  private let observers = Mutex<[ObjectIdentifier: @Sendable () -> Void]>([:])
  private let heir = Mutex<(@Sendable (Wish) -> Void)?>(nil)

  /// Makes a switch that is not thrown.
  package init() {}

  /// Why the run is to stop; nil if it is not.
  package var stopped: Stopped? {
    switch cause.load(ordering: .relaxed) {
    case 0: nil
    case Self.byProgram: Stopped(signal: nil)
    case let signal: Stopped(signal: signal)
    }
  }

  /// Asks the run to stop; only the first cause counts.
  ///
  /// - Parameter signal: The signal that was caught; nil if the program itself asks.
  /// - Returns: Whether this was the first time.
  @discardableResult
  package func stop(signal: Int32? = nil) -> Bool {
    let isFirst = cause.compareExchange(
      expected: 0,
      desired: signal ?? Self.byProgram,
      ordering: .relaxed
    ).exchanged
    if isFirst { observers.withLock { for observer in $0.values { observer() } } }
    return isFirst
  }

  /// A wish that the run stop.
  package struct Wish: Hashable, Sendable {
    /// The signal that was caught; nil if the program itself asks.
    package var signal: Int32?
    /// Whether the kernel has sent the signal, for a terminal: then the terminal's other processes have it as well.
    package var isOfTerminal = false

    /// Names a wish.
    package init(signal: Int32? = nil, isOfTerminal: Bool = false) {
      self.signal = signal
      self.isOfTerminal = isOfTerminal
    }
  }

  /// Gives a wish to stop to whoever has taken these over, instead of throwing the switch.
  ///
  /// - Parameter wish: The wish.
  /// - Returns: Whether somebody has.
  package func handOn(_ wish: Wish = Wish()) -> Bool {
    guard let heir = heir.withLock({ $0 }) else { return false }
    heir(wish)
    return true
  }

  /// Takes over all wishes to stop while a body runs: they are meant for another program, which this one only guards.
  ///
  /// - Parameters:
  ///   - take: Called on the thread that hands one on.
  ///   - body: What to run; nothing that looks at the switch is stopped by a wish that was handed on.
  /// - Returns: What the body returned.
  /// - Throws: What the body threw.
  package func handingOn<Result>(
    to take: @escaping @Sendable (Wish) -> Void,
    _ body: () throws -> Result
  ) rethrows -> Result {
    heir.withLock { $0 = take }
    defer { heir.withLock { $0 = nil } }
    return try body()
  }

  /// Tells something that cannot look at the switch, such as a long call of C, when it is thrown.
  ///
  /// - Parameter body: Called on the thread that throws the switch, and never after `Observation.end` has returned.
  /// - Returns: What ends it.
  package func observe(_ body: @escaping @Sendable () -> Void) -> Observation {
    let observation = Observation(self)
    observers.withLock { $0[ObjectIdentifier(observation)] = body }
    return observation
  }

  /// Somebody who is told; dropped, he is told no more.
  package final class Observation: Sendable {
    private let observed: StopSwitch

    fileprivate init(_ observed: StopSwitch) {
      self.observed = observed
    }

    deinit {
      end()
    }

    /// Ends it; doing so again changes nothing.
    package func end() {
      observed.observers.withLock { $0[ObjectIdentifier(self)] = nil }
    }
  }

  /// Ends the work at hand if it is to stop.
  ///
  /// - Throws: `Stopped`.
  package static func check() throws(Stopped) {
    if let stopped = current?.stopped { throw stopped }
  }

  /// Runs a body that must come to its end.
  ///
  /// - Parameter body: What to run.
  /// - Returns: What the body returned.
  /// - Throws: What the body threw.
  package static func shielded<Result>(_ body: () throws -> Result) rethrows -> Result {
    try $current.withValue(nil, operation: body)
  }
}
