package import AlembicHelper
internal import Servers
package import Upgrade

/// What an upgrade did in a database of its own on the same server.
package struct ServerRehearsal {
  /// The revisions that came to their end, in order.
  package var revisions: [HelperEvent.RevisionFacts] = []
  /// The revision that failed; nil if none did, or if it failed outside of one.
  package var failed: String?
  /// What differs between the schemas, as statements with `- ` or `+ ` before their lines; empty if it failed.
  package var schema: [String] = []
  /// Rows per table before; empty if it failed.
  package var before: [String: Int64] = [:]
  /// Rows per table afterwards; empty if it failed.
  package var after: [String: Int64] = [:]
  /// How long it took, the copy included.
  package var duration = Duration.zero
  /// How many bytes the database took afterwards, as the server knows.
  package var size: Int64 = 0
  /// What was changed in the database itself meanwhile, by whomever, as a sentence; nil if nothing was.
  package var liveChange: String?
  /// Why the upgrade would fail; nil if it would not.
  package var failure: UpgradeFailure?
}
