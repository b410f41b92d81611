internal import DurableFiles

/// What SQLite would replay of a `-wal` file: its committed frames.
///
/// The format is that of https://www.sqlite.org/fileformat2.html#the_write_ahead_log: a frame counts if its salts are the
/// header's and its checksum, which goes on from the frame before, is right; and only up to the last one that ends a commit.
struct WriteAheadLog {
  /// The page size in bytes.
  let pageSize: Int
  /// How many pages the database has after the last commit.
  private(set) var pageCount: UInt32 = 0
  /// The pages in committed frames.
  private(set) var pages: Set<UInt32> = []

  /// Reads a log.
  ///
  /// - Parameters:
  ///   - path: The log.
  ///   - files: The file system to use.
  /// - Returns: What would be replayed; nil if that is nothing.
  /// - Throws: `FileError`.
  static func read(_ path: String, files: FileSystem) throws(FileError) -> WriteAheadLog? {
    guard let size = try FileStatus.ifPresent(path)?.size, size > Int64(headerSize) else {
      return nil
    }
    let file: ReadableFile
    do {
      file = try ReadableFile(opening: path, calls: files.calls)
    } catch  where error.isNotFound {
      return nil
    }
    guard let header = try file.read(headerSize, at: 0), var sum = Checksum(header) else {
      return nil
    }
    let pageSize = Int(word(header, 8))
    guard pageSize >= 512, pageSize <= 65_536, pageSize & (pageSize - 1) == 0 else { return nil }
    var log = WriteAheadLog(pageSize: pageSize)
    var pending: Set<UInt32> = []
    var offset = Int64(headerSize)
    while let frame = try file.read(frameHeaderSize + pageSize, at: offset) {
      offset += Int64(frame.count)
      let number = word(frame, 0)
      guard number > 0, frame[8..<16] == header[16..<24] else { break }
      sum.add(frame[0..<8])
      sum.add(frame[frameHeaderSize...])
      guard sum.first == word(frame, 16), sum.second == word(frame, 20) else { break }
      pending.insert(number)
      guard word(frame, 4) > 0 else { continue }
      log.pageCount = word(frame, 4)
      log.pages.formUnion(pending)
      pending = []
    }
    return log.pageCount > 0 ? log : nil
  }

  private init(pageSize: Int) {
    self.pageSize = pageSize
  }

  private static let headerSize = 32
  private static let frameHeaderSize = 24

  /// A number as it is written: most significant byte first.
  private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// The checksum, which runs on from the header over all frames; the magic number tells in which order it takes bytes.
  private struct Checksum {
    private(set) var first: UInt32 = 0
    private(set) var second: UInt32 = 0
    private let isBigEndian: Bool

    /// Begins with the header; nil if that is none.
    init?(_ header: [UInt8]) {
      let magic = word(header, 0)
      guard magic & ~1 == 0x377f_0682, word(header, 4) == 3_007_000 else { return nil }
      isBigEndian = magic & 1 == 1
      add(header[0..<24])
      guard first == word(header, 24), second == word(header, 28) else { return nil }
    }

    mutating func add(_ bytes: ArraySlice<UInt8>) {
      var index = bytes.startIndex
      while index < bytes.endIndex {
        first = first &+ number(bytes, index) &+ second
        second = second &+ number(bytes, index + 4) &+ first
        index += 8
      }
    }

    private func number(_ bytes: ArraySlice<UInt8>, _ index: Int) -> UInt32 {
      let (a, b) = (UInt32(bytes[index]), UInt32(bytes[index + 1]))
      let (c, d) = (UInt32(bytes[index + 2]), UInt32(bytes[index + 3]))
      return isBigEndian ? a << 24 | b << 16 | c << 8 | d : d << 24 | c << 16 | b << 8 | a
    }
  }
}
