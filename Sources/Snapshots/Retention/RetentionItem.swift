/// One snapshot as the policy sees it.
package struct RetentionItem: Hashable, Sendable {
  /// What names it uniquely for the caller, such as its path.
  package var id: String
  /// When it was taken.
  package var created: CivilTime
  /// Its place in the order in which the snapshots of its database were taken: tells which of two of one second is newer.
  package var sequence: Int64
  /// Why it is kept whatever the policy says; see `Protection.protections`.
  package var protections: [Protection]

  /// Makes an item of its parts.
  package init(id: String, created: CivilTime, sequence: Int64, protections: [Protection] = []) {
    self.id = id
    self.created = created
    self.sequence = sequence
    self.protections = protections
  }

  /// Whether the first item is the newer one.
  static func isNewer(_ left: Self, _ right: Self) -> Bool {
    (left.created, left.sequence, left.id) > (right.created, right.sequence, right.id)
  }
}
