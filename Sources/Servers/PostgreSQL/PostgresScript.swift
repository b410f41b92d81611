internal import Archive
internal import Processes
internal import Snapshots

/// The SQL that `pg_restore` makes of a dump, without the `BEGIN` and `COMMIT` around it: it runs in a transaction of ours.
///
/// With `--single-transaction` there is exactly one of each: the first statement, and the last line before the closing comment. What
/// is not as expected ends the restore, which is then rolled back.
final class PostgresScript {
  private let program: ChildProcess
  private let payload: Payload
  private let total: Int64
  private let progress: ProgressReport
  private var fed: Int64 = 0
  private var waiting: [UInt8] = []
  private var errors = BoundedCapture()
  private var hasBegun = false

  // The closing comment and the lines around it are shorter.
  private static let tail = 1024
  private static let begin = Array("\nBEGIN;\n".utf8)
  private static let commit = Array("\nCOMMIT;\n".utf8)

  init(_ program: ChildProcess, feeding archive: ArchiveReader, progress: @escaping ProgressReport)
  {
    self.program = program
    self.progress = progress
    payload = Payload(archive)
    total = archive.manifest.image.size
    program.nextInput = { [unowned self] in
      let piece = try payload.next()
      fed += Int64(piece?.count ?? 0)
      try self.progress(Progress("restore", done: fed, total: total))
      return piece
    }
    program.onOutput = { [unowned self] in waiting += $0 }
    program.onErrors = { [unowned self] in errors.append($0) }
  }

  /// The next piece of the script; nil at the end.
  func next() throws -> [UInt8]? {
    if hasEnded { return nil }
    let isRunning = try program.talk { waiting.count > 64 << 10 }
    try strip()
    guard !isRunning else {
      let piece = Array(waiting.dropLast(Self.tail))
      waiting.removeFirst(piece.count)
      return piece
    }
    guard program.ending?.isSuccess == true else {
      throw ServerError(
        .failed,
        "pg_restore \(program.ending.map { "\($0)" } ?? ""): \(PostgresMessage.line(errors.text))",
        hint: "'xm-safe verify' tells whether the snapshot is whole"
      )
    }
    hasEnded = true
    guard let range = waiting.lastRange(of: Self.commit),
      waiting[range.upperBound...].split(separator: UInt8(ascii: "\n")).allSatisfy({
        $0.starts(with: "--".utf8) || $0.starts(with: "\\unrestrict ".utf8)
      })
    else {
      throw unexpected()
    }
    waiting.replaceSubrange(range, with: Array("\n".utf8))
    return waiting
  }

  private var hasEnded = false

  private func strip() throws {
    guard !hasBegun else { return }
    hasBegun = true
    guard let range = waiting.firstRange(of: Self.begin),
      waiting[..<range.lowerBound].split(separator: UInt8(ascii: "\n")).allSatisfy({
        $0.starts(with: "--".utf8) || $0.starts(with: "\\restrict ".utf8)
      })
    else {
      throw unexpected()
    }
    waiting.replaceSubrange(range, with: Array("\n".utf8))
  }

  private func unexpected() -> ServerError {
    ServerError(
      .failed,
      "pg_restore writes its script in a way that this version of xm-safe does not know",
      hint: "'gunzip -c FILE | pg_restore -d DATABASE' restores into an empty database"
    )
  }
}

extension [UInt8] {
  /// Where some bytes stand last.
  fileprivate func lastRange(of other: [UInt8]) -> Range<Int>? {
    guard count >= other.count else { return nil }
    return (0...(count - other.count)).reversed().first { self[$0...].starts(with: other) }
      .map { $0..<($0 + other.count) }
  }

  /// Where some bytes stand first.
  fileprivate func firstRange(of other: [UInt8]) -> Range<Int>? {
    guard count >= other.count else { return nil }
    return (0...(count - other.count)).first { self[$0...].starts(with: other) }
      .map { $0..<($0 + other.count) }
  }
}
