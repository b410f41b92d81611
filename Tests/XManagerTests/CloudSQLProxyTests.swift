import DatabaseURLs
import Foundation
import TestKit
import Testing
import XManager

@Suite struct CloudSQLProxyTests {
  private let address = ServerAddress(
    dialect: .postgresql,
    instance: "project:europe-west1:instance",
    user: "u",
    password: Password("geheim"),
    database: "xm"
  )

  /// A program in place of Google's, which says as it does that it is ready, and forwards what it gets to an echo of its own.
  private func standIn(in scratch: Scratch, _ body: String) throws -> [String: String] {
    try scratch.writeProgram("#!/usr/bin/env python3\n" + body, to: "bin/cloud-sql-proxy")
    let own = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return ["PATH": scratch.file("bin") + ":" + own]
  }

  private static let forwarder = """
    import os, socket, sys, json
    open(os.path.join(os.path.dirname(__file__), "arguments"), "w").write(json.dumps(sys.argv[1:]))
    server = socket.create_server(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])))
    print("The proxy has started successfully and is ready for new connections!", flush=True)
    while True:
      connection, _ = server.accept()
      connection.sendall(connection.recv(100))
      connection.close()
    """

  @Test func `the proxy is started, reached through its port, and ended`() throws {
    let scratch = try Scratch()
    var environment = try standIn(in: scratch, Self.forwarder)
    environment["PRIVATE_IP"] = "1"
    var proxy: CloudSQLProxy? = try CloudSQLProxy(
      to: address,
      through: nil,
      environment: environment
    )
    let reached = try #require(proxy?.address)
    let port = try #require(reached.port)
    #expect(reached.host == "127.0.0.1")
    // The database keeps its name, whatever port leads to it.
    #expect(reached.identity == address.identity)
    #expect(reached.display == address.display)
    let arguments = try String(contentsOfFile: scratch.file("bin/arguments"), encoding: .utf8)
    #expect(
      arguments
        == #"["--address", "127.0.0.1", "--port", "\#(port)", "--private-ip", "project:europe-west1:instance"]"#
    )
    func ask() throws -> Command.Outcome {
      let script = """
        import socket, sys
        c = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
        c.sendall(b"hello"); print(c.recv(100).decode())
        """
      return try Command.run(["python3", "-c", script, "\(port)"])
    }
    #expect(try ask().output == "hello\n")
    proxy = nil
    #expect(try ask().status != 0)
  }

  @Test func `a proxy that does not start is quoted`() throws {
    let scratch = try Scratch()
    let environment = try standIn(
      in: scratch,
      "import sys\nsys.exit('could not find default credentials')"
    )
    let error = try #require(throws: AddressError.self) {
      try CloudSQLProxy(to: address, through: nil, environment: environment)
    }
    #expect(error.message.contains("could not find default credentials"))
    #expect(!error.message.contains("geheim"))
  }

  @Test func `a proxy that is not there is asked for`() throws {
    let error = try #require(throws: AddressError.self) {
      try CloudSQLProxy(to: address, through: nil, environment: ["PATH": "/nonexistent"])
    }
    #expect(error.message.contains("project:europe-west1:instance"))
    #expect(error.hint.contains("--cloudsql-proxy HOST:PORT"))
  }

  @Test(
    arguments: [
      ("127.0.0.1:5432", "127.0.0.1", 5432), ("[::1]:15432", "::1", 15432), ("proxy:1", "proxy", 1),
    ] as [(String, String, UInt16)]
  )
  func `a running proxy is named by its place`(
    _ text: String,
    _ host: String,
    _ port: UInt16
  ) throws {
    let proxy = try CloudSQLProxy(to: address, through: text, environment: [:])
    #expect(proxy.address.host == host)
    #expect(proxy.address.port == port)
  }

  @Test(arguments: ["", "host", "host:", ":5432", "host:x", "host:70000"])
  func `a place that is none is refused`(_ text: String) throws {
    #expect(throws: AddressError.self) {
      try CloudSQLProxy(to: address, through: text, environment: [:])
    }
  }
}
