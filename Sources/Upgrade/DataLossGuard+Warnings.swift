internal import DurableFiles
package import Migrations

/// What is to be said of the tables that the guard is to let lose rows.
extension DataLossGuard {
  /// Names those that are none: whoever has misspelt one finds out too late otherwise.
  ///
  /// - Parameter tables: The tables of before and of afterwards.
  /// - Returns: One sentence for each.
  package func warnings(of tables: [String]) -> [String] {
    strangers(among: tables).map {
      "--allow-row-loss \($0.shownAsPath): there is no such table, neither before nor afterwards"
    }
  }
}
