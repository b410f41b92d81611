/// How careful an upgrade is; the default is: as careful as can be at little cost.
public struct UpgradeSafety: Sendable {
  /// What is compared before and after each revision.
  public enum Guarding: String, Sendable, CaseIterable {
    /// How many rows every table has: rows that vanish from a table that the revision neither drops nor deletes from stop it.
    case rows
    /// The same, and the values of the columns that the revision does not write itself: reads the database once more.
    case digest
    /// Nothing.
    case off
  }

  /// What runs the scripts.
  public enum Engine: String, Sendable, CaseIterable {
    /// xm-safe itself where it understands env.py and every script of the plan, else the project's own alembic.
    case auto
    /// xm-safe itself, without Python.
    case native
    /// The project's own alembic, on a copy that is then published.
    case alembic
  }

  /// What runs the scripts; nil for what `XM_SAFE_ENGINE` says, else `auto`.
  public var engine: Engine?
  /// The Python that has the project's alembic; nil to look for it.
  public var python: String?
  /// How long the project's own alembic may take; nil for as long as it takes.
  public var timeout: Duration?
  /// Whether an upgrade on PostgreSQL is one transaction; if not, the snapshot alone is the guarantee.
  public var isTransactional = true
  /// Whether an upgrade that fails on the way goes as far as the last revision before.
  public var keepsCompleted = false
  /// Whether the native engine's rebuilds keep what alembic's lose, such as triggers.
  public var keepsWhatAlembicLoses = false
  /// Whether the upgrade runs on a copy first.
  public var rehearses: Bool
  /// What is compared before and after each revision.
  public var guarding: Guarding
  /// The tables that may lose rows and values.
  public var allowedLosses: [String]

  /// Makes a choice of its parts.
  public init(
    rehearses: Bool = true,
    guarding: Guarding = .rows,
    allowedLosses: [String] = []
  ) {
    self.rehearses = rehearses
    self.guarding = guarding
    self.allowedLosses = allowedLosses
  }
}
