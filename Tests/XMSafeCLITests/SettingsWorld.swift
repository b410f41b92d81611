import Foundation
import TestKit
import Testing

/// A user with a home, a working directory, and settings wherever a test wants them.
struct SettingsWorld {
  let scratch: Scratch
  var environment: [String: String]

  init() throws {
    scratch = try Scratch()
    for directory in ["home/.config/xm-safe", "work"] {
      try FileManager.default.createDirectory(
        atPath: scratch.file(directory),
        withIntermediateDirectories: true
      )
    }
    environment = ["HOME": scratch.file("home"), "XDG_CONFIG_HOME": ""]
  }

  /// The working directory.
  var work: String { scratch.file("work") }

  /// Writes the settings of the working directory.
  @discardableResult
  func settings(_ text: String) throws -> String {
    try scratch.write(text, to: "work/xm-safe.toml")
  }

  /// Runs the program in the working directory.
  @discardableResult
  func run(
    _ arguments: [String],
    _ variables: [String: String] = [:],
    status: Int32 = 0,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Command.Outcome {
    let outcome = try Workshop.xmSafe(
      arguments,
      in: work,
      environment: environment.merging(variables) { $1 }
    )
    #expect(outcome.status == status, "\(arguments): \(outcome)", sourceLocation: sourceLocation)
    return outcome
  }

  /// One option as `config` reports it.
  struct Entry: Decodable, Equatable {
    var option: String
    var values: [String]
    var from: String
    var place: String?
    var command: String?
    var variable: String
  }

  /// What `config --json` reports.
  struct Report: Decodable {
    var file: String?
    var profile: String?
    var database: String?
    var store: String?
    var options: [Entry]

    /// The values and the source of an option in one line.
    func line(_ option: String, of command: String? = nil) -> String {
      guard let entry = options.first(where: { $0.option == option && $0.command == command })
      else {
        return "not there"
      }
      return entry.values.joined(separator: ",") + " from " + entry.from
    }
  }

  /// Asks `config` for its JSON.
  func report(
    _ arguments: [String] = [],
    _ variables: [String: String] = [:]
  ) throws -> Report {
    let outcome = try run(["config", "--json"] + arguments, variables)
    return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
  }
}
