internal import ArgumentParser
internal import FoundationEssentials
internal import XMSafe

/// One option of a command, as the command declares it to the parser.
///
/// The declaration is all there is: whatever the command line takes, a variable and the settings file take too, so that an option that
/// is added to a command needs nothing here.
struct DeclaredOption: Hashable, Sendable {
  /// Its long name, without the dashes.
  var name: String
  /// Its other names of one letter.
  var letters: [Character]
  /// Whether it stands alone, and has no value.
  var isFlag: Bool
  /// Whether it may be given several times.
  var isRepeating: Bool
  /// Whether its value is the path of a file or a directory.
  var isPath: Bool
  /// What counts when it is not given; nil if that is nothing, or is worked out.
  var defaultValue: String?

  /// Options that are about the settings themselves, or about the parser.
  static let unsettable: Set<String> = ["help", "version", "settings", "profile"]

  /// Variables that have another name than their option, or are another program's.
  private static let otherVariables = [
    "xm-db-yaml-config-path": ["XM_SAFE_XM_DB_YAML"], "config": ["ALEMBIC_CONFIG"],
  ]

  /// The variables that stand for it; the first one that is set counts.
  var variables: [String] { Self.variables(of: name) }

  /// The variables that stand for a name.
  static func variables(of name: String) -> [String] {
    [variable(name)] + (otherVariables[name] ?? [])
  }

  /// Whether a variable may be meant for an option, be it rightly spelt or not.
  static func mayBeVariable(_ name: String) -> Bool {
    name.hasPrefix("XM_SAFE_") || otherVariables.values.contains { $0.contains(name) }
  }

  /// The variable of a name.
  static func variable(_ name: String) -> String {
    "XM_SAFE_" + name.uppercased().replacing("-", with: "_")
  }
}

/// A command and its options, as they are declared to the parser.
struct DeclaredCommand: Sendable {
  /// Its name.
  var name: String
  /// Its options, in the order of its help.
  var options: [DeclaredOption]
  /// The commands below it.
  var commands: [DeclaredCommand]

  private static let whole = Result<DeclaredCommand, Failure> { () throws(Failure) in
    try DeclaredCommand(XMSafeCommand.self)
  }

  /// The whole program.
  ///
  /// - Throws: `Failure` as for one command.
  static func program() throws(Failure) -> DeclaredCommand { try whole.get() }

  /// Reads what a command declares.
  ///
  /// - Throws: `Failure` where the parser describes it in a way that is not known here.
  init(_ command: any ParsableCommand.Type) throws(Failure) {
    // What `--experimental-dump-help` prints: the parser's only public way to tell what is declared.
    try self.init(description: command._dumpHelp())
  }

  /// Reads the parser's description of a command.
  ///
  /// - Throws: `Failure` where it cannot be read: another version of the parser may write it in another way.
  init(description: String) throws(Failure) {
    let dump: Dump
    do {
      dump = try JSONDecoder().decode(Dump.self, from: Data(description.utf8))
    } catch {
      throw Failure(
        unexpected: "the parser's description of the options cannot be read: \(error)",
        next: "tell whoever built this xm-safe; it was built with another version of its parser"
      )
    }
    self.init(dump.command)
  }

  private init(_ command: Dump.Command) {
    name = command.commandName
    options = (command.arguments ?? []).compactMap(DeclaredOption.init)
    commands = (command.subcommands ?? []).filter { $0.commandName != "help" }.map(Self.init)
  }

  /// Its options that may be set elsewhere than on the command line.
  var settable: [DeclaredOption] {
    options.filter { !DeclaredOption.unsettable.contains($0.name) }
  }

  /// All options that may be set of it and of the commands below it, each name once.
  var allOptions: [DeclaredOption] {
    var names: Set<String> = []
    return (settable + commands.flatMap(\.allOptions)).filter { names.insert($0.name).inserted }
  }

  /// The command that a command line begins with.
  ///
  /// - Parameter arguments: The command line, without the program's name.
  /// - Returns: The names of the command, and the command.
  static func named(
    by arguments: [String]
  ) -> (path: [String], command: any ParsableCommand.Type) {
    var path: [String] = []
    var command: any ParsableCommand.Type = XMSafeCommand.self
    for name in arguments {
      let configuration = command.configuration
      let below =
        configuration.subcommands + configuration.groupedSubcommands.flatMap(\.subcommands)
      guard let next = below.first(where: { $0.configuration.commandName == name }) else { break }
      path.append(name)
      command = next
    }
    return (path, command)
  }
}

/// The part of the parser's own description that is needed here.
private struct Dump: Decodable {
  struct Command: Decodable {
    var commandName: String
    var subcommands: [Command]?
    var arguments: [Argument]?
  }

  struct Argument: Decodable {
    var kind: String
    var names: [Name]?
    var isRepeating: Bool
    var defaultValue: String?
    var completionKind: [String: Anything]?
  }

  struct Name: Decodable {
    var kind: String
    var name: String
  }

  struct Anything: Decodable {
    init(from decoder: any Decoder) {}
  }

  var command: Command
}

extension DeclaredOption {
  fileprivate init?(_ argument: Dump.Argument) {
    guard argument.kind != "positional",
      let name = argument.names?.first(where: { $0.kind == "long" })?.name
    else { return nil }
    self.init(
      name: name,
      letters: (argument.names ?? []).filter { $0.kind == "short" }.compactMap(\.name.first),
      isFlag: argument.kind == "flag",
      isRepeating: argument.isRepeating,
      isPath: argument.completionKind.map { $0["file"] != nil || $0["directory"] != nil } ?? false,
      defaultValue: argument.defaultValue
    )
  }
}
