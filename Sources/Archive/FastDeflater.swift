#if canImport(CISAL)
internal import CISAL

/// ISA-L's deflate, for the levels that are to be fast.
final class FastDeflater {
  private let level: UInt32
  private let memory: UnsafeMutableRawPointer

  /// Prepares a level; nil for one that ISA-L is not for.
  init?(level: Int) {
    guard level == 1 || level == 2 else { return nil }
    // ISA-L's levels 2 and 3: its level 1 saves no time.
    self.level = UInt32(level + 1)
    memory = UnsafeMutableRawPointer.allocate(
      byteCount: xmsafe_isal_memory(self.level),
      alignment: 64
    )
  }

  deinit { memory.deallocate() }

  /// Compresses, and tells how many bytes came of it: 0 if there was no room for them.
  func deflate(_ input: [UInt8], into output: UnsafeMutablePointer<UInt8>?, room: Int) -> Int {
    xmsafe_isal_deflate(memory, level, input, UInt32(input.count), output, UInt32(room))
  }
}
#else
/// Stands for ISA-L where there is none: it is for no level.
final class FastDeflater {
  /// Always nil.
  init?(level: Int) { return nil }

  /// Never called.
  func deflate(_ input: [UInt8], into output: UnsafeMutablePointer<UInt8>?, room: Int) -> Int {
    0
  }
}
#endif
