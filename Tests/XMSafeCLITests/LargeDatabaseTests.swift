import Foundation
import SQLite
import TestKit
import Testing

/// A database of more than 1 GiB, where SQLite leaves out the page with its lock bytes.
///
/// See "The Lock-Byte Page", https://www.sqlite.org/fileformat2.html#the_lock_byte_page.
@Suite struct LargeDatabaseTests {
  @Test
  func `a database of more than 1 GiB comes back with every row on both sides of the lock page`()
    throws
  {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    // Zeros but for the first and the last bytes of each row, so that it is quick; 65,536-byte pages, so that there are few.
    try SampleDatabases.create(
      path,
      [
        "PRAGMA page_size=65536", "PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a, big BLOB, z)",
        """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 36)
        INSERT INTO t SELECT i, randomblob(50), zeroblob(30000000), randomblob(50) FROM n
        """,
      ]
    )
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    #expect(try #require(size) > 0x4000_0000 + 65536)
    let saved = try Workshop.xmSafe(["snapshot", "--db", path])
    #expect(saved.status == 0, "\(saved)")
    let copy = scratch.file("copy.sqlite3")
    let restored = try Workshop.xmSafe(["restore", "latest", "--db", path, "--to", copy])
    #expect(restored.status == 0, "\(restored)")
    let list = try Workshop.xmSafe(["show", "latest", "--db", path, "--json"])
    let json = try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [String: Any]
    let sum = try Command.run([
      "sh", "-c", "gunzip -c \"$1\" | sha256sum", "sh", try #require(json?["path"] as? String),
    ])
    #expect(sum.output.hasPrefix(try #require(json?["sha256"] as? String)))
    let connection = try Connection(opening: copy, mode: .readWrite)
    try connection.execute("ATTACH ? AS original", [.text(path)])
    let equal = """
      SELECT count(*) FROM main.t x JOIN original.t y USING (id)
      WHERE x.a = y.a AND x.big = y.big AND x.z = y.z
      """
    #expect(try connection.value(equal) == .integer(36))
    #expect(try connection.quickCheck() == [])
    try connection.close()
  }
}
