internal import DurableFiles

/// The tables of a server's database that may lose rows: what the names of `--allow-row-loss` mean.
package struct AllowedLosses: Hashable, Sendable {
  /// The names, as they were given.
  private let names: [String]
  /// What they meant before.
  private let known: [String: String]

  /// Looks the names up.
  ///
  /// - Parameters:
  ///   - names: The names: with their schema, or without, as the search path leads to them.
  ///   - server: The database.
  /// - Throws: `ServerError`.
  package init(_ names: [String], _ server: any DatabaseServer) throws {
    self.names = names
    known = names.isEmpty ? [:] : try server.tables(named: names)
  }

  /// The tables, as row counts name them.
  package var tables: [String] { Array(known.values) }

  /// The names that meant no table.
  package var strangers: [String] { names.filter { known[$0] == nil } }

  /// Names those that are none: whoever has misspelt one finds out too late otherwise.
  ///
  /// - Parameter server: The database as it is now.
  /// - Returns: One sentence for each.
  /// - Throws: `ServerError`.
  package func warnings(_ server: any DatabaseServer) throws -> [String] {
    let strangers = strangers
    guard !strangers.isEmpty else { return [] }
    let now = try server.tables(named: strangers)
    return strangers.filter { now[$0] == nil }.map {
      "--allow-row-loss \($0.shownAsPath): there is no such table, neither before nor afterwards"
    }
  }
}
