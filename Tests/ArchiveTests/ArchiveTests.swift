import Archive
import DurableFiles
import Foundation
import Synchronization
import TestKit
import Testing

/// Archives of a few pages, made without a database: the format knows none.
enum SampleArchive {
  static let pageSize = 512

  static func page(_ number: Int) -> [UInt8] {
    (0..<pageSize).map { UInt8(truncatingIfNeeded: $0 &* number &+ number &+ number / 256 * 31) }
  }

  static func image(pages: Int) -> [UInt8] { (1...pages).flatMap(page) }

  @discardableResult
  static func write(
    _ path: String,
    pages: Int = 5,
    tables: [String: Int64] = ["t": 3],
    files: FileSystem = FileSystem()
  ) throws -> Manifest {
    let writer = try ArchiveWriter(creating: path, files: files)
    for number in 1..<pages {
      try page(number + 1).withUnsafeBytes { try writer.append($0, pageSize: pageSize) }
    }
    try writer.closeImage(firstPage: page(1))
    let summary = try writer.readBack()
    let manifest = manifest(pages: pages, tables: tables, summary)
    try writer.publish(manifest)
    return manifest
  }

  static func manifest(
    pages: Int,
    tables: [String: Int64] = ["t": 3],
    _ summary: ArchiveWriter.Summary
  ) -> Manifest {
    Manifest(
      id: "0123abcd",
      sequence: 1,
      created: "2026-11-22T22:51:33Z",
      reason: .manual,
      database: Manifest.Database(
        path: "/data/ünïcödé \"x\"\n.sqlite3",
        pageSize: pageSize,
        pageCount: pages,
        journalMode: "delete",
        userVersion: 7,
        applicationID: 42
      ),
      heads: ["f45829405692"],
      target: nil,
      rowCounts: tables,
      image: summary.image,
      members: summary.members,
      tool: "test",
      sqlite: "3.40.1"
    )
  }
}

@Suite struct ArchiveTests {
  @Test(arguments: [1, 2, 5, 2050, 4100])
  func `an archive gives back its image and its manifest`(_ pages: Int) throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3.gz")
    let manifest = try SampleArchive.write(path, pages: pages)
    let reader = try ArchiveReader(opening: path)
    #expect(reader.manifest == manifest)
    #expect(manifest.members.count == 1 + (pages - 1 + 2047) / 2048)
    try reader.verify()
    var image = [UInt8](repeating: 9, count: pages * SampleArchive.pageSize)
    try image.withUnsafeMutableBytes { try reader.readImage(into: $0, at: 0) }
    #expect(image == SampleArchive.image(pages: pages))
  }

  /// What compressors find hard, each longer than a member.
  struct Content: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var byte: @Sendable (Int) -> UInt8

    static let all = [
      Content(testDescription: "zeros") { _ in 0 },
      Content(testDescription: "noise") { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) },
      Content(testDescription: "text") { Array("experiment_1660001 ".utf8)[$0 % 19] },
      Content(testDescription: "text and noise by turns") {
        $0 / 5000 % 2 == 0 ? 65 : UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13)
      },
    ]
  }

  @Test(arguments: Content.all, 0...9)
  func `whatever the content and the level, gunzip gives it back`(
    _ content: Content,
    _ level: Int
  ) throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3.gz")
    let count = (1 << 20) + 3 * SampleArchive.pageSize
    let image = (0..<count).map(content.byte)
    let writer = try ArchiveWriter(creating: path, level: level, files: FileSystem())
    let first = Array(image.prefix(SampleArchive.pageSize))
    try image.dropFirst(first.count).withUnsafeBytes {
      for start in stride(from: 0, to: $0.count, by: first.count) {
        let page = UnsafeRawBufferPointer(rebasing: $0[start..<(start + first.count)])
        try writer.append(page, pageSize: first.count)
      }
    }
    try writer.closeImage(firstPage: first)
    let summary = try writer.readBack()
    try writer.publish(SampleArchive.manifest(pages: count / first.count, summary))
    // Never longer than storing it.
    #expect(writer.archiveSize < count + count / 1000 + 5000)
    let outcome = try Command.run(["sh", "-c", "gunzip -c \"$1\" | sha256sum", "sh", path])
    #expect(outcome.output.hasPrefix(summary.image.sha256))
    try ArchiveReader(opening: path).verify()
  }

  @Test func `gunzip alone gives the image, with the digest of the manifest`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3.gz")
    let manifest = try SampleArchive.write(path, pages: 2100)
    let script = "gunzip -c \"$1\" > \"$2\" && sha256sum < \"$2\" && gzip -t \"$1\""
    let outcome = try Command.run(["sh", "-c", script, "sh", path, scratch.file("image")])
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix(manifest.image.sha256))
    let image = try ReadableFile.contents(of: scratch.file("image"), limit: 1 << 24)
    #expect(image == SampleArchive.image(pages: 2100))
  }

  /// The reader that Backups/README.md promises: thirty lines, nothing but Python's own library.
  static let pythonReader = """
    import hashlib, json, struct, sys, zlib
    data = open(sys.argv[1], "rb").read()
    assert data[:4] == b"\\x1f\\x8b\\x08\\x04" and data[12:14] == b"XM" and data[16:24] == b"xm-safe\\0"
    assert struct.unpack("<H", data[24:26])[0] == 1, "made by a newer xm-safe"
    tail = data[-70:]
    assert tail[12:14] == b"XT"
    offset, length = struct.unpack("<QI", tail[16:28])
    member = data[offset:offset + length]
    assert hashlib.sha256(member).digest() == tail[28:60] and member[12:14] == b"XJ"
    manifest = json.loads(member[20:member.index(b"\\0", 20)])
    position, image = 38, b""
    for digest in manifest["members"]:
        assert data[position + 12:position + 14] == b"XD"
        size, count = struct.unpack("<II", data[position + 16:position + 24])
        stored = data[position:position + size]
        assert hashlib.sha256(stored).hexdigest() == digest
        page = zlib.decompress(stored[24:-8], -15)
        assert struct.unpack("<II", stored[-8:]) == (zlib.crc32(page), count) and len(page) == count
        image, position = image + page, position + size
    assert position == offset and len(image) == manifest["image"]["size"]
    assert hashlib.sha256(image).hexdigest() == manifest["image"]["sha256"]
    open(sys.argv[2], "wb").write(image)
    print(manifest["database"]["path"])
    """

  @Test func `thirty lines of Python written from the description read an archive`() throws {
    #expect(Self.pythonReader.split(separator: "\n").count <= 30)
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3.gz")
    let manifest = try SampleArchive.write(path, pages: 4100)
    let outcome = try Command.run(
      [Workshop.python, "-c", Self.pythonReader, path, scratch.file("image")]
    )
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.output == manifest.database.path + "\n")
    let image = try ReadableFile.contents(of: scratch.file("image"), limit: 1 << 24)
    #expect(image == SampleArchive.image(pages: 4100))
  }

  @Test func `Python's gzip reads it too`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3.gz")
    let manifest = try SampleArchive.write(path, pages: 2100)
    let program =
      "import gzip, hashlib, sys; print(hashlib.sha256(gzip.open(sys.argv[1]).read()).hexdigest())"
    let outcome = try Command.run([Workshop.python, "-c", program, path])
    #expect(outcome.output == manifest.image.sha256 + "\n", "\(outcome)")
  }

  @Test func `a manifest whose numbers cannot be is refused without a trap`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3.gz")
    try SampleArchive.write(path, pages: 3)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    // Another manifest behind the same data, with a tail that fits: everything is right but what it says.
    let program = """
      import hashlib, json, struct, sys
      data = open(sys.argv[1], "rb").read()
      offset, length = struct.unpack("<QI", data[-54:-42])
      member = data[offset:offset + length]
      manifest = json.loads(member[20:member.index(b"\\0", 20)])
      exec(sys.argv[3])
      text = json.dumps(manifest).encode()
      size = 20 + len(text) + 1 + 2 + 8
      member = member[:16] + struct.pack("<I", size) + text + member[member.index(b"\\0", 20):]
      tail = data[-70:-54] + struct.pack("<QI", offset, size) + hashlib.sha256(member).digest() + data[-10:]
      open(sys.argv[2], "wb").write(data[:offset] + member + tail)
      """
    let changed = scratch.file("changed.sqlite3.gz")
    let lies = [
      "manifest['image']['size'] = 2**63 - 1", "manifest['image']['size'] = -512",
      "manifest['image']['size'] = 2**40",
      "manifest['image']['size'] = 0", "manifest['database']['pageSize'] = 3",
      "manifest['database']['pageCount'] = 2**62",
      "manifest['database']['pageSize'] = 0", "manifest['sequence'] = 2**63 - 1",
      "manifest['sequence'] = 0",
      "manifest['id'] = '../../x'", "manifest['id'] = '\\x1b[2J1234'", "manifest['members'] = []",
      "manifest['members'] *= 1000", "manifest['format'] = 2",
      "manifest['image']['memberSize'] = 2**40",
      "del manifest['heads']", "manifest = [manifest]",
      "manifest['image']['size'] = 512 * 2**50; manifest['database']['pageCount'] = 2**50",
    ]
    for lie in lies {
      let outcome = try Command.run([Workshop.python, "-c", program, path, changed, lie])
      #expect(outcome.status == 0, "\(outcome)")
      #expect(throws: ArchiveError.self, "\(lie)") { try verify(changed) }
    }
    let honest = try Command.run([Workshop.python, "-c", program, path, changed, "pass"])
    #expect(honest.status == 0)
    try verify(changed)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == whole)
  }

  /// Opens, and reads everything.
  private func verify(_ path: String) throws {
    try ArchiveReader(opening: path).verify()
  }

  @Test func `every flipped bit of an archive is found`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3.gz")
    try SampleArchive.write(path, pages: 3)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    let changed = scratch.file("changed.sqlite3.gz")
    for index in whole.indices {
      for bit in 0..<8 {
        var data = whole
        data[index] ^= 1 << bit
        try data.write(to: URL(fileURLWithPath: changed))
        #expect(throws: ArchiveError.self, "byte \(index) of \(whole.count), bit \(bit)") {
          try verify(changed)
        }
      }
    }
  }

  @Test func `an archive cut anywhere, or with anything behind it, is refused`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3.gz")
    try SampleArchive.write(path, pages: 3)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    let changed = scratch.file("changed.sqlite3.gz")
    for count in 0..<whole.count {
      try whole.prefix(count).write(to: URL(fileURLWithPath: changed))
      #expect(throws: ArchiveError.self, "cut to \(count)") { try verify(changed) }
    }
    for tail in [Data([0]), whole, Data(repeating: 0, count: 70)] {
      try (whole + tail).write(to: URL(fileURLWithPath: changed))
      #expect(throws: ArchiveError.self) { try verify(changed) }
    }
  }

  @Test func `swapped and repeated members are found`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3.gz")
    try SampleArchive.write(path, pages: 4098)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    // The members of pages 2... are of one length here only if their content compresses alike; find them by hopping.
    var starts = [38]
    while starts.count < 4 {
      let start = starts[starts.count - 1]
      starts.append(
        start + Int(whole[start + 16]) + Int(whole[start + 17]) << 8 + Int(whole[start + 18]) << 16
      )
    }
    // Header, page 1, the two other data members, manifest, tail.
    let bounds = [0] + starts[..<4] + [whole.count - 70, whole.count]
    let members = zip(bounds, bounds.dropFirst()).map { whole[$0..<$1] }
    #expect(members.count == 6)
    let changed = scratch.file("changed.sqlite3.gz")
    func expectRefusal(_ members: [Data], _ what: String) throws {
      try Data(members.joined()).write(to: URL(fileURLWithPath: changed))
      #expect(throws: ArchiveError.self, "\(what)") { try verify(changed) }
    }
    for first in members.indices {
      var others = members
      others.remove(at: first)
      try expectRefusal(others, "without member \(first)")
      for second in members.indices {
        var repeated = members
        repeated.insert(members[first], at: second)
        try expectRefusal(repeated, "member \(first) once more before \(second)")
        guard second > first else { continue }
        var swapped = members
        swapped.swapAt(first, second)
        try expectRefusal(swapped, "members \(first) and \(second) swapped")
      }
    }
  }

  @Test(arguments: [true, false])
  func `an archive that shrinks or changes while it is read is found`(_ shrinks: Bool) throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3.gz")
    try SampleArchive.write(path, pages: 4100)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    var other = whole
    for index in 38..<other.count { other[index] ^= 0x55 }
    let changed = other
    var number = 0
    while true {
      number += 1
      try whole.write(to: URL(fileURLWithPath: path))
      let count = Mutex(0)
      var calls = SystemCalls.live
      calls.pread = { [number] file, bytes, offset in
        let isNow = count.withLock { count in
          count += 1
          return count == number
        }
        if isNow, let handle = FileHandle(forWritingAtPath: path) {
          if shrinks { try? handle.truncate(atOffset: 100) } else { handle.write(changed) }
        }
        return SystemCalls.live.pread(file, bytes, offset)
      }
      do {
        try ArchiveReader(opening: path, files: FileSystem(calls: calls)).verify()
        // Nothing was left to be read when it changed; or all of it, one whole archive.
        break
      } catch {
        #expect(error is ArchiveError, "\(error)")
      }
    }
    #expect(number > 5)
  }

  @Test func `a newer format is refused by its number`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3.gz")
    try SampleArchive.write(path)
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    data[24] = 3
    try data.write(to: URL(fileURLWithPath: path))
    let error = try #require(throws: ArchiveError.self) { try verify(path) }
    #expect(error.code == .newerFormat)
    #expect(error.description.contains("made by a newer xm-safe"))
  }

  @Test func `any other file is not an archive`() throws {
    let scratch = try Scratch()
    for text in ["", "x", String(repeating: "SQLite format 3\0", count: 20)] {
      let path = try scratch.write(text, to: "a.sqlite3.gz")
      let error = try #require(throws: ArchiveError.self) { try verify(path) }
      #expect(error.code == .notAnArchive)
    }
  }

  @Test(arguments: [ENOSPC, EIO])
  func `whichever call fails while it is written, no archive has its name unless it is whole`(
    _ code: Int32
  ) throws {
    var number = 0
    while true {
      number += 1
      let scratch = try Scratch()
      let failing = FailingCalls(at: number, code: code)
      let path = scratch.file("a.sqlite3.gz")
      do {
        try SampleArchive.write(path, pages: 2100, files: FileSystem(calls: failing.calls))
      } catch {
        #expect(failing.failed != nil, "\(error)")
      }
      guard failing.failed != nil else { break }
      let names = try scratch.names()
      #expect(names == [] || names == ["a.sqlite3.gz"], "after a failing \(failing.failed ?? "")")
      if names != [] { try verify(path) }
    }
    #expect(number > 20)
  }
}

@Suite struct ImageLayoutTests {
  @Test func `every byte of an image is in exactly one member`() {
    for size in [512, 1024, 1 << 20, (1 << 20) + 512, (1 << 20) + 1024, 5 << 20] {
      let layout = ImageLayout(pageSize: 512, size: Int64(size))
      var position: Int64 = 0
      for index in 0..<layout.memberCount {
        #expect(layout.offset(of: index) == position)
        #expect(layout.member(at: position) == index)
        position += Int64(layout.count(of: index))
        #expect(layout.member(at: position - 1) == index)
      }
      #expect(position == Int64(size))
    }
  }
}
