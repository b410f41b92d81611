import DurableFiles
import Foundation
import TestKit
import Testing

@testable import GuardedCommands

/// Who is taken for another writer while a command runs.
@Suite struct OtherWritersTests {
  /// Holds the lock for writing until a file is there.
  private static let holder = """
    import os, sqlite3, sys, time
    connection = sqlite3.connect(sys.argv[1], isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    open(sys.argv[2] + ".ready", "w").close()
    while not os.path.exists(sys.argv[2]): time.sleep(0.01)
    """

  @Test func `what the command starts is of the command, and whoever else writes is not`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.create(path, ["CREATE TABLE t (n)"])
    let go = scratch.file("go")
    // The shell waits for what it has started, and is itself no writer.
    let command = try Command.started([
      "sh", "-c", "\"$@\"; exit 0", "sh", Workshop.python, "-c", Self.holder, path, go,
    ])
    try command.wait(for: "the lock") { FileManager.default.fileExists(atPath: go + ".ready") }
    let identity = try FileStatus(of: path).identity
    let own = OtherWriters(path, identity, child: command.id, sharesGroup: true)
    own.look()
    #expect(own.seen == [])
    // To another command the same process is a stranger.
    let another = try Command.started([
      "sh", "-c", "while [ ! -e \"$1\" ]; do sleep 0.01; done", "sh", go,
    ])
    // What is locked under that name is another file by now, which may even have got the inode: nobody's concern.
    let other = FileStatus.Identity(device: identity.device, inode: identity.inode + 1)
    let replaced = OtherWriters(path, other, child: another.id, sharesGroup: true)
    replaced.look()
    #expect(replaced.seen == [])
    let strange = OtherWriters(path, identity, child: another.id, sharesGroup: true)
    strange.look()
    #expect(strange.seen.count == 1 && strange.seen[0].contains("RESERVED"), "\(strange.seen)")
    try scratch.write("", to: "go")
    #expect(try command.finish().status == 0)
    #expect(try another.finish().status == 0)
  }
}
