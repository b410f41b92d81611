internal import Dispatch

/// SHA-256 on a thread of its own, while its owner goes on with what else there is to do.
///
/// SHA-256 cannot be computed in pieces: hashing is as fast as one core, and would be most of the time of a thread that
/// has to copy pages as well.
package final class BackgroundDigest {
  private let queue = DispatchQueue(label: "xm-safe.digest")
  // So many pieces may wait: memory does not grow when the owner is faster.
  private let room = DispatchSemaphore(value: 4)
  private let state = State()

  /// The digest under way.
  ///
  /// Sendable although it is changed: only the serial queue touches it.
  private final class State: @unchecked Sendable {
    var digest = HexadecimalDigest()
  }

  /// Makes a digest of nothing yet.
  package init() {}

  /// Takes more bytes; waits only if several pieces have not been hashed yet.
  ///
  /// - Parameter bytes: The next bytes, about 1 MiB at a time.
  package func update(_ bytes: [UInt8]) {
    room.wait()
    queue.async { [state, room] in
      state.digest.update(bytes)
      room.signal()
    }
  }

  /// The digest of all that came so far, which is waited for: 64 lower-case digits.
  package var text: String {
    queue.sync { [state] in state.digest.text }
  }
}
