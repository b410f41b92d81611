/// What one check of `doctor` found.
package struct Finding: Hashable, Sendable {
  /// How bad it is.
  package enum Severity: String, Hashable, Sendable {
    /// As it should be.
    case ok
    /// Nothing stands in the way of an upgrade, and somebody should know.
    case warning
    /// An upgrade would fail, or rows are not where they belong.
    case problem
  }

  /// The check, as a short name that does not change: `leftover-table`.
  package var check: String
  /// How bad it is.
  package var severity: Severity
  /// What was found.
  package var what: String
  /// How it came to be, or why it matters; empty where that goes without saying.
  package var why: String
  /// What the repair does, in words; nil if nothing is proven to be safe.
  package var repair: String?
  /// The statements of the repair.
  package var statements: [String]
  /// What a person can type where a decision is needed.
  package var commands: [String]

  /// Makes a finding of its parts.
  package init(
    _ check: String,
    _ severity: Severity,
    _ what: String,
    why: String = "",
    repair: String? = nil,
    statements: [String] = [],
    commands: [String] = []
  ) {
    self.check = check
    self.severity = severity
    self.what = what
    self.why = why
    self.repair = repair
    self.statements = statements
    self.commands = commands
  }
}
