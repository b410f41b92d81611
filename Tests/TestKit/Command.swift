public import Foundation

/// Runs another program and waits for it.
public struct Command: Sendable {
  /// What a program did.
  public struct Outcome: Sendable, CustomStringConvertible {
    /// The exit code; 128 and the signal's number if a signal ended it.
    public var status: Int32
    /// What it wrote to standard output.
    public var output: String
    /// What it wrote to standard error.
    public var errors: String

    /// What it wrote to standard error, with the commands of xm-safe in it as they are without the options that say which database.
    public var plainErrors: String {
      errors.replacing(#/(xm-safe [a-z_]+)(?: --?[a-z-]+[ =](?:\\.|[^ '\\])+)+/#) { $0.output.1 }
    }

    /// All of it, for a failed expectation.
    public var description: String { "status \(status)\n\(output)\n\(errors)" }
  }

  /// Runs a program found on PATH or by its path.
  public static func run(
    _ arguments: [String],
    in directory: String? = nil,
    environment: [String: String] = [:],
    input: Data? = nil
  ) throws -> Outcome {
    let process = try started(arguments, in: directory, environment: environment, input: input)
    return try process.finish()
  }

  /// What a test waited for in vain.
  struct NeverHappened: Error {
    var what: String
  }

  /// A program that runs.
  public final class Running {
    fileprivate let process = Process()
    fileprivate let output = URL(fileURLWithPath: NSTemporaryDirectory() + UUID().uuidString)
    fileprivate let errors = URL(fileURLWithPath: NSTemporaryDirectory() + UUID().uuidString)

    /// Its process id.
    public var id: Int32 { process.processIdentifier }

    /// Whether it has not ended yet.
    public var isRunning: Bool { process.isRunning }

    /// Waits until its standard error has a text; throws when it ends or ten minutes pass without.
    public func waitForErrors(containing text: String) throws {
      try wait(for: "'\(text)' on standard error") {
        String(decoding: try Data(contentsOf: errors), as: UTF8.self).contains(text)
      }
    }

    /// Waits until something is true; throws when the program ends or ten minutes pass before.
    public func wait(for what: String, _ isTrue: () throws -> Bool) throws {
      let deadline = Date.now + 600
      while try !isTrue() {
        guard process.isRunning, Date.now < deadline else {
          // It may have happened, and the program ended, between the two looks.
          if try isTrue() { return }
          throw NeverHappened(what: what)
        }
        usleep(2000)
      }
    }

    /// Waits until it has worked for some time more: what it works on meanwhile has begun, however busy the machine is.
    ///
    /// - Parameter seconds: The processor time (proc(5), `utime`).
    /// - Throws: When it ends before, or ten minutes pass.
    public func waitForWork(seconds: Double) throws {
      let begun = try workedTicks()
      let ticks = UInt64(seconds * Double(sysconf(Int32(_SC_CLK_TCK))))
      try wait(for: "\(seconds) s of work") { try workedTicks() >= begun + ticks }
    }

    /// The processor time of the process, in ticks of the clock.
    private func workedTicks() throws -> UInt64 {
      let text = try String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
      // The name, in parentheses, may hold anything.
      let fields = text.drop { $0 != ")" }.split(separator: " ")
      guard fields.count > 13, let user = UInt64(fields[12]), let system = UInt64(fields[13]) else {
        throw NeverHappened(what: "the fields of /proc/\(id)/stat")
      }
      return user + system
    }

    /// Sends it a signal.
    public func send(_ signal: Int32) {
      kill(id, signal)
    }

    /// Waits for its end.
    public func finish() throws -> Outcome {
      process.waitUntilExit()
      defer {
        try? FileManager.default.removeItem(at: output)
        try? FileManager.default.removeItem(at: errors)
      }
      let bySignal = process.terminationReason == .uncaughtSignal
      return Outcome(
        status: process.terminationStatus + (bySignal ? 128 : 0),
        output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
        errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self)
      )
    }
  }

  /// Starts a program without waiting for it; its output goes through files, so that it never has to wait for us.
  public static func started(
    _ arguments: [String],
    in directory: String? = nil,
    environment: [String: String] = [:],
    input: Data? = nil
  ) throws -> Running {
    let running = Running()
    let process = running.process
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
    var inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("XM_SAFE_") }
    inherited.merge(environment) { $1 }
    process.environment = inherited
    for url in [running.output, running.errors] {
      try Data().write(to: url)
    }
    process.standardOutput = try FileHandle(forWritingTo: running.output)
    process.standardError = try FileHandle(forWritingTo: running.errors)
    if let input {
      let pipe = Pipe()
      process.standardInput = pipe
      try process.run()
      try pipe.fileHandleForWriting.write(contentsOf: input)
      try pipe.fileHandleForWriting.close()
    } else {
      process.standardInput = FileHandle.nullDevice
      try process.run()
    }
    return running
  }
}
