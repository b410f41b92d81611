internal import DurableFiles
package import Logging

/// Warnings about where a database and its store are.
package enum PlaceWarnings {
  /// Names the network file systems among some places.
  ///
  /// - Parameter paths: Files or directories; those that do not exist are looked for in their directories.
  /// - Returns: One sentence for each file system, naming it.
  package static func texts(_ paths: [String]) -> [String] {
    var seen: Set<String> = []
    return paths.compactMap { path in
      guard let name = fileSystem(of: path), seen.insert(name).inserted else { return nil }
      return
        "\(path.shownAsPath) is on \(name): SQLite's locks may not work on a network file system, and two programs can then damage a database; keep it on a local disk"
    }
  }

  /// What is to be said of a database that has several names: its journals are found by name.
  ///
  /// "If two or more processes open the database using different names, then they will use different rollback journals and WAL
  /// files" (https://www.sqlite.org/howtocorrupt.html#_multiple_links_to_the_same_file).
  ///
  /// - Parameter database: Its path.
  /// - Returns: One sentence; nil if it has one name.
  package static func hardLinks(_ database: String) -> String? {
    do {
      guard let status = try FileStatus.ifPresent(database), status.kind == .file,
        status.names > 1
      else { return nil }
      return
        "\(database.shownAsPath) is a hard link: the file has \(status.names) names, and SQLite finds a journal and a WAL by the name alone; a program that opens it by another one can damage it, also after a crash; keep one name"
    } catch {
      // What cannot be looked at is reported by whoever opens it.
      return nil
    }
  }

  /// Logs the warnings.
  ///
  /// - Parameters:
  ///   - paths: As for `texts`.
  ///   - logger: Where to.
  package static func log(_ paths: [String], _ logger: Logger) {
    for text in texts(paths) + paths.compactMap(hardLinks) { logger.warning("\(text)") }
  }

  private static func fileSystem(of path: String) -> String? {
    // What cannot be looked at is reported by whoever opens it.
    do {
      let isThere = try FileStatus.ifPresent(path) != nil
      return try NetworkFileSystem.name(at: isThere ? path : FileSystem.directory(of: path))
    } catch {
      return nil
    }
  }
}
