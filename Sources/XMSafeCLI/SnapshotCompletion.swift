internal import ArgumentParser
internal import Jobs
internal import XMSafe

/// The ids of snapshots, for the completion of a shell.
enum SnapshotCompletion {
  /// What an argument that names a snapshot may be.
  static let kind = CompletionKind.custom { words, _, _ in names(for: words) }

  /// The names of the snapshots that the command line so far would work with.
  ///
  /// - Parameter words: The words of the command line, the program's name first.
  /// - Returns: `latest` and the ids, the newest first; where they cannot be told, `latest` alone.
  static func names(for words: [String]) -> [String] {
    let words = Array(words.dropFirst())
    do {
      let (path, command) = DeclaredCommand.named(by: words)
      let given = GivenOptions.find(
        try DeclaredCommand(command).options,
        in: Array(words.dropFirst(path.count))
      )
      // Everybody can be asked for the list, and of every command it is the same database and store that count.
      let known = Set(try DeclaredCommand(ListCommand.self).options.map(\.name))
      let places = given.filter { known.contains($0.key) && $0.value != ["true"] }.flatMap {
        name,
        values in
        values.map { "--\(name)=\($0)" }
      }
      let (list, settings) = try Settings.parse(
        ["list", "--quiet"] + places.sorted(),
        .ofProcess
      )
      guard let list = list as? ListCommand else { return ["latest"] }
      let snapshots = try Settings.$current.withValue(settings) {
        try list.perform(list.common.facade(list.common.context(RunTape()))).snapshots
      }
      return ["latest"] + snapshots.reversed().map(\.id)
    } catch {
      // A completion has nowhere to say why; the command itself does.
      return ["latest"]
    }
  }
}
