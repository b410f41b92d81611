import Foundation
import TestKit
import Testing

/// What is wrong around the program: who it is, where it runs, who else is there.
extension Stage {
  /// A statement that would run for hours.
  static let endless =
    "op.execute('INSERT INTO job (name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n')"

  /// Plays as a user who owns nothing; who is not the superuser is that already.
  func becomeNobody() throws {
    chmod(scratch.path, 0o777)
    program = scratch.file("xm-safe")
    try FileManager.default.copyItem(atPath: Workshop.program, toPath: program)
    if getuid() == 0 {
      wrapper = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    }
  }

  /// Plays with a small disk at `small`, in a mount namespace that takes it away again.
  ///
  /// - Parameters:
  ///   - size: Its size, as mount wants it.
  ///   - preparation: What a shell does there first.
  /// - Throws: What the file system says.
  func mountSmallDisk(_ size: String, _ preparation: String = "true") throws {
    try FileManager.default.createDirectory(
      atPath: scratch.file("small"),
      withIntermediateDirectories: false
    )
    let script = "mount -t tmpfs -o size=\(size) tmpfs small && \(preparation) && exec \"$@\""
    wrapper = ["unshare", "-m", "sh", "-c", script, "sh"]
  }

  /// Plays with system calls on a file that fail, or kill.
  func inject(_ fault: String, into path: String) {
    wrapper = ["strace", "-f", "-qq", "-o", "/dev/null", "-P", path, "-e", "inject=\(fault)"]
  }

  /// Plays while another program, `sqlite3`, has run some SQL and holds what locks it got by that.
  func whileLocked(by sql: String, _ body: () throws -> Void) throws {
    mkfifo(scratch.file("gate"), 0o600)
    try scratch.write("touch ready; read line < gate\n", to: "wait.sh")
    let holder = try Command.started(
      ["sqlite3", path, sql, ".shell sh wait.sh"],
      in: scratch.path
    )
    try holder.wait(for: "the lock") {
      FileManager.default.fileExists(atPath: scratch.file("ready"))
    }
    defer {
      // It waits for a line, or has ended; opening the gate for both directions waits for nobody.
      let gate = open(scratch.file("gate"), O_RDWR)
      _ = write(gate, "\n", 1)
      _ = try? holder.finish()
      close(gate)
    }
    try body()
  }

  /// The file of the note that a killed run leaves.
  var journal: String { path + "-xm-safe-note" }

  /// Flips a bit in the data of an archive, or cuts it off.
  func damage(_ id: String, cuttingAt length: Int? = nil) throws {
    let url = URL(fileURLWithPath: try archive(id))
    var data = try Data(contentsOf: url)
    if let length { data = data.prefix(length) } else { data[120] ^= 1 }
    try data.write(to: url)
  }

  /// Overwrites a page of the database.
  func damagePage(_ number: Int) throws {
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seek(toOffset: UInt64((number - 1) * 4096))
    try handle.write(contentsOf: Data(repeating: 0xff, count: 4096))
    try handle.close()
  }
}
