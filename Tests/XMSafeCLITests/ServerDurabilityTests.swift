import Foundation
import TestKit
import Testing

/// What cannot be made durable on servers.
@Suite struct ServerDurabilityTests {
  static let kinds = TestServer.Kind.allCases

  enum Verb: String, CaseIterable {
    case run, upgrade, restore
  }

  private func words(_ verb: Verb, _ project: ServerProject, _ id: String) -> [String] {
    let subject = project.subject
    switch verb {
    case .run:
      let isPostgreSQL = subject.database.server.kind == .postgresql
      return subject.guardedArguments(
        (isPostgreSQL ? [] : ["--alone"]) + ["--guard", "off"],
        0,
        ["DELETE FROM job"]
      )
    case .upgrade:
      return ["upgrade", "--db", subject.url, "--store", subject.store] + project.arguments
    case .restore: return ["restore", id, "--db", subject.url, "--store", subject.store]
    }
  }

  @Test(arguments: kinds, Verb.allCases)
  func `what was saved before and may not last is no reason to go on`(
    _ kind: TestServer.Kind,
    _ verb: Verb
  ) throws {
    let project = try ServerProject(kind)
    try project.chain(1)
    let subject = project.subject
    let id = try subject.snapshot()
    try subject.execute("DELETE FROM job WHERE experiment_id = 1")
    let before = try subject.content()
    for (error, status) in [("EIO", Int32(1)), ("ENOSPC", 12)] {
      let outcome = try Command.run(
        [
          "strace", "-f", "-qq", "-o", "/dev/null", "-P", subject.store, "-e",
          "inject=fsync:error=\(error)", Workshop.program,
        ] + words(verb, project, id),
        environment: ["URL": subject.url]
      )
      #expect(outcome.status == status, "\(outcome)")
      #expect(!outcome.errors.contains("it is done"), "\(outcome)")
      #expect(outcome.errors.contains("the database was not touched"), "\(outcome)")
      #expect(try subject.content() == before)
      #expect(try subject.note() == nil)
    }
  }

  @Test(arguments: Verb.allCases)
  func `a note that cannot be removed does not make undone what is done`(_ verb: Verb) throws {
    let project = try ServerProject(.mariadb)
    try project.chain(1)
    let subject = project.subject
    let id = try subject.snapshot()
    // Whatever is named so in the store is the note.
    let key = try Command.run(
      ["sha256sum"],
      input: Data("mysql://127.0.0.1:\(subject.database.server.port)/\(subject.database.name)".utf8)
    ).output.prefix(12)
    let note = subject.store + "/.server-journal-\(key)"
    let outcome = try Command.run(
      [
        "strace", "-f", "-qq", "-o", "/dev/null", "-P", note, "-e",
        "inject=unlink,unlinkat:error=EIO", Workshop.program,
      ] + words(verb, project, id),
      environment: ["URL": subject.url]
    )
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.errors.contains("The note of this run may stay"), "\(outcome)")
    #expect(outcome.errors.contains(note), "\(outcome)")
    #expect(try project.versions() == (verb == .upgrade ? "r1" : "a1"))
    #expect(try subject.note() == note)
  }
}
