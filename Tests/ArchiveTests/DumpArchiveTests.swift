import Archive
import DurableFiles
import Foundation
import TestKit
import Testing

/// Archives that hold a server's dump: format 2.
@Suite struct DumpArchiveTests {
  static let dialects = Manifest.Dialect.allCases.filter { $0 != .sqlite }

  private func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 / 251) }
  }

  private func write(
    _ payload: [UInt8],
    in pieces: Int,
    dialect: Manifest.Dialect = .postgresql,
    to path: String
  ) throws {
    let writer = try ArchiveWriter(
      creating: path,
      format: Manifest.format(for: dialect),
      files: FileSystem()
    )
    for start in stride(from: 0, to: payload.count, by: pieces) {
      try writer.append(Array(payload[start..<min(start + pieces, payload.count)]))
    }
    try writer.closeDump(contentSHA256: String(repeating: "5", count: 64))
    let summary = try writer.readBack()
    try writer.publish(
      Manifest(
        id: "0123abcd",
        sequence: 1,
        created: "2026-11-24T22:51:33Z",
        reason: .manual,
        database: Manifest.Database(
          address: "postgresql://host:5432/name",
          dialect: dialect,
          server: Manifest.Database.Server(
            version: "15.18",
            client: "pg_dump (PostgreSQL) 15.18",
            encoding: "UTF8 C C"
          )
        ),
        heads: ["a"],
        target: nil,
        rowCounts: ["t": 3],
        image: summary.image,
        members: summary.members,
        tool: "test",
        sqlite: nil
      )
    )
  }

  @Test(arguments: dialects)
  func `a dump of any size comes back, by us and by gunzip`(_ dialect: Manifest.Dialect) throws {
    let scratch = try Scratch()
    let path = scratch.file("a" + ArchiveFormat.fileExtension(dialect))
    let member = ArchiveFormat.memberSize
    for count in [1, 1000, member - 1, member, member + 1, 2 * member, 3 * member + 17] {
      let payload = bytes(count)
      try write(payload, in: 70_001, dialect: dialect, to: path)
      let reader = try ArchiveReader(opening: path)
      try reader.verify()
      #expect(reader.manifest.format == 2)
      #expect(reader.manifest.database.dialect == dialect)
      #expect(reader.manifest.database.server?.version == "15.18")
      #expect(reader.manifest.image.size == Int64(count))
      var read: [UInt8] = []
      while case let piece = try reader.payload(at: Int64(read.count), upTo: 300_000),
        !piece.isEmpty
      {
        read += piece
      }
      #expect(read == payload)
      let gunzip = try Command.run(["sh", "-c", "gunzip -c \"$1\" | sha256sum", "sh", path])
      #expect(gunzip.output.hasPrefix(reader.manifest.image.sha256), "\(count)")
      try FileManager.default.removeItem(atPath: path)
    }
  }

  @Test func `an empty dump is none`() throws {
    let scratch = try Scratch()
    #expect(throws: ArchiveError.self) {
      try write([], in: 1, to: scratch.file("a.pgdump.gz"))
    }
    #expect(try scratch.names() == [])
  }

  @Test func `every flipped bit is found`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.pgdump.gz")
    try write(bytes(300), in: 100, to: path)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    let changed = scratch.file("changed.pgdump.gz")
    for index in whole.indices {
      for bit in 0..<8 {
        var data = whole
        data[index] ^= 1 << bit
        try data.write(to: URL(fileURLWithPath: changed))
        #expect(throws: ArchiveError.self, "byte \(index), bit \(bit)") {
          try ArchiveReader(opening: changed).verify()
        }
      }
    }
  }
}
