import Foundation
import SQLite

/// Another process that writes rows 1 to k of its own, some in each transaction, as fast as it can.
///
/// The table is `w (writer, n)`. The first transaction that SQLite refuses ends the process, with the reason as its output.
public final class Writer {
  private let process: Command.Running
  private let done: String

  /// Starts it.
  ///
  /// - Parameters:
  ///   - database: The database, which has the table.
  ///   - number: The writer's number.
  ///   - rows: How many rows a transaction has.
  ///   - timeout: How many seconds it waits for a lock.
  ///   - scratch: Where it notes what it has committed.
  /// - Throws: What starting a process throws.
  public init(_ database: String, number: Int, rows: Int, timeout: Double, scratch: Scratch) throws
  {
    done = scratch.file("writer-\(number)-\(UUID().uuidString)")
    process = try Command.started([
      Workshop.python, "-c", Self.program, database, "\(number)", "\(rows)", "\(timeout)", done,
    ])
  }

  // Notes what is committed, and how long the longest commit took, only after it is committed: two numbers of fixed length,
  // written in one call.
  private static let program = """
    import os, sqlite3, sys, time
    path, writer, rows, timeout, note = sys.argv[1:]
    db = sqlite3.connect(path, timeout=float(timeout), isolation_level=None)
    db.execute("PRAGMA synchronous=OFF")
    parent = os.getppid()
    done = os.open(note, os.O_CREAT | os.O_WRONLY)
    n, longest = 0, 0.0
    try:
        while os.getppid() == parent:
            began = time.monotonic()
            db.execute("BEGIN IMMEDIATE")
            for _ in range(int(rows)):
                n += 1
                db.execute("INSERT INTO w VALUES (?, ?)", (int(writer), n))
            db.execute("COMMIT")
            longest = max(longest, time.monotonic() - began)
            os.pwrite(done, b"%012d %012d" % (n, longest * 1e6), 0)
    except sqlite3.OperationalError as error:
        print(error)
    """

  /// The rows that are committed for sure, and the microseconds of the longest transaction so far.
  private func note() throws -> [Int] {
    guard FileManager.default.fileExists(atPath: done) else { return [0, 0] }
    let text = try String(contentsOfFile: done, encoding: .utf8)
    let numbers = text.split(separator: " ").compactMap { Int($0) }
    return numbers.count == 2 ? numbers : [0, 0]
  }

  /// The rows that are committed for sure.
  public func committed() throws -> Int { try note()[0] }

  /// How long the longest transaction took, from its beginning to its commit.
  public func longest() throws -> Duration { .microseconds(try note()[1]) }

  /// Waits until it has committed something more.
  public func waitForProgress() throws {
    let before = try committed()
    while try committed() == before, isRunning {}
  }

  /// Whether nothing has stopped it.
  public var isRunning: Bool { process.isRunning }

  /// Ends it; a signal that can be blocked would be, because a process inherits the mask of the thread that starts it.
  ///
  /// - Returns: What stopped it before; empty if nothing did.
  public func stop() throws -> String {
    kill(process.id, SIGKILL)
    return try process.finish().output
  }

  deinit {
    // After a test that failed half-way; a process id whose process is gone is not ours any more.
    if process.isRunning { kill(process.id, SIGKILL) }
  }
}
