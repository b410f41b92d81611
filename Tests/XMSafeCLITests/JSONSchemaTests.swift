import SQLite
import TestKit
import Testing

/// Databases whose schema calls SQLite's own functions: JSON in an index or a CHECK is nothing unusual.
@Suite struct JSONSchemaTests {
  @Test func `a database with JSON functions in its schema can be saved, checked and put back`()
    throws
  {
    let subject = try Subject()
    try subject.execute(
      "CREATE TABLE settings (data TEXT, CHECK (json_valid(data)), CHECK (json_extract(data, '$.n') > 0))",
      "CREATE INDEX ix_n ON settings (json_extract(data, '$.n'))",
      "CREATE VIEW numbers AS SELECT data ->> '$.n' AS n FROM settings",
      "CREATE TRIGGER t AFTER INSERT ON settings WHEN json_type(NEW.data) = 'array' BEGIN SELECT 1; END",
      "INSERT INTO settings VALUES ('{\"n\": 1}')"
    )
    let id = try subject.snapshot()
    let before = try subject.dump()
    try subject.run(["verify", "--all", "--deep"])
    try subject.execute("INSERT INTO settings VALUES ('{\"n\": 2}')")
    try subject.run(["diff", id, "live"])
    try subject.run(["restore", id])
    #expect(try subject.dump() == before)
    try subject.run(["prune", "--keep-last", "1"])
    let doctor = try subject.run(["doctor"])
    #expect(!doctor.output.contains("unsafe use"))
  }
}
