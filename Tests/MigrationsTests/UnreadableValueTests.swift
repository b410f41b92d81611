import Migrations
import SQLite
import Testing

/// Values that SQLAlchemy cannot read as what their column is declared to be: the native engine does not guess either.
@Suite struct UnreadableValueTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var type: String
    var value: String
    var isRead = false
    var testDescription: String { "\(type) \(value)" }

    static let all = [
      Case(type: "sa.Date()", value: "2020-02-29", isRead: true),
      Case(type: "sa.Date()", value: "2020-1-2"),
      Case(type: "sa.Date()", value: "2021-02-29"),
      Case(type: "sa.Date()", value: "0000-01-01"),
      Case(type: "sa.Date()", value: "."),
      Case(type: "sa.DateTime()", value: "2020-01-02 03:04:05.123456", isRead: true),
      Case(type: "sa.DateTime()", value: "2020-01-02 03:04:05", isRead: true),
      Case(type: "sa.DateTime()", value: "0000-00-00 00:00:00"),
      Case(type: "sa.DateTime()", value: "2020-01-02 24:00:00"),
      Case(type: "sa.DateTime()", value: "2020-01-02 ."),
      Case(type: "sa.DateTime()", value: "2020-01-02 "),
      Case(type: "sa.Time()", value: "03:04:05.000001", isRead: true),
      Case(type: "sa.Time()", value: "25:00:00"),
      Case(type: "sa.Enum('a', 'b')", value: "a", isRead: true),
      Case(type: "sa.Enum('a', 'b')", value: "c"),
    ]
  }

  @Test(arguments: Case.all)
  func `a value is read and written back only if SQLAlchemy can read it`(_ one: Case) throws {
    let revision = try OneRevision(
      """
      t = sa.table('p', sa.column('id', sa.Integer), sa.column('v', \(one.type)), sa.column('w', \(one.type)))
      c = op.get_bind()
      for r in c.execute(sa.select(t.c.id, t.c.v)).fetchall():
          c.execute(t.update().where(t.c.id == r[0]).values(w=r[1]))
      """,
      on: [
        "CREATE TABLE p (id INTEGER PRIMARY KEY, v, w)",
        "INSERT INTO p VALUES (1, '\(one.value)', NULL)",
      ]
    )
    let failure = try revision.run()
    #expect((failure == nil) == one.isRead, "\(String(describing: failure))")
    let written = try revision.connection.value("SELECT w FROM p")?.textValue
    #expect(one.isRead ? written?.hasPrefix(one.value) == true : written == nil)
    try revision.close()
  }
}
