import Foundation
import TestKit
import Testing

/// Commands that are guarded on a database of a test.
extension ServerSubject {
  /// A command that connects as an application does, by the URL in a variable, and runs statements, each committed.
  static let application = """
    import os, sys, time
    import sqlalchemy
    engine = sqlalchemy.create_engine(os.environ["URL"], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in sys.argv[2:]:
            if statement.startswith("wait "):
                open(statement[5:] + ".ready", "w").close()
                while not os.path.exists(statement[5:]): time.sleep(0.01)
            else:
                connection.execute(sqlalchemy.text(statement))
    engine.dispose()
    sys.exit(int(sys.argv[1]))
    """

  /// The arguments that guard the command.
  func guardedArguments(_ options: [String], _ code: Int, _ statements: [String]) -> [String] {
    ["run", "--db", url, "--store", store] + options
      + ["--", Workshop.python, "-c", Self.application, "\(code)"] + statements
  }

  /// Guards the command, and expects how that ends.
  @discardableResult
  func guarded(
    _ options: [String] = [],
    exiting code: Int = 0,
    _ statements: String...,
    status: Int32,
    environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Command.Outcome {
    let outcome = try Workshop.xmSafe(
      guardedArguments(options, code, statements),
      environment: environment.merging(["URL": url]) { $1 }
    )
    #expect(outcome.status == status, "\(outcome)", sourceLocation: sourceLocation)
    #expect(!outcome.errors.contains(database.password), sourceLocation: sourceLocation)
    return outcome
  }

  /// Kills a guarded command after the statements, and its guardian before.
  func killGuarded(_ statements: String...) throws {
    let go = scratch.file("go")
    let running = try Workshop.xmSafeStarted(
      guardedArguments([], 0, statements + ["wait \(go)"]),
      environment: ["URL": url]
    )
    try running.wait(for: "the command") { FileManager.default.fileExists(atPath: go + ".ready") }
    running.send(SIGKILL)
    _ = try running.finish()
    // Its command lives on until it is told, and with it the lock.
    try Data().write(to: URL(fileURLWithPath: go))
    try run(["snapshot", "--wait", "5m"])
  }

  /// The id in the message that says how to go back.
  static func id(_ outcome: Command.Outcome) throws -> String {
    String(
      try #require(outcome.plainErrors.components(separatedBy: "'xm-safe restore ").last?.prefix(8))
    )
  }

  /// Everything in the database, in an order of its own.
  func content() throws -> [String] { ServerSnapshotTests.sorted(try database.dump()) }

  /// The note of a run that was killed; nil if there is none.
  func note() throws -> String? {
    try scratch.names(in: "store").first { $0.hasPrefix(".server-journal-") }.map {
      store + "/" + $0
    }
  }

  /// A directory for PATH in which the server's dump program runs a script when it has dumped.
  func dumpProgram(then script: String) throws -> [String: String] {
    let name = database.server.kind == .postgresql ? "pg_dump" : "mariadb-dump"
    let real = try Command.run(["sh", "-c", "command -v \(name)"]).output
      .trimmingCharacters(in: .newlines)
    try scratch.writeProgram(
      """
      #!/bin/sh
      [ "$1" = --version ] && exec \(real) --version
      \(real) "$@" || exit
      \(script)
      """,
      to: "bin/\(name)"
    )
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return ["PATH": scratch.file("bin") + ":" + path]
  }

  /// What a shell runs in which a server's client finds its way, to run a statement.
  func client(_ statement: String) -> String {
    switch database.server.kind {
    case .postgresql: "psql -Xqc \"\(statement)\" >/dev/null || exit"
    // The first argument names the file with the password.
    case .mariadb: "mariadb \"$1\" \(database.name) -e \"\(statement)\" || exit"
    }
  }
}
