internal import Synchronization

/// Things that are dear to make and are used by one worker at a time.
///
/// Sendable although its elements need not be: each is in the hands of one worker, or in the pool.
final class Pool<Element>: @unchecked Sendable {
  private let idle = Mutex<[Slot]>([])
  private let make: @Sendable () throws -> Element

  /// Carries an element through the lock.
  private struct Slot: @unchecked Sendable {
    var element: Element
  }

  init(_ make: @escaping @Sendable () throws -> Element) {
    self.make = make
  }

  /// Runs a body with an element that nobody else uses meanwhile.
  func with<Result>(_ body: (Element) throws -> Result) throws -> Result {
    let slot = try idle.withLock { $0.popLast() } ?? Slot(element: make())
    defer { idle.withLock { $0.append(slot) } }
    return try body(slot.element)
  }
}
