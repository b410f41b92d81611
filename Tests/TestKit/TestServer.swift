import Foundation

/// A private PostgreSQL or MariaDB server, which ends with the test run, however that ends.
///
/// A small Python program holds it: see Scripts/test-server.py.
public final class TestServer: @unchecked Sendable {
  // Sendable: all that changes is behind the lock.

  /// The kinds of server.
  public enum Kind: String, Sendable, CaseIterable {
    /// PostgreSQL.
    case postgresql
    /// MariaDB.
    case mariadb
  }

  private struct Description: Decodable {
    var port: Int
    var socket: String
    var folder: String
    var user: String
    var password: String
  }

  struct Unavailable: Error, CustomStringConvertible {
    var description: String
  }

  /// The server that tests share which do not stop it.
  public static let postgresql = Result { try TestServer(.postgresql) }
  /// The server that tests share which do not stop it.
  public static let mariadb = Result { try TestServer(.mariadb) }

  /// The shared server of a kind.
  public static func shared(_ kind: Kind) throws -> TestServer {
    switch kind {
    case .postgresql: try postgresql.get()
    case .mariadb: try mariadb.get()
    }
  }

  /// Its kind.
  public let kind: Kind
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private let lock = NSLock()
  private let description: Description

  /// Starts a server of its own, for a test that stops it.
  public init(_ kind: Kind) throws {
    self.kind = kind
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", Workshop.root + "/Scripts/test-server.py", kind.rawValue]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let line = Self.line(from: output.fileHandleForReading)
    guard let line, !line.isEmpty else {
      throw Unavailable(description: "the \(kind.rawValue) server for the tests did not start")
    }
    description = try JSONDecoder().decode(Description.self, from: Data(line.utf8))
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// The port on 127.0.0.1.
  public var port: Int { description.port }
  /// The socket: of PostgreSQL its directory.
  public var socket: String { description.socket }
  /// The superuser.
  public var user: String { description.user }
  /// The superuser's password.
  public var password: String { description.password }

  /// Stops it, starts it, or kills and starts it: `stop`, `start`, `restart`, `crash`.
  public func tell(_ command: String) throws {
    try lock.withLock {
      try input.fileHandleForWriting.write(contentsOf: Data((command + "\n").utf8))
      guard Self.line(from: output.fileHandleForReading) == "ok" else {
        throw Unavailable(description: "the \(kind.rawValue) server did not \(command)")
      }
    }
  }

  private static func line(from handle: FileHandle) -> String? {
    var bytes: [UInt8] = []
    while let byte = try? handle.read(upToCount: 1)?.first {
      if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    return nil
  }

  /// Runs SQL as the superuser.
  ///
  /// - Parameters:
  ///   - sql: The statements.
  ///   - database: Where; nil for the server's own database.
  /// - Returns: The rows, with bars between the columns.
  /// - Throws: What the client said when it failed.
  @discardableResult
  public func execute(_ sql: String, in database: String? = nil) throws -> String {
    let outcome: Command.Outcome
    switch kind {
    case .postgresql:
      outcome = try Command.run(
        ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database ?? "postgres", "-f", "-"],
        environment: [
          "PGHOST": socket, "PGPORT": "\(port)", "PGUSER": user, "PGPASSWORD": password,
        ],
        input: Data(sql.utf8)
      )
    case .mariadb:
      outcome = try Command.run(
        ["mariadb", "--no-defaults", "-u", user, "-S", socket, "-BN"]
          + (database.map { [$0] } ?? []),
        environment: ["MYSQL_PWD": password],
        input: Data(sql.utf8)
      )
    }
    guard outcome.status == 0 else {
      throw Unavailable(description: "\(sql) failed: \(outcome)")
    }
    return outcome.output.replacingOccurrences(of: "\t", with: "|")
      .trimmingCharacters(in: .newlines)
  }
}
