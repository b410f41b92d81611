import Migrations
import SQLite
import Testing

/// Text that is not UTF-8 in the native engine: never read as something else and written back.
@Suite struct UndecodableTextTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var body: String
    /// What the failure says; nil if there is none.
    var words: String?
    /// The bytes of the value afterwards.
    var column = "n"

    static let refusal = "Could not decode to UTF-8 column 'n' with text 'M\u{fffd}ller'"
    static let all = [
      Case(
        testDescription: "read and written back",
        body: """
          c = op.get_bind()
          for r in c.execute(sa.text("select id, n from p")).fetchall():
              c.execute(sa.text("update p set n = :m where id = :i"), {"m": r[1].strip(), "i": r[0]})
          """,
        words: refusal
      ),
      Case(
        testDescription: "caught by the script",
        body: """
          try:
              op.get_bind().execute(sa.text("select n from p")).fetchall()
          except sa.exc.OperationalError:
              pass
          """
      ),
      Case(
        testDescription: "moved by SQL alone",
        body:
          "op.execute('update p set m = n')\nwith op.batch_alter_table('p') as b:\n    b.drop_column('n')",
        column: "m"
      ),
      Case(
        testDescription: "a default that would be written again",
        body:
          "with op.batch_alter_table('d', recreate='always') as b:\n    b.add_column(sa.Column('z', sa.Integer))",
        words: "Could not decode to UTF-8 column 'sql' with text 'CREATE TABLE d"
      ),
    ]
  }

  @Test(arguments: Case.all)
  func `text that is not UTF-8 is refused as Python refuses it, or stays`(_ one: Case) throws {
    let revision = try OneRevision(
      one.body,
      on: [
        "CREATE TABLE p (id INTEGER PRIMARY KEY, n TEXT, m TEXT)",
        "INSERT INTO p VALUES (1, CAST(x'4dfc6c6c6572' AS TEXT), NULL)",
        "CREATE TABLE d (a, b DEFAULT 'ae')", "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = CAST(replace(sql, 'ae', CAST(x'e4' AS TEXT)) AS TEXT) WHERE name = 'd'",
      ]
    )
    if let failure = try revision.run() {
      let words = try #require(one.words, "\(failure)")
      #expect(failure.description.contains(words), "\(failure)")
    } else {
      #expect(one.words == nil)
    }
    #expect(
      try revision.connection.value("SELECT hex(\(one.column)) FROM p") == .text("4DFC6C6C6572")
    )
    try revision.close()
  }
}
