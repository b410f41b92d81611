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
