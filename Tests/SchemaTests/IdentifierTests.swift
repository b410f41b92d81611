import Schema
import Testing

/// Quoting of names, and of text.
@Suite struct IdentifierTests {
  struct NameCase: Sendable, CustomTestStringConvertible {
    let name: String
    let quoted: String
    var testDescription: String { name }
  }

  @Test(arguments: [
    NameCase(name: "id", quoted: "id"),
    NameCase(name: "x$1", quoted: "x$1"),
    NameCase(name: "_u", quoted: "_u"),
    NameCase(name: "user", quoted: "user"),
    NameCase(name: "Id", quoted: "\"Id\""),
    NameCase(name: "9x", quoted: "\"9x\""),
    NameCase(name: "$x", quoted: "\"$x\""),
    NameCase(name: "my col", quoted: "\"my col\""),
    NameCase(name: "naïve", quoted: "\"naïve\""),
    NameCase(name: "q\"t", quoted: "\"q\"\"t\""),
    NameCase(name: "d:e", quoted: "\"d:e\""),
    NameCase(name: "b%c", quoted: "\"b%c\""),
    NameCase(name: "select", quoted: "\"select\""),
    NameCase(name: "", quoted: "\"\""),
    NameCase(name: "a\n", quoted: "\"a\n\""),
  ])
  func `a name is quoted where it must be`(_ sample: NameCase) {
    #expect(Identifier.quoted(sample.name) == sample.quoted)
  }

  @Test func `every reserved word is quoted`() {
    #expect(Identifier.reservedWords.count == 117)
    for word in Identifier.reservedWords {
      #expect(Identifier.quoted(word) == "\"\(word)\"")
      #expect(word == word.lowercased())
    }
    #expect(Identifier.list(["a", "order", "B"]) == "a, \"order\", \"B\"")
  }

  struct TextCase: Sendable, CustomTestStringConvertible {
    let text: String
    let sql: String?
    var testDescription: String { text }
  }

  @Test(arguments: [
    TextCase(text: "a != '\\:x'", sql: "a != ':x'"),
    TextCase(text: "'a\\:b::c'", sql: "'a\\:b::c'"),
    TextCase(text: "x::int", sql: "x::int"),
    TextCase(text: "'a:b'", sql: "'a:b'"),
    TextCase(text: "':'", sql: "':'"),
    TextCase(text: "12:34:56", sql: "12:34:56"),
    TextCase(text: "a % 2", sql: "a % 2"),
    TextCase(text: "\\", sql: "\\"),
    TextCase(text: ":x:", sql: ":x:"),
    TextCase(text: "':x'", sql: nil),
    TextCase(text: "x = :é", sql: nil),
    TextCase(text: ":x", sql: nil),
  ])
  func `text is sent as SQLAlchemy sends it`(_ sample: TextCase) throws {
    guard let sql = sample.sql else {
      let error = #expect(throws: SchemaError.self) { try SQLText.rendered(sample.text) }
      #expect(error?.code == .refused)
      return
    }
    #expect(try SQLText.rendered(sample.text) == sql)
  }

  @Test func `a literal doubles its quotes`() {
    #expect(SQLText.literal("it's") == "'it''s'")
    #expect(SQLText.literal("") == "''")
  }
}
