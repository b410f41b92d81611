import TestKit
import Testing
import XMSafe

@testable import XMSafeCLI

/// What the program knows of its own options, which is what the parser says of them.
@Suite struct DeclaredCommandTests {
  private func all(
    _ command: DeclaredCommand,
    _ path: [String] = []
  ) -> [(path: [String], command: DeclaredCommand)] {
    [(path, command)] + command.commands.flatMap { all($0, path + [$0.name]) }
  }

  @Test func `the options of every command are known`() throws {
    let commands = all(try DeclaredCommand.program())
    #expect(commands.map(\.path) == (try HelpTests.commands()))
    for (path, command) in commands {
      let help = try Workshop.xmSafe(path + ["--help"], environment: ["COLUMNS": "200"]).output
      // What the help shows, less what it mentions of others in its text.
      let shown = help.matches(of: #/\n  (?:-., )?--([a-z0-9-]+)/#).map { String($0.1) }
      #expect(Set(shown).isSubset(of: command.options.map(\.name)), "\(path)")
      #expect(path.isEmpty || command.options.contains { $0.name == "help" }, "\(path)")
    }
  }

  @Test(arguments: ["", "[]", "{}", #"{"command": {"commandName": 1}}"#])
  func `a description that cannot be read is an error, and no trap`(_ text: String) {
    let failure = #expect(throws: Failure.self) { try DeclaredCommand(description: text) }
    #expect(failure?.exitStatus == .unexpected)
    #expect(failure?.state == "the database was not touched")
  }
}
