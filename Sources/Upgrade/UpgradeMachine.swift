/// The life of an upgrade as a value: which effect follows which event, without performing any.
///
/// The runner performs an effect, tells the machine what came of it, and gets the next one. So every way that an upgrade
/// can take is here, and can be walked in a test without a database.
package struct UpgradeMachine: Hashable, Sendable {
  /// What is to be done next.
  package enum Effect: Hashable, Sendable, CaseIterable {
    /// Read the version table and decide what to do, without the right to write.
    case lookAhead
    /// Take the store's lock.
    case lock
    /// Take SQLite's write lock.
    case begin
    /// Decide again, now that nobody else can write.
    case plan
    /// Check that nothing stands in the way: damage, leftovers, room.
    case preflight
    /// Save what is there.
    case snapshot
    /// Run it all on a copy, if that is wanted.
    case rehearse
    /// Note durably what is about to happen.
    case note
    /// Run the scripts, a savepoint each.
    case migrate
    /// Check what they have made.
    case verify
    /// Note that the commit comes.
    case noteCommit
    /// Commit.
    case commit
    /// Make the commit survive a power cut.
    case makeDurable
    /// Roll back, prove, and restore if need be.
    case undo
    /// Give up the transaction in which nothing was written.
    case abandon
    /// Take the note away.
    case clearNote
    /// Nothing: it is over.
    case end(Outcome)

    package static var allCases: [Effect] {
      [
        .lookAhead, .lock, .begin, .plan, .preflight, .snapshot, .rehearse, .note, .migrate,
        .verify, .noteCommit, .commit, .makeDurable, .undo, .abandon, .clearNote,
      ]
    }
  }

  /// What came of an effect.
  package enum Event: Hashable, Sendable {
    /// It was done.
    case done
    /// It was done, and there is nothing to upgrade.
    case nothingToDo
    /// It failed, with an error that the runner keeps.
    case failed
    /// For `undo`: it could not put the database back.
    case notUndone
    /// For `commit`: others have written since the copy was taken, and nothing was committed.
    case stale
  }

  /// How it ends.
  package enum Outcome: Hashable, Sendable {
    /// The database is new.
    case upgraded
    /// It was new already.
    case nothingToDo
    /// Nothing was written; the first error says why.
    case refused
    /// The database is as it was; the failure says how that is known.
    case asBefore
    /// Nothing was written, since others have; it can be tried again.
    case stale
    /// The database could not be put back, and the note of it stays.
    case notRestored
    /// The database is new, and a power cut may take that; the note of it stays.
    case notDurable
  }

  /// The effect under way.
  package private(set) var effect = Effect.lookAhead
  /// How it ends once what is left has been cleared up.
  private var outcome: Outcome?
  /// Whether the note may be there: writing it has been tried.
  private var mayHaveNote = false

  /// Makes a machine at the beginning.
  package init() {}

  /// Takes what came of the effect under way.
  ///
  /// - Parameter event: What came of it.
  /// - Returns: The next effect.
  package mutating func handle(_ event: Event) -> Effect {
    if event == .nothingToDo { outcome = .nothingToDo }
    if event == .stale { outcome = .stale }
    effect =
      switch event {
      case .done: afterDone
      // With the write lock held there is a transaction to give up first.
      case .nothingToDo: effect == .plan ? .abandon : .end(.nothingToDo)
      case .failed: afterFailure
      case .notUndone: .end(.notRestored)
      case .stale: .abandon
      }
    switch effect {
    case .note: mayHaveNote = true
    case .undo: outcome = .asBefore
    case .abandon: outcome = outcome ?? .refused
    default: break
    }
    return effect
  }

  private var afterDone: Effect {
    switch effect {
    case .lookAhead: .lock
    case .lock: .begin
    case .begin: .plan
    case .plan: .preflight
    case .preflight: .snapshot
    case .snapshot: .rehearse
    case .rehearse: .note
    case .note: .migrate
    case .migrate: .verify
    case .verify: .noteCommit
    case .noteCommit: .commit
    case .commit: .makeDurable
    case .makeDurable, .undo: .clearNote
    case .clearNote: .end(outcome ?? .upgraded)
    case .abandon: afterAbandoning
    case .end(let outcome): .end(outcome)
    }
  }

  private var afterAbandoning: Effect {
    mayHaveNote ? .clearNote : .end(outcome ?? .refused)
  }

  private var afterFailure: Effect {
    switch effect {
    case .lookAhead, .lock: .end(.refused)
    // Up to the note nothing is written that would have to be proven undone.
    case .begin, .plan, .preflight, .snapshot, .rehearse, .note: .abandon
    case .migrate, .verify, .noteCommit, .commit: .undo
    case .makeDurable: .end(.notDurable)
    case .undo: .end(.notRestored)
    // What cannot be cleared now, the next command clears: it changes nothing of the outcome.
    case .clearNote: .end(outcome ?? .upgraded)
    case .abandon: afterAbandoning
    case .end(let outcome): .end(outcome)
    }
  }
}
