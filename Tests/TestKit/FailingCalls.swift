package import DurableFiles
import Synchronization

/// System calls of which the n-th fails: the double for "what if the disk says no here".
package final class FailingCalls: Sendable {
  private struct State {
    var count = 0
    var failed: String?
  }

  private let state = Mutex(State())
  private let failing: Int
  private let code: Int32

  /// Makes calls of which one fails.
  package init(at failing: Int, code: Int32) {
    self.failing = failing
    self.code = code
  }

  /// The name of the call that failed; nil if there were fewer calls.
  package var failed: String? { state.withLock(\.failed) }

  /// The calls.
  package var calls: SystemCalls {
    let live = SystemCalls.live
    var calls = live
    calls.open = { path, flags, mode in self.next("open") ?? live.open(path, flags, mode) }
    calls.pwrite = { file, bytes, offset in self.next("pwrite") ?? live.pwrite(file, bytes, offset)
    }
    calls.pread = { file, bytes, offset in self.next("pread") ?? live.pread(file, bytes, offset) }
    calls.fsync = { file in self.next("fsync") ?? live.fsync(file) }
    calls.rename = { old, new in self.next("rename") ?? live.rename(old, new) }
    calls.link = { old, new in self.next("link") ?? live.link(old, new) }
    calls.mkdir = { path, mode in self.next("mkdir") ?? live.mkdir(path, mode) }
    calls.close = { file in
      // A close that fails has closed all the same.
      let result = live.close(file)
      return self.next("close") ?? result
    }
    return calls
  }

  private func next(_ name: String) -> Int? {
    state.withLock { state in
      state.count += 1
      guard state.count == failing else { return nil }
      state.failed = name
      return -Int(code)
    }
  }
}
