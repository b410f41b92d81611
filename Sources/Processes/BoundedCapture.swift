/// What a program has said, as far as anybody wants to read it: the beginning and the end, never more than a bound.
package struct BoundedCapture: Hashable, Sendable {
  private let bound: Int
  private var head: [UInt8] = []
  private var tail: [UInt8] = []
  /// How many bytes there were in all.
  package private(set) var count = 0

  /// Makes an empty capture.
  ///
  /// - Parameter bound: How many bytes are kept at most, half of them from the beginning and half from the end.
  package init(bound: Int = 64 << 10) {
    self.bound = bound
  }

  /// Takes more bytes.
  ///
  /// - Parameter bytes: What was said next.
  package mutating func append(_ bytes: some Collection<UInt8>) {
    count += bytes.count
    let room = max(0, bound / 2 - head.count)
    head.append(contentsOf: bytes.prefix(room))
    tail.append(contentsOf: bytes.dropFirst(room))
    // Cut now and then, not for every byte.
    if tail.count > bound { tail.removeFirst(tail.count - bound / 2) }
  }

  /// The text; a gap is marked with a line of its own.
  package var text: String {
    let end = tail.suffix(bound / 2)
    let gap = count - head.count - end.count
    guard gap > 0 else { return String(decoding: head + end, as: UTF8.self) }
    return String(decoding: head, as: UTF8.self) + "\n[... \(gap) bytes ...]\n"
      + String(decoding: end, as: UTF8.self)
  }
}
