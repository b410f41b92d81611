import AlembicScripts
import DatabaseURLs
import Foundation
import Revisions
import TestKit
import Testing
import XManager

@Suite struct XManagerDatabaseTests {
  @Test(arguments: XManagerOracle.Release.allCases)
  func `every file is taken or refused as XManager does, and leads to the same database`(
    _ release: XManagerOracle.Release
  ) throws {
    let scratch = try Scratch()
    let cases = YAMLCase.all
    let files = try cases.enumerated().map { index, test in
      try scratch.write(test.text, to: "yaml/\(index).yaml")
    }
    try scratch.write("", to: "run/d/README")
    let directory = scratch.file("run")
    let verdicts = try XManagerOracle.verdicts(on: files, by: release, in: directory)
    #expect(verdicts.count == cases.count)
    #expect(verdicts.count { $0.error == nil } > 20)
    for (index, verdict) in verdicts.enumerated() {
      let test = cases[index]
      let isTaken = verdict.error == nil
      do {
        let database = try XManagerDatabase(yaml: files[index])
        // The newer releases take a bare file name, and so do we for the older ones.
        let isNewer = test.difference == .onlyNew && release == .old
        #expect(
          isTaken || isNewer || test.difference == .laxer,
          "\(test.name): XManager ends with \(verdict)"
        )
        if isTaken { compare(database.location, with: verdict, test.name) }
      } catch {
        let isWanted = test.difference == .notForUs || test.difference == .stricter
        #expect(!isTaken || isWanted, "\(test.name): \(error)")
        #expect(!"\(error)".contains("geheim") && !"\(error)".contains("\n"))
        guard let error = error as? ScriptError else { continue }
        #expect(error.location?.path == files[index], "\(test.name)")
        #expect(error.message.hasPrefix("XManager's YAML file: "))
      }
    }
  }

  private func compare(
    _ location: DatabaseLocation,
    with verdict: XManagerOracle.Verdict,
    _ name: String
  ) {
    switch location {
    case .sqlite(let path):
      #expect(verdict.backend == "sqlite", "\(name)")
      #expect(path == verdict.database, "\(name)")
    case .server(let address):
      #expect(address.dialect.rawValue == verdict.backend, "\(name)")
      #expect(address.driver == verdict.driver, "\(name)")
      #expect(address.user == verdict.username, "\(name)")
      #expect(address.password?.reveal() == verdict.password, "\(name)")
      #expect(address.socket ?? address.host == verdict.host, "\(name)")
      #expect(address.port.map(Int.init) == verdict.port, "\(name)")
      #expect(address.database == verdict.database, "\(name)")
      #expect(address.instance == verdict.instance, "\(name)")
    }
  }

  struct WordsCase: Sendable {
    var text: String
    var message: String
    var line: Int
    var column: Int
  }

  @Test(arguments: [
    WordsCase(text: "", message: "the file is empty", line: 1, column: 1),
    WordsCase(text: "\nx: 1", message: "there is no 'sql_connector'", line: 2, column: 1),
    WordsCase(
      text: "sql_connector: SQLite",
      message: "'sql_connector' must be sqlite, generic or cloudsql, in small letters",
      line: 1,
      column: 16
    ),
    WordsCase(
      text: "sql_connector: sqlite",
      message: "there is no 'sql_connection_settings'",
      line: 1,
      column: 1
    ),
    WordsCase(
      text: "sql_connector: sqlite\nsql_connection_settings: {backend: sqlite}",
      message: "'db_name' is missing",
      line: 2,
      column: 26
    ),
    WordsCase(
      text: "sql_connector: sqlite\nsql_connection_settings: {backend: sqlite, foo: 1}",
      message:
        "there is no such setting; XManager knows backend, db_name, driver, username, password, host, port",
      line: 2,
      column: 44
    ),
    WordsCase(
      text:
        "sql_connector: sqlite\nsql_connection_settings: {backend: sqlite, db_name: 2026-11-24}",
      message: "'db_name' is a date to YAML: put it in quotes",
      line: 2,
      column: 53
    ),
    WordsCase(
      text: "sql_connector: [",
      message: "did not find expected node content",
      line: 2,
      column: 1
    ),
    WordsCase(text: "a: \u{1}", message: "control characters are not allowed", line: 1, column: 1),
  ])
  func `what is wrong is said with its place`(_ test: WordsCase) throws {
    let scratch = try Scratch()
    let path = try scratch.write(test.text, to: "db.yaml")
    let error = try #require(throws: ScriptError.self) { try XManagerDatabase(yaml: path) }
    #expect(error.message == "XManager's YAML file: " + test.message)
    #expect(error.location?.line == test.line)
    #expect(error.location?.column == test.column)
  }

  @Test func `a file that is not there is named`() throws {
    let error = try #require(throws: ScriptError.self) { try XManagerDatabase(yaml: "/none.yaml") }
    #expect(error.message.contains("'/none.yaml'"))
    #expect(error.hint?.contains("--xm-db-yaml-config-path") == true)
  }

  @Test func `a tilde that XManager does not expand is warned of`() throws {
    let scratch = try Scratch()
    let path = try scratch.write(
      "sql_connector: sqlite\nsql_connection_settings: {backend: sqlite, db_name: ~/a.db}",
      to: "db.yaml"
    )
    let database = try XManagerDatabase(yaml: path)
    #expect(database.location == .sqlite("~/a.db"))
    #expect(database.warnings.count == 1)
  }
}
