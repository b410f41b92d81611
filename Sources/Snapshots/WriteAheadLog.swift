internal import DurableFiles
internal import Stopping

/// What SQLite would replay of a `-wal` file: its committed frames.
///
/// The format is that of https://www.sqlite.org/fileformat2.html#the_write_ahead_log: a frame counts if its salts are the
/// header's and its checksum, which goes on from the frame before, is right; and only up to the last one that ends a commit.
/// However long the log is, only one frame of it is in memory, the page numbers of one transaction, and a bit for every page
/// that is looked for.
struct WriteAheadLog {
  /// The page size in bytes.
  let pageSize: Int
  /// How many pages the database has after the last commit.
  private(set) var pageCount: UInt32 = 0
  /// The change counter of page 1 in the first committed frame that has it; nil if none has.
  private(set) var firstCounter: UInt32?
  /// The change counter of page 1 in the last committed frame that has it; nil if none has.
  private(set) var lastCounter: UInt32?
  /// Whether all commits leave the database with the same number of pages.
  private(set) var keepsPageCount = true
  private var pages: PageSet

  /// Whether a page is in a committed frame; only pages that were asked for are known.
  func has(_ page: UInt32) -> Bool { pages.contains(page) }

  /// Reads a log.
  ///
  /// - Parameters:
  ///   - path: The log.
  ///   - files: The file system to use.
  ///   - known: How many pages the database file has, as far as the log's page size says; those are not looked for.
  ///   - isEnough: Asked at the end of each commit whether the rest need not be read.
  /// - Returns: What would be replayed; nil if that is nothing.
  /// - Throws: `FileError`; `Stopped`.
  static func read(
    _ path: String,
    files: FileSystem,
    known: (_ pageSize: Int) -> UInt32 = { _ in 0 },
    isEnough: (WriteAheadLog) -> Bool = { _ in false }
  ) throws -> WriteAheadLog? {
    guard let file = try open(path, files), let header = try file.read(headerSize, at: 0),
      var sum = Checksum(header)
    else { return nil }
    let pageSize = Int(word(header, 8))
    guard pageSize >= 512, pageSize <= 65_536, pageSize & (pageSize - 1) == 0 else { return nil }
    let first = known(pageSize)
    let possible = file.size / Int64(frameHeaderSize + pageSize)
    var log = WriteAheadLog(
      pageSize: pageSize,
      pages: PageSet(after: first, count: Int(clamping: possible) + 1)
    )
    // What no commit has ended yet: the numbers of the pages, and the header of the first page, as often as it is there.
    var pending: [UInt32] = []
    var headers: [[UInt8]] = []
    var offset = Int64(headerSize)
    while let frame = try file.read(frameHeaderSize + pageSize, at: offset) {
      if pending.count % 1024 == 0 { try StopSwitch.check() }
      offset += Int64(frame.count)
      guard word(frame, 0) > 0, frame[8..<16] == header[16..<24] else { break }
      sum.add(frame[0..<8])
      sum.add(frame[frameHeaderSize...])
      guard sum.first == word(frame, 16), sum.second == word(frame, 20) else { break }
      pending.append(word(frame, 0))
      if word(frame, 0) == 1 { headers.append(Array(frame[frameHeaderSize...].prefix(100))) }
      guard word(frame, 4) > 0 else { continue }
      log.commit(pending, headers, count: word(frame, 4))
      pending.removeAll(keepingCapacity: true)
      headers = []
      if isEnough(log) { break }
    }
    return log.pageCount > 0 ? log : nil
  }

  private static func open(
    _ path: String,
    _ files: FileSystem
  ) throws(FileError) -> ReadableFile? {
    guard let size = try FileStatus.ifPresent(path)?.size, size > Int64(headerSize) else {
      return nil
    }
    do {
      return try ReadableFile(opening: path, calls: files.calls)
    } catch  where error.isNotFound {
      return nil
    }
  }

  private init(pageSize: Int, pages: PageSet) {
    self.pageSize = pageSize
    self.pages = pages
  }

  private mutating func commit(_ written: [UInt32], _ headers: [[UInt8]], count: UInt32) {
    for page in written { pages.insert(page) }
    if let first = headers.first, firstCounter == nil { firstCounter = Self.word(first, 24) }
    if let last = headers.last { lastCounter = Self.word(last, 24) }
    if pageCount > 0, count != pageCount { keepsPageCount = false }
    pageCount = count
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
      var (one, two) = (first, second)
      var index = bytes.startIndex
      while index < bytes.endIndex {
        one = one &+ number(bytes, index) &+ two
        two = two &+ number(bytes, index + 4) &+ one
        index += 8
      }
      (first, second) = (one, two)
    }

    private func number(_ bytes: ArraySlice<UInt8>, _ index: Int) -> UInt32 {
      let (a, b) = (UInt32(bytes[index]), UInt32(bytes[index + 1]))
      let (c, d) = (UInt32(bytes[index + 2]), UInt32(bytes[index + 3]))
      return isBigEndian ? a << 24 | b << 16 | c << 8 | d : d << 24 | c << 16 | b << 8 | a
    }
  }
}
