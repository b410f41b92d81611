import Credentials
import Foundation
import TestKit
import Testing

@Suite struct PasswordFileTests {
  /// What is asked of a file.
  struct Question: Sendable {
    var host = "db.example"
    var port: UInt16 = 5432
    var database = "xm"
    var user = "ada"
  }

  static let files = [
    "db.example:5432:xm:ada:pw", "*:*:*:*:any", "#*:*:*:*:no\n*:*:*:ada:yes",
    "db.example:*:*:*:a:b",
    "db.example:5432:xm:ada:", "other:5432:xm:ada:no\ndb.example:5432:xm:ada:second",
    "db.example:5432:xm:ada:first\ndb.example:5432:xm:ada:second", "*:*:*:ada:p\\:w\\\\x\\y",
    "db\\.example:5432:xm:ada:pw", "*:5433:*:*:no", "*:*:x:*:no", "*:*:xmm:*:no", "*:*:*:ad:no",
    "db.example:5432:xm:ada", "db.example:5432:xm", "", "\n\n", "*:*:*:*:pw\r\n", "*:*:*:*:pw \r\r",
    "**:*:*:*:no", "*x:*:*:*:no", "\\*:*:*:*:no", "*:*:*:*:p\\", " *:*:*:*:no", "*:*:*:*:pä",
    "*:*:*:*:#no comment", "*:*:we\\:ird:*:w", "*:*:*:us\\\\er:w", "localhost:*:*:*:local",
    "/run/pg:*:*:*:socket",
  ]

  static let questions = [
    Question(), Question(database: "we:ird"), Question(user: "us\\er"), Question(user: "*"),
    Question(host: "localhost", port: 5433), Question(host: "/run/pg"), Question(host: "*"),
  ]

  @Test func `a password file is read as libpq reads it`() throws {
    let scratch = try Scratch()
    var found = 0
    for (index, text) in Self.files.enumerated() {
      let path = try scratch.write(text, to: "\(index).pgpass")
      chmod(path, 0o600)
      let answers = try libpq(path, Self.questions)
      for (question, answer) in zip(Self.questions, answers) {
        let password = PasswordFile(Array(text.utf8)).password(
          host: question.host,
          port: question.port,
          database: question.database,
          user: question.user
        )
        #expect(password == answer, "\(text.debugDescription): \(question)")
        if answer != nil { found += 1 }
      }
    }
    #expect(found > 40)
  }

  /// libpq's own answers: it looks the password up before it connects, which is to a port that nobody listens on.
  private func libpq(_ path: String, _ questions: [Question]) throws -> [String?] {
    let script = """
      import ctypes, json, sys
      pq = ctypes.CDLL("libpq.so.5")
      pq.PQconnectStartParams.restype = ctypes.c_void_p
      pq.PQpass.restype = ctypes.c_char_p
      pq.PQpass.argtypes = [ctypes.c_void_p]
      pq.PQfinish.argtypes = [ctypes.c_void_p]
      def ask(q):
        values = dict(host=q[0], port=q[1], dbname=q[2], user=q[3], passfile=sys.argv[1])
        # Nothing is asked of a name server.
        if not q[0].startswith("/"): values["hostaddr"] = "127.0.0.1"
        keys = (ctypes.c_char_p * (len(values) + 1))(*[k.encode() for k in values], None)
        texts = (ctypes.c_char_p * (len(values) + 1))(*[v.encode() for v in values.values()], None)
        connection = pq.PQconnectStartParams(keys, texts, 0)
        password = pq.PQpass(connection)
        pq.PQfinish(connection)
        return password.decode() or None if password is not None else None
      json.dump([ask(q) for q in json.load(sys.stdin)], sys.stdout)
      """
    let asked = questions.map { [$0.host, String($0.port), $0.database, $0.user] }
    let outcome = try Command.run(
      ["python3", "-c", script, path],
      environment: ["PGPASSWORD": "", "PGSERVICEFILE": "/nonexistent"],
      input: JSONEncoder().encode(asked)
    )
    #expect(outcome.status == 0, "\(outcome)")
    return try JSONDecoder().decode([String?].self, from: Data(outcome.output.utf8))
  }
}
