import SQLite
import TestKit
import Testing

@Suite struct ImageStreamTests {
  private final class Sink {
    var bytes: [UInt8] = []
  }

  /// The image of a database as the stream gives it: page 1 first.
  private func image(of path: String) throws -> [UInt8] {
    let source = try Connection(opening: path, mode: .readWrite)
    try source.beginReading()
    let sink = Sink()
    let stream = ImageStream { sink.bytes.append(contentsOf: $0) }
    let destination = try VirtualDatabase(stream)
    let pages = try OnlineBackup.copy(
      from: source,
      to: destination.connection,
      timeout: .zero
    )
    try destination.connection.close()
    try source.rollback()
    try source.close()
    return try stream.finish(pageCount: pages) + sink.bytes
  }

  /// A database that is read out of memory.
  private final class ImageFile: VirtualFile {
    let bytes: [UInt8]
    init(_ bytes: [UInt8]) { self.bytes = bytes }
    var size: Int64 { Int64(bytes.count) }
    var isReadOnly: Bool { true }
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws {
      for index in buffer.indices {
        let position = Int(offset) + index
        buffer[index] = position < bytes.count ? bytes[position] : 0
      }
    }
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws {}
  }

  @Test(arguments: [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536])
  func `a database of any page size streams out and back in`(_ pageSize: Int) throws {
    let scratch = try Scratch()
    try SampleDatabases.large(scratch.file("a"), rows: 500, pageSize: pageSize)
    let image = try image(of: scratch.file("a"))
    #expect(image.count % pageSize == 0)
    let source = try VirtualDatabase(ImageFile(image))
    let copy = try Connection(opening: scratch.file("b"), mode: .create)
    try OnlineBackup.copy(from: source.connection, to: copy, timeout: .zero)
    try copy.close()
    #expect(try DatabaseDump.text(scratch.file("a")) == DatabaseDump.text(scratch.file("b")))
  }

  @Test func `an empty database is one page`() throws {
    let scratch = try Scratch()
    try scratch.write("", to: "a")
    #expect(try image(of: scratch.file("a")).count == 4096)
  }

  @Test func `a WAL database streams with what only its log has`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a")
    let live = try Connection(opening: path, mode: .create)
    try live.execute("PRAGMA journal_mode=WAL")
    try live.execute("PRAGMA wal_autocheckpoint=0")
    try live.execute("CREATE TABLE t (a)")
    try live.execute("INSERT INTO t VALUES ('in the log')")
    let image = try image(of: path)
    let copy = try VirtualDatabase(ImageFile(image)).connection
    #expect(try copy.value("SELECT a FROM t") == .text("in the log"))
    #expect(image[18] == 2, "the snapshot of a WAL database is a WAL database")
    try live.close()
  }

  @Test func `the page with the lock bytes is filled with zeros`() throws {
    let pageSize = 65536
    let page = [UInt8](repeating: 7, count: pageSize)
    var count = 0
    var zeros = 0
    let stream = ImageStream { bytes in
      count += 1
      if bytes.allSatisfy({ $0 == 0 }) { zeros += 1 }
    }
    let lockPage = 0x4000_0000 / pageSize
    try page.withUnsafeBytes { bytes in
      for index in 1...(lockPage + 1) where index != lockPage {
        try stream.write(bytes, at: Int64(index * pageSize))
      }
      try stream.write(bytes, at: 0)
    }
    #expect(try stream.finish(pageCount: lockPage + 2) == page)
    #expect(count == lockPage + 1)
    #expect(zeros == 1)
  }

  @Test func `pages in another order are an error, not an archive`() throws {
    let page = [UInt8](repeating: 7, count: 4096)
    let stream = ImageStream { _ in }
    try page.withUnsafeBytes { bytes in
      try stream.write(bytes, at: 4096)
      #expect(throws: ImageStream.OutOfOrder.self) { try stream.write(bytes, at: 4096 * 3) }
      #expect(throws: ImageStream.OutOfOrder.self) { try stream.write(bytes, at: 4096) }
    }
    #expect(throws: ImageStream.OutOfOrder.self) { try stream.finish(pageCount: 2) }
  }

  @Test(arguments: ["delete", "wal"])
  func `a copy is not begun when somebody has written since`(_ mode: String) throws {
    let scratch = try Scratch()
    try SampleDatabases.large(scratch.file("a"), rows: 50)
    // In rollback mode the copy also changes the page size.
    try SampleDatabases.large(scratch.file("b"), rows: 50, pageSize: mode == "wal" ? 4096 : 1024)
    try SampleDatabases.create(scratch.file("b"), ["PRAGMA journal_mode=\(mode)"])
    let source = try Connection(opening: scratch.file("a"), mode: .readWrite)
    let live = try Connection(opening: scratch.file("b"), mode: .readWrite)
    let other = try Connection(opening: scratch.file("b"), mode: .readWrite)
    try live.beginImmediate()
    let version = try live.dataVersion()
    try live.rollback()
    try other.execute("DELETE FROM data")
    #expect(throws: OnlineBackup.DestinationChanged.self) {
      try OnlineBackup.copy(from: source, to: live, ifStill: version, timeout: .zero)
    }
    #expect(try other.value("SELECT count(*) FROM data") == .integer(0))
    try live.beginImmediate()
    let now = try live.dataVersion()
    try live.rollback()
    try OnlineBackup.copy(from: source, to: live, ifStill: now, timeout: .zero)
    #expect(try other.value("SELECT count(*) FROM data") == .integer(50))
  }

  @Test func `what the consumer throws comes out of the copy`() throws {
    struct DiskFull: Error {}
    let scratch = try Scratch()
    try SampleDatabases.large(scratch.file("a"), rows: 100)
    let source = try Connection(opening: scratch.file("a"), mode: .readWrite)
    try source.beginReading()
    let destination = try VirtualDatabase(ImageStream { _ in throw DiskFull() })
    #expect(throws: (any Error).self) {
      try OnlineBackup.copy(from: source, to: destination.connection, timeout: .zero)
    }
    #expect(destination.failure is DiskFull)
  }
}
