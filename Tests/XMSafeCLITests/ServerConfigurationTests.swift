import Foundation
import TestKit
import Testing

/// The ways that lead to a database on a server: XManager's YAML file, Cloud SQL, and where passwords are kept.
@Suite struct ServerConfigurationTests {
  /// Runs a command that is not told of the database by `--db`.
  private func run(
    _ arguments: [String],
    _ subject: ServerSubject,
    status: Int32 = 0,
    environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Command.Outcome {
    let outcome = try Workshop.xmSafe(
      arguments + ["--store", subject.store],
      in: subject.scratch.path,
      environment: ["HOME": subject.scratch.path].merging(environment) { $1 }
    )
    #expect(outcome.status == status, "\(arguments): \(outcome)", sourceLocation: sourceLocation)
    #expect(!outcome.description.contains(subject.database.password))
    return outcome
  }

  /// The password as YAML has it in single quotes.
  private func quoted(_ subject: ServerSubject) -> String {
    "'" + subject.database.password.replacing("'", with: "''") + "'"
  }

  private func settings(_ subject: ServerSubject, _ more: String) -> String {
    let backend = subject.database.server.kind == .postgresql ? "postgresql" : "mysql"
    return "{backend: \(backend), db_name: \(subject.database.name), "
      + "username: \(subject.database.user), \(more)}\n"
  }

  @Test(arguments: TestServer.Kind.allCases)
  func `XManager's YAML file leads to a server`(_ kind: TestServer.Kind) throws {
    let subject = try ServerSubject(kind)
    let port = subject.database.server.port
    let place = "host: 127.0.0.1, port: \(port), password: \(quoted(subject))"
    try subject.scratch.write(
      "sql_connector: generic\nsql_connection_settings: " + settings(subject, place),
      to: "db.yaml"
    )
    let option = ["--xm-db-yaml-config-path", "db.yaml"]
    #expect(try run(["current"] + option, subject).output.contains("a1"))
    _ = try run(["snapshot"] + option, subject)
    #expect(try run(["list"] + option, subject).output.contains("manual"))
  }

  @Test(arguments: TestServer.Kind.allCases)
  func `Cloud SQL is reached through its proxy, started or running`(
    _ kind: TestServer.Kind
  ) throws {
    let subject = try ServerSubject(kind)
    let server = subject.database.server
    try subject.scratch.write(
      "sql_connector: cloudsql\nsql_connection_settings: "
        + settings(
          subject,
          "host: 'project:europe-west1:instance', password: \(quoted(subject))"
        ),
      to: "db.yaml"
    )
    // A program in place of Google's: it forwards to the server of the tests.
    try subject.scratch.writeProgram(
      """
      #!/usr/bin/env python3
      import socket, sys, threading
      assert sys.argv[-1] == "project:europe-west1:instance", sys.argv
      server = socket.create_server(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])))
      print("The proxy has started successfully and is ready for new connections!", flush=True)
      def copy(a, b):
        try:
          while data := a.recv(65536): b.sendall(data)
        except OSError: pass
        try: b.shutdown(socket.SHUT_WR)
        except OSError: pass
      while True:
        one, _ = server.accept()
        other = socket.create_connection(("127.0.0.1", \(server.port)))
        for a, b in ((one, other), (other, one)):
          threading.Thread(target=copy, args=(a, b), daemon=True).start()
      """,
      to: "bin/cloud-sql-proxy"
    )
    let own = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let environment = ["PATH": subject.scratch.file("bin") + ":" + own]
    let option = ["--xm-db-yaml-config-path", "db.yaml"]
    _ = try run(["snapshot"] + option, subject, environment: environment)
    #expect(try run(["current"] + option, subject, environment: environment).output.contains("a1"))
    // One that runs already is named; the snapshots are those of the same database.
    let running = option + ["--cloudsql-proxy", "127.0.0.1:\(server.port)"]
    #expect(try run(["list"] + running, subject).output.contains("manual"))
    let none = try run(["current"] + option, subject, status: 24)
    #expect(none.errors.contains("there is no 'cloud-sql-proxy' on PATH"))
  }

  @Test(arguments: TestServer.Kind.allCases)
  func `the password is found in a file, a variable, and where the server's own programs find it`(
    _ kind: TestServer.Kind
  ) throws {
    let subject = try ServerSubject(kind)
    let (user, password) = (subject.database.user, subject.database.password)
    let (name, port) = (subject.database.name, subject.database.server.port)
    let scheme = kind == .postgresql ? "postgresql" : "mysql+pymysql"
    let command = ["current", "--db", "\(scheme)://\(user)@127.0.0.1:\(port)/\(name)"]
    #expect(try run(command, subject, status: 24).output.isEmpty)
    let file = try subject.scratch.write(password + "\n", to: "password")
    _ = try run(command + ["--password-file", file], subject)
    _ = try run(command, subject, environment: ["XM_SAFE_PASSWORD_FILE": file])
    _ = try run(command, subject, environment: ["XM_SAFE_PASSWORD": password])
    let variable = kind == .postgresql ? "PGPASSWORD" : "MYSQL_PWD"
    _ = try run(command, subject, environment: [variable: password])
    switch kind {
    case .postgresql:
      let escaped = password.replacing("\\", with: "\\\\").replacing(":", with: "\\:")
      let path = try subject.scratch.write(
        "127.0.0.1:\(port):*:\(user):\(escaped)\n",
        to: ".pgpass"
      )
      chmod(path, 0o644)
      let outcome = try Workshop.xmSafe(
        command + ["--store", subject.store],
        environment: ["HOME": subject.scratch.path]
      )
      #expect(outcome.errors.contains("chmod 600"))
      chmod(path, 0o600)
    case .mariadb:
      let escaped = password.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      try subject.scratch.write(
        "[client]\nuser=\(user)\npassword=\"\(escaped)\"\n",
        to: ".my.cnf"
      )
    }
    _ = try run(command, subject)
  }
}
