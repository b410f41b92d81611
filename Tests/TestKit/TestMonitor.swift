import Foundation

/// A monitor on this machine that keeps what it is told; it ends with the test.
public final class TestMonitor {
  /// How it answers.
  public enum Kind: String, Sendable, CaseIterable {
    /// It says that all is well.
    case answer
    /// It says that something is wrong with it.
    case refuse
    /// It says nothing, for ever.
    case hang
    /// It says that it has moved, to where it says that all is well.
    case move
    /// It says that it has moved, each time anew.
    case circle
    /// It says that it has moved, and not where to.
    case nowhere
  }

  private let process = Process()
  private let input = Pipe()
  private let file: String
  /// Where it is.
  public let url: String

  /// Starts a monitor.
  public init(_ kind: Kind, in scratch: Scratch) throws {
    file = scratch.file("requests \(kind.rawValue)")
    try Data().write(to: URL(fileURLWithPath: file))
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", Workshop.root + "/Scripts/test-monitor.py", file, kind.rawValue,
    ]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var line: [UInt8] = []
    while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != 0x0a {
      line.append(byte)
    }
    url = "http://127.0.0.1:\(String(decoding: line, as: UTF8.self))/ping/4f2a"
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// The requests, in order.
  public var requests: [String] {
    get throws {
      try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map(String.init)
    }
  }
}
