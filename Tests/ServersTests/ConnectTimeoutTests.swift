import DatabaseURLs
import Foundation
import Processes
import TestKit
import Testing

@testable import Servers

/// Servers that take the call and never answer.
@Suite struct ConnectTimeoutTests {
  private func timeout(_ url: String, _ environment: [String: String]) throws -> String? {
    let scratch = try Scratch()
    let client = ServerClient(
      try ServerAddress(SQLAlchemyURL(url)),
      environment: environment.merging(["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""])
      { $1 },
      directory: scratch.path,
      lockTimeout: .seconds(1)
    )
    return try client.program("psql", []).environment["PGCONNECT_TIMEOUT"]
  }

  @Test func `a connection is waited for as long as the user says, else for a while`() throws {
    let url = "postgresql://u@127.0.0.1:1/d"
    #expect(try timeout(url, [:]) == "20")
    #expect(try timeout(url, ["PGCONNECT_TIMEOUT": "7"]) == "7")
    #expect(try timeout(url + "?connect_timeout=5", [:]) == "5")
  }
}
