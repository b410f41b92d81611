internal import FoundationEssentials
internal import Processes

/// One run of the helper: started, heard line by line, answered, and ended with all that it has started.
///
/// What it says is trusted for the report only; the database that it leaves is looked at by the caller.
package final class HelperRun {
  private let request: HelperRequest
  private let hear: (HelperEvent) throws -> Void
  private var child: ChildProcess?
  private var rest: [UInt8] = []
  private var revision: String?
  private var lastWord: HelperEvent?

  /// No line of the helper is as long as this.
  private static let longest = 32 << 20

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - request: What is to be run.
  ///   - hear: Told each event. What it throws at an event that waits for an answer is the answer no; the run ends in any case.
  package init(_ request: HelperRequest, hearing hear: @escaping (HelperEvent) throws -> Void) {
    self.request = request
    self.hear = hear
  }

  /// Runs to the end.
  ///
  /// - Returns: What is known at the end of a run that succeeded.
  /// - Throws: `HelperError`; `HelperEvent.Failure`; `Stopped`; what the closure threw. Nothing of the run is left then.
  package func run() throws -> HelperEvent.EndFacts {
    let child: ChildProcess
    do {
      child = try ChildProcess(request.program)
    } catch {
      throw HelperError.noPython(error)
    }
    self.child = child
    child.onChannel = { [unowned self] in try receive($0) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    child.tell(Array(try encoder.encode(HelperGreeting(request))) + [UInt8(ascii: "\n")])
    let deadline = request.timeout.map { ContinuousClock.now + $0 }
    let ending: Ending
    do {
      ending = try child.finish(until: deadline)
    } catch let error as ProcessError where error.code == .timedOut {
      throw HelperError.timedOut(after: request.timeout ?? .zero, revision: revision)
    }
    switch lastWord {
    case .finished(let facts): return facts
    case .failed(let failure): throw failure
    case .missing(let module, let error):
      throw HelperError.missing(module, python: request.python, error: error)
    default: throw HelperError.died(ending, revision: revision)
    }
  }

  private func receive(_ bytes: ArraySlice<UInt8>) throws {
    guard !bytes.isEmpty else {
      if !rest.isEmpty { throw garbage(rest[...]) }
      return
    }
    rest += bytes
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let line = rest[..<end]
      guard let event = HelperLine.event(line) else { throw garbage(line) }
      rest.removeSubrange(...end)
      try take(event)
    }
    if rest.count > Self.longest { throw garbage(rest[...]) }
  }

  private func take(_ event: HelperEvent) throws {
    // After the last word there is none.
    guard lastWord == nil else { throw garbage(Array("\(event)".utf8)[...]) }
    switch event {
    case .started(let id): revision = id
    case .done: revision = nil
    case .finished, .failed, .missing: lastWord = event
    default: break
    }
    try hear(event)
    switch event {
    case .context, .plan, .ready, .touching: child?.tell(Array("{\"go\":true}\n".utf8))
    default: break
    }
  }

  private func garbage(_ line: ArraySlice<UInt8>) -> HelperError {
    HelperError.garbage(String(decoding: line.prefix(80), as: UTF8.self), revision: revision)
  }
}
