package import Stopping

/// Stops the commands of a context from outside, for example from another thread or a signal handler's.
///
/// What was begun is rolled back, and the command throws a `Failure` with `ExitStatus.interrupted`. When the change has been
/// committed already it is too late, and the command succeeds. Once cancelled, every later command of the context is. While `run`
/// guards another program, that program is asked to end (SIGTERM) instead, and how it ends counts.
public struct Cancellation: Sendable {
  package let stop = StopSwitch()

  /// Makes a cancellation that has not been asked for.
  public init() {}

  /// Asks for it; doing so again changes nothing.
  public func cancel() {
    if !stop.handOn() { stop.stop() }
  }
}
