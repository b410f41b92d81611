import Foundation
import TestKit
import Testing
import XMSafe

/// The help, and what else is made of the declarations of the commands.
@Suite struct HelpTests {
  /// The commands, as the program itself tells them.
  static func commands() throws -> [[String]] {
    let dump = try Workshop.xmSafe(["--experimental-dump-help"])
    let object = try JSONSerialization.jsonObject(with: Data(dump.output.utf8))
    let root = try #require((object as? [String: Any])?["command"] as? [String: Any])
    func names(_ command: [String: Any], _ path: [String]) -> [[String]] {
      let below = command["subcommands"] as? [[String: Any]] ?? []
      return [path]
        + below.flatMap { command -> [[String]] in
          guard let name = command["commandName"] as? String, name != "help" else { return [] }
          return names(command, path + [name])
        }
    }
    return names(root, [])
  }

  @Test func `the help of every command fits a terminal, and ends in its exit codes`() throws {
    let commands = try Self.commands()
    #expect(commands.count > 25)
    for command in commands {
      let outcome = try Workshop.xmSafe(command + ["--help"], environment: ["COLUMNS": "80"])
      #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(command)")
      let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
      for line in lines where line.count > 80 { Issue.record("\(command): \(line)") }
      let parts = outcome.output.components(separatedBy: "\nEXIT STATUS:\n")
      try #require(parts.count == 2, "\(command)")
      #expect(parts[0].hasPrefix("OVERVIEW: ") && parts[0].contains("\nUSAGE: xm-safe"))
      let codes = parts[1].split(separator: "\n").filter { !$0.hasPrefix("  Also ") }
      for line in codes {
        let words = line.split(separator: " ", maxSplits: 1)
        let status = try #require(
          Int32(words[0]).flatMap(ExitStatus.init(rawValue:)),
          "\(command): \(line)"
        )
        #expect(words[1].trimmingCharacters(in: .whitespaces) == status.meaning)
      }
      #expect(codes.first?.hasSuffix("done, or nothing to do") == true)
      if command.isEmpty { #expect(codes.count == ExitStatus.allCases.count) }
    }
  }

  @Test func `all ways to ask for help give the same`() throws {
    let help = try Workshop.xmSafe(["upgrade", "--help"])
    for arguments in [["help", "upgrade"], ["upgrade", "-h"]] {
      let other = try Workshop.xmSafe(arguments)
      #expect(other.output == help.output && other.status == 0)
    }
    let all = try Workshop.xmSafe(["--help"])
    #expect(try Workshop.xmSafe([]).output == all.output)
  }

  @Test func `the README has the same exit codes`() throws {
    let text = try String(contentsOfFile: Workshop.root + "/README.md", encoding: .utf8)
    let table = text.components(separatedBy: "\n| code | meaning |\n|---|---|\n")
    try #require(table.count == 2)
    let rows = table[1].components(separatedBy: "\n\n")[0].split(separator: "\n")
    #expect(
      rows.map(String.init) == ExitStatus.allCases.map { "| \($0.rawValue) | \($0.meaning) |" }
    )
  }

  @Test func `bash completes commands, options, and the ids of snapshots`() throws {
    let subject = try Subject()
    let ids = [try subject.snapshot(), try subject.snapshot()]
    let script = """
      source <("$1" --generate-completion-script bash)
      shift
      COMP_WORDS=("$@")
      COMP_CWORD=$(($# - 1))
      COMP_LINE="$*"
      COMP_POINT=${#COMP_LINE}
      PATH="$PROGRAM:$PATH"
      _xm-safe xm-safe "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    func completions(_ words: [String]) throws -> [String] {
      let outcome = try Command.run(
        ["bash", "-c", script, "bash", Workshop.program, "xm-safe"] + words,
        environment: [
          "PROGRAM": URL(fileURLWithPath: Workshop.program).deletingLastPathComponent().path
        ]
      )
      #expect(outcome.errors.isEmpty, "\(outcome)")
      return outcome.output.split(separator: "\n").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
    #expect(try completions(["rest"]) == ["restore"])
    #expect(try completions(["upgrade", "--keep-c"]) == ["--keep-completed"])
    let names = ["latest", ids[1], ids[0]]
    #expect(try Set(completions(["restore", "--db", subject.path, ""])) == Set(names))
    #expect(
      try completions(["show", "--db", subject.path, String(ids[0].prefix(6))]) == [ids[0]]
    )
    #expect(try completions(["restore", "--db", "/nowhere/x", ""]) == ["latest"])
  }
}
