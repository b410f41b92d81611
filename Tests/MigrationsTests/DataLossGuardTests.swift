import Migrations
import SQLite
import Testing

/// What stops a revision that loses rows or values, and what does not.
@Suite struct DataLossGuardTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var setUp: [String] = []
    var body: String
    var guarding = DataLossGuard()
    var foreignKeys = false
    var loss: DataLoss?
    var testDescription: String { name }
  }

  private func run(_ test: Case) throws -> DataLoss? {
    let revision = try OneRevision(
      test.body,
      on: Self.tables + test.setUp,
      foreignKeys: test.foreignKeys
    )
    guard let failure = try revision.run(guarding: test.guarding) else { return nil }
    guard let loss = failure.cause as? DataLoss else { throw failure }
    #expect(failure.description.contains("--allow-row-loss \(loss.table)"))
    let count = try revision.connection.value(
      "SELECT count(*) FROM \(Connection.quoted(loss.table))"
    )
    if case .rows(let before, _) = loss.kind {
      #expect(count == .integer(before), "the savepoint was undone")
    }
    return loss
  }

  @Test(arguments: rowCases)
  func `rows that vanish stop a revision unless it says that they go`(_ test: Case) throws {
    #expect(try run(test) == test.loss)
  }

  @Test(arguments: digestCases)
  func `digests find values that changed behind the revision's back`(_ test: Case) throws {
    #expect(try run(test) == test.loss)
  }

  @Test func `a sentence names the table, the rows, and the way on`() {
    #expect(
      Self.rows("it's", 3, 1).description
        == "2 rows of table 'it's' vanished (3 before, 1 after), and the revision neither drops it nor deletes from it "
        + "itself; --allow-row-loss 'it'\\''s' lets it"
    )
  }
}
