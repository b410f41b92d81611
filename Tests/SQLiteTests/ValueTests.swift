import SQLite
import Testing

/// Values come out of SQLite as it stores them, and go in again alike.
@Suite struct ValueTests {
  @Test func `text that is not UTF-8 keeps its bytes`() throws {
    let connection = try Connection.inMemory()
    let values = try connection.query(
      "SELECT CAST(x'4dfc' AS TEXT), CAST(x'4de4' AS TEXT), char(65533), ''"
    )[0]
    #expect(values[0] == .rawText([0x4d, 0xfc]))
    #expect(values[0] != values[1])
    #expect(values[2] == .text("\u{fffd}"))
    #expect(values[0].textValue == "M\u{fffd}")
    #expect(try connection.value("SELECT hex(?)", [values[0]]) == .text("4DFC"))
    #expect(try connection.value("SELECT typeof(?)", [.rawText([])]) == .text("text"))
    try connection.close()
  }

  @Test func `text that only looks alike is not equal`() {
    #expect(Value.text("\u{e9}") != .text("e\u{301}"))
    #expect(Set([Value.text("\u{e9}"), .text("e\u{301}"), .text("\u{e9}")]).count == 2)
    #expect(Value.text("a") != .blob([0x61]))
    #expect(Value.integer(1) != .real(1))
  }

  @Test func `a quote with an accent on it does not end a name`() throws {
    let connection = try Connection.inMemory()
    let name = "a\"\u{301} b"
    try connection.execute("CREATE TABLE \(Connection.quoted(name)) (x)")
    #expect(try connection.tableNames().map { Array($0.utf8) } == [Array(name.utf8)])
    try connection.close()
  }
}
