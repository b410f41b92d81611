import Foundation
import TestKit
import Testing

/// The commands of a recipe, as the README has them.
struct Recipe {
  /// The lines of one block of code.
  let commands: String

  /// Takes a block from the README.
  ///
  /// - Parameters:
  ///   - title: The recipe's heading.
  ///   - number: Which of its blocks, from 0.
  /// - Throws: When the README has no such recipe.
  init(_ title: String, block number: Int = 0) throws {
    let text = try String(contentsOfFile: Workshop.root + "/README.md", encoding: .utf8)
    let sections = text.components(separatedBy: "\n#### \(title)\n")
    try #require(sections.count == 2, "the README has no recipe '\(title)', or several")
    let section = sections[1].components(separatedBy: "\n#")[0]
    var blocks: [[String]] = [[]]
    for line in section.components(separatedBy: "\n") {
      if line.hasPrefix("    ") {
        blocks[blocks.count - 1].append(String(line.dropFirst(4)))
      } else if blocks.last?.isEmpty == false {
        blocks.append([])
      }
    }
    blocks.removeAll { $0.isEmpty }
    try #require(blocks.indices.contains(number), "the recipe '\(title)' has no block \(number)")
    commands = blocks[number].joined(separator: "\n")
  }

  /// Runs the commands in a shell that has xm-safe, and stops at the first that fails.
  func run(
    in directory: String,
    environment: [String: String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Command.Outcome {
    var environment = environment
    let program = URL(fileURLWithPath: Workshop.program).deletingLastPathComponent().path
    let own = environment["PATH"] ?? ProcessInfo.processInfo.environment["PATH"] ?? ""
    environment["PATH"] = program + ":" + own
    let outcome = try Command.run(
      ["bash", "-euc", commands],
      in: directory,
      environment: environment
    )
    #expect(outcome.status == 0, "\(commands)\n\(outcome)", sourceLocation: sourceLocation)
    return outcome
  }
}
