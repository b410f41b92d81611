import Foundation

/// A directory of one test, removed with it; kept when `XM_SAFE_KEEP_SCRATCH` is set.
public final class Scratch: Sendable {
  /// The directory's absolute path, links followed.
  public let path: String

  /// Creates the directory; its name has what breaks careless programs, unless another one is given.
  public init(named name: String = "xm-safe test 100% #1") throws {
    let name = "\(name) \(UUID().uuidString.prefix(8))"
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.resolvingSymlinksInPath().path
  }

  deinit {
    if ProcessInfo.processInfo.environment["XM_SAFE_KEEP_SCRATCH"] == nil {
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  /// The path of a file in the directory.
  public func file(_ name: String) -> String { path + "/" + name }

  /// Writes a text file, with the directories on its way.
  @discardableResult
  public func write(_ text: String, to name: String) throws -> String {
    let url = URL(fileURLWithPath: file(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try Data(text.utf8).write(to: url)
    return url.path
  }

  /// Writes a program, which may then be executed at once.
  ///
  /// It is put in its place by another process: were it written here, a child that another test is just starting might still
  /// have it open, and the kernel executes nothing that is open for writing ("Text file busy").
  @discardableResult
  public func writeProgram(_ text: String, to name: String) throws -> String {
    let source = try write(text, to: name + ".text")
    let outcome = try Command.run(["install", "-m", "755", "--", source, file(name)])
    guard outcome.status == 0 else { throw CocoaError(.fileWriteUnknown) }
    try FileManager.default.removeItem(atPath: source)
    return file(name)
  }

  /// The names in the directory or one below it, sorted.
  public func names(in directory: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path + "/" + directory).sorted()
  }

  /// All paths below the directory, relative and sorted.
  public func tree() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
  }
}
