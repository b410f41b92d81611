/// What one run of a script may take: a script may be somebody else's, and no script may hang an upgrade or eat the machine.
package struct RunLimits: Hashable, Sendable {
  /// How much work: an evaluated expression or statement is ten, a comparison of two values is one.
  package var work = 300_000_000
  /// How many bytes the values that it makes may take, all added up.
  package var bytes = 512 << 20
  /// How deep calls, statements and expressions may stand in each other.
  ///
  /// Python stops at a thousand calls; a level here takes up to 9 KB of stack in a build without optimisation.
  package var depth = 500

  /// Makes limits that no honest migration comes near to.
  package init() {}

  /// Makes other limits.
  ///
  /// - Parameters:
  ///   - work: How much work.
  ///   - bytes: How many bytes of values.
  package init(work: Int, bytes: Int) {
    self.work = work
    self.bytes = bytes
  }
}
