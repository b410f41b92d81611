package import DurableFiles
internal import FoundationEssentials

/// The log of runs of a store: `xm-safe.jsonl`, one line of JSON for each run that did something, oldest first.
///
/// It never grows beyond a bound: when it is full it becomes `xm-safe.jsonl.1`, in the place of the one before.
package struct RunLog: Sendable {
  /// The name of the file in the store.
  package static let name = "xm-safe.jsonl"
  /// How long the file may be before another one is begun.
  package static let bound: Int64 = 1 << 20
  /// How many bytes one line may have.
  static let lineBound = 64 << 10

  private let directory: String
  private let files: FileSystem
  private let bound: Int64

  /// Describes the log of a store.
  ///
  /// - Parameters:
  ///   - directory: The store's path.
  ///   - bound: How long the file may be.
  ///   - files: The file system to use.
  package init(_ directory: String, bound: Int64 = Self.bound, files: FileSystem = FileSystem()) {
    self.directory = directory
    self.bound = bound
    self.files = files
  }

  private var path: String { directory + "/" + Self.name }
  private var olderPath: String { path + ".1" }

  /// Whether there is a store that a log could be in.
  package var isPossible: Bool {
    do {
      return try FileStatus.ifPresent(directory)?.kind == .directory
    } catch {
      return false
    }
  }

  /// Adds a run, durably.
  ///
  /// - Parameter record: The run.
  /// - Throws: `FileError`, `KernelLock.Held`, or the encoder's error.
  package func append(_ record: RunRecord) throws {
    // Two runs on two databases may end at once in a store that they share.
    let lock = try KernelLock(
      taking: directory + "/.lock-runs",
      holder: "a run that ends",
      files: files,
      waiting: .seconds(5)
    )
    defer { lock.release() }
    let size = try files.append(line: try Self.line(record), to: path)
    guard size > bound else { return }
    try files.rename(path, to: olderPath)
    try files.sync(directory: directory)
  }

  private static func line(_ record: RunRecord) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var record = record
    while true {
      let line = [UInt8](try encoder.encode(record))
      guard line.count > lineBound, !record.log.isEmpty else { return line }
      // The end of a log says most.
      record.log.removeFirst((record.log.count + 1) / 2)
    }
  }

  /// The runs that are kept, oldest first; what is no run, such as a line that a power cut has cut off, is left out.
  ///
  /// - Returns: The runs.
  /// - Throws: `FileError`.
  package func runs() throws -> [RunRecord] {
    try [olderPath, path].flatMap { file throws -> [RunRecord] in
      guard try FileStatus.ifPresent(file)?.kind == .file else { return [] }
      let bytes = try ReadableFile.contents(of: file, limit: bound + Int64(Self.lineBound) * 4)
      return bytes.split(separator: 0x0a).compactMap(Self.record)
    }
  }

  private static func record(_ line: ArraySlice<UInt8>) -> RunRecord? {
    do {
      return try JSONDecoder().decode(RunRecord.self, from: Data(line))
    } catch {
      return nil
    }
  }
}
