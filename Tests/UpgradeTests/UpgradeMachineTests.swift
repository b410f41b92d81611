import Testing
import Upgrade

/// The life of an upgrade, walked without a database.
@Suite struct UpgradeMachineTests {
  typealias Effect = UpgradeMachine.Effect

  static let happyPath: [Effect] = [
    .lookAhead, .lock, .begin, .plan, .preflight, .snapshot, .rehearse, .note, .migrate, .verify,
    .noteCommit, .commit, .makeDurable, .clearNote,
  ]

  /// What is performed until the end, if one effect fails.
  func walk(failing: Effect?) -> (performed: [Effect], outcome: UpgradeMachine.Outcome) {
    var machine = UpgradeMachine()
    var performed: [Effect] = []
    var effect = machine.effect
    while true {
      if case .end(let outcome) = effect { return (performed, outcome) }
      performed.append(effect)
      effect = machine.handle(effect == failing ? .failed : .done)
    }
  }

  @Test func `an upgrade in which nothing fails notes, commits, and clears the note`() {
    let (performed, outcome) = walk(failing: nil)
    #expect(performed == Self.happyPath)
    #expect(outcome == .upgraded)
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var failing: Effect
    var then: [Effect]
    var outcome: UpgradeMachine.Outcome
    var testDescription: String { "\(failing) fails" }
  }

  static let cases = [
    Case(failing: .lookAhead, then: [], outcome: .refused),
    Case(failing: .lock, then: [], outcome: .refused),
    Case(failing: .begin, then: [.abandon], outcome: .refused),
    Case(failing: .plan, then: [.abandon], outcome: .refused),
    Case(failing: .preflight, then: [.abandon], outcome: .refused),
    Case(failing: .snapshot, then: [.abandon], outcome: .refused),
    Case(failing: .rehearse, then: [.abandon], outcome: .refused),
    Case(failing: .note, then: [.abandon, .clearNote], outcome: .refused),
    Case(failing: .migrate, then: [.undo, .clearNote], outcome: .asBefore),
    Case(failing: .verify, then: [.undo, .clearNote], outcome: .asBefore),
    Case(failing: .noteCommit, then: [.undo, .clearNote], outcome: .asBefore),
    Case(failing: .commit, then: [.undo, .clearNote], outcome: .asBefore),
    Case(failing: .makeDurable, then: [], outcome: .notDurable),
    Case(failing: .clearNote, then: [], outcome: .upgraded),
  ]

  @Test(arguments: cases)
  func `what fails decides what is done, and how it ends`(_ one: Case) throws {
    let (performed, outcome) = walk(failing: one.failing)
    let index = try #require(Self.happyPath.firstIndex(of: one.failing))
    #expect(performed == Self.happyPath[...index] + one.then)
    #expect(outcome == one.outcome)
  }

  @Test func `every effect of the way there has a case for its failure`() {
    #expect(Self.cases.map(\.failing) == Self.happyPath)
  }

  @Test func `whatever happens it ends, and nothing is committed that is not noted and verified`() {
    let events: [UpgradeMachine.Event] = [.done, .nothingToDo, .failed, .notUndone, .stale]
    var open: [(machine: UpgradeMachine, performed: [Effect])] = [(UpgradeMachine(), [])]
    var ends = 0
    while let (machine, performed) = open.popLast() {
      if case .end(let outcome) = machine.effect {
        ends += 1
        let hasWritten = performed.contains(.migrate)
        let isUndone = performed.contains(.undo)
        let isCommitted = performed.contains(.commit)
        if isCommitted {
          #expect(performed.contains(.note) && performed.contains(.verify))
          #expect(performed.contains(.snapshot) && performed.contains(.noteCommit))
        }
        if outcome == .refused { #expect(!hasWritten) }
        if outcome == .stale { #expect(isCommitted && !isUndone) }
        if outcome == .asBefore { #expect(isUndone) }
        if outcome == .upgraded { #expect(isCommitted && !isUndone) }
        continue
      }
      guard performed.count < 30 else {
        Issue.record("no end: \(performed)")
        continue
      }
      for event in events where Self.isPossible(event, machine.effect) {
        var next = machine
        _ = next.handle(event)
        open.append((next, performed + [machine.effect]))
      }
    }
    #expect(ends > 20)
  }

  @Test func `a stale publication clears its note, and can be tried again`() {
    var machine = UpgradeMachine()
    while machine.effect != .commit { _ = machine.handle(.done) }
    #expect(machine.handle(.stale) == .abandon)
    #expect(machine.handle(.done) == .clearNote)
    #expect(machine.handle(.done) == .end(.stale))
  }

  private static func isPossible(_ event: UpgradeMachine.Event, _ effect: Effect) -> Bool {
    switch event {
    case .done, .failed: true
    case .nothingToDo: effect == .lookAhead || effect == .plan
    case .notUndone: effect == .undo
    case .stale: effect == .commit
    }
  }
}
