internal import Dispatch

/// Work on several cores whose results come out in the order in which it went in.
///
/// At most `width` pieces are under way or waiting to be taken, so memory does not grow with the work.
package final class OrderedPipeline<Output: Sendable> {
  /// How many pieces are under way at most: two for each core, so that none waits for the owner.
  static var width: Int { 2 * max(1, ProcessorCount.online) }

  private var pending: [Piece] = []
  private let queue = DispatchQueue(label: "xm-safe.pipeline", attributes: .concurrent)

  /// One piece of work.
  ///
  /// Sendable although it is changed: the worker writes the result before it signals, and the owner reads it after it has
  /// waited; nobody else has it.
  private final class Piece: @unchecked Sendable {
    let isDone = DispatchSemaphore(value: 0)
    var result: Result<Output, any Error>?
  }

  /// Makes a pipeline without work.
  package init() {}

  /// Whether another piece may be submitted before a result is taken.
  package var hasRoom: Bool { pending.count < Self.width }

  /// Begins a piece of work.
  ///
  /// - Parameter work: What a worker does.
  package func submit(_ work: @escaping @Sendable () throws -> Output) {
    let piece = Piece()
    pending.append(piece)
    queue.async {
      piece.result = Result { try work() }
      piece.isDone.signal()
    }
  }

  /// Waits for the oldest piece and takes its result.
  ///
  /// - Returns: The result; nil if nothing is under way.
  /// - Throws: What the work threw.
  package func next() throws -> Output? {
    guard !pending.isEmpty else { return nil }
    let piece = pending.removeFirst()
    piece.isDone.wait()
    return try piece.result?.get()
  }

  deinit {
    // What was begun is finished before anything it uses goes away.
    for piece in pending { piece.isDone.wait() }
  }
}
