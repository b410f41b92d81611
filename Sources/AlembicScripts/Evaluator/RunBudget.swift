internal import PythonSyntax
internal import Revisions

/// What a run has used of its limits, and the values that it has made.
///
/// Values are compared and written out deep inside calls that cannot fail: the budget of the run is in the task-local
/// `current`, and what is then left unfinished is told by `exceeded`, which the evaluator looks at before it goes on.
final class RunBudget: @unchecked Sendable {
  // Sendable: a run is on one thread from its beginning to its end, and nobody else has its budget.

  /// The budget of the run that is under way.
  @TaskLocal static var current: RunBudget?

  /// Which limit was met first, in words; nil as long as none was.
  private(set) var exceeded: String?
  private let limits: RunLimits
  private var work: Int
  private var bytes: Int
  private var depth = 0
  private var refusal: ScriptError?
  // Containers in the order in which they were made.
  private var kept: [PythonValue] = []

  init(_ limits: RunLimits) {
    self.limits = limits
    work = limits.work
    bytes = limits.bytes
  }

  /// Counts some work of the run that is under way; false if it may not do it.
  static func allows(work: Int) -> Bool { current?.allows(work: work) ?? true }

  /// Counts values that the run that is under way makes; false if it may not.
  static func allows(bytes: Int) -> Bool { current?.allows(bytes: bytes) ?? true }

  /// Counts the search for a text in another one, at its worst; false if the run that is under way may not do it.
  static func allows(searching text: String, for part: String) -> Bool {
    let (steps, overflow) = text.utf8.count.multipliedReportingOverflow(by: part.utf8.count)
    return allows(work: overflow ? .max : text.utf8.count / 4 + steps / 64)
  }

  /// Counts some work; false if it may not be done.
  func allows(work units: Int) -> Bool {
    work -= min(units, work)
    if work == 0, exceeded == nil {
      exceeded = "a run of more than \(limits.work / 10) steps is not read"
    }
    return exceeded == nil
  }

  private func allows(bytes count: Int) -> Bool {
    bytes -= min(count, bytes)
    if bytes == 0, exceeded == nil {
      exceeded = "a run that makes more than \(limits.bytes >> 20) MB of values is not read"
    }
    // Making them takes time as well.
    return allows(work: count / 64)
  }

  /// Begins a step inside the one under way; false if it may not be done.
  func enter() -> Bool {
    depth += 1
    if depth > limits.depth, exceeded == nil {
      exceeded = "calls and expressions nested more than \(limits.depth) deep are not read"
    }
    return allows(work: 10)
  }

  /// Ends the step that was begun last.
  func leave() { depth -= 1 }

  /// The error for the limit that was met: always the same one, with the place where it was met.
  func refusal(at location: Revision.Location) -> ScriptError {
    let refusal = refusal ?? .notRead(exceeded ?? "this run is not read", at: location)
    self.refusal = refusal
    return refusal
  }

  /// Keeps a container until the run is over.
  ///
  /// Released by its last user, a list in a list in a list, a hundred thousand deep, would take a hundred thousand nested
  /// calls.
  func keep(_ value: PythonValue) {
    switch value {
    case .list, .tuple, .dictionary, .set, .iterator, .function, .exception: kept.append(value)
    default: return
    }
  }

  /// Lets go of all containers, none of which then releases another one.
  func releaseAll() {
    for value in kept {
      switch value {
      case .list(let list): list.elements = []
      case .dictionary(let dictionary): dictionary.items = []
      default: continue
      }
    }
    // What cannot be changed holds only what is older.
    while kept.popLast() != nil {}
  }
}
