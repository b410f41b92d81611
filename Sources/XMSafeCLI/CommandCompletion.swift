internal import ArgumentParser

/// The names of the commands, for the completion of a shell.
enum CommandCompletion {
  /// What an argument that names a command may be.
  static let kind = CompletionKind.custom { _, _, _ in names }

  private static var names: [String] {
    let groups = XMSafeCommand.configuration.groupedSubcommands
    return groups.flatMap(\.subcommands).compactMap { $0.configuration.commandName }
  }
}
