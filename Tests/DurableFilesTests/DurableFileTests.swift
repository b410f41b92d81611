import DurableFiles
import Foundation
import TestKit
import Testing

@Suite struct DurableFileTests {
  @Test func `a published file has its content and is its owner's alone`() throws {
    let scratch = try Scratch()
    let file = try DurableFile(creating: scratch.file("a"), files: FileSystem())
    try file.append(Array("hello ".utf8))
    let room = file.reserve(3)
    try file.append(Array("!".utf8))
    try file.write(Array("you".utf8), at: room)
    #expect(try scratch.names().count == 1, "only the temporary file is there")
    #expect(try FileStatus.ifPresent(scratch.file("a")) == nil)
    try file.publish()
    #expect(try scratch.names() == ["a"])
    #expect(
      try ReadableFile.contents(of: scratch.file("a"), limit: 100) == Array("hello you!".utf8)
    )
    #expect(try FileStatus(of: scratch.file("a")).mode == 0o600)
  }

  @Test func `a file that is dropped leaves nothing`() throws {
    let scratch = try Scratch()
    do {
      let file = try DurableFile(creating: scratch.file("a"), files: FileSystem())
      try file.append([1])
    }
    #expect(try scratch.names() == [])
  }

  @Test func `publishing never replaces a file`() throws {
    let scratch = try Scratch()
    try scratch.write("old", to: "a")
    let file = try DurableFile(creating: scratch.file("a"), files: FileSystem())
    try file.append([1])
    let error = try #require(throws: FileError.self) { try file.publish() }
    #expect(error.code == EEXIST)
    #expect(try ReadableFile.contents(of: scratch.file("a"), limit: 9) == Array("old".utf8))
  }

  @Test(arguments: [ENOSPC, EIO, EACCES])
  func `whichever call fails, the name is there only with all of the content`(_ code: Int32) throws
  {
    var number = 0
    while true {
      number += 1
      let scratch = try Scratch()
      let failing = FailingCalls(at: number, code: code)
      do {
        let file = try DurableFile(
          creating: scratch.file("a"),
          files: FileSystem(calls: failing.calls)
        )
        try file.append(Array("all of it".utf8))
        try file.publish()
      } catch {
        let cause = (error as? NotDurable)?.cause ?? (error as? FileError)
        #expect(cause?.code == code)
        #expect((error is NotDurable) == (try scratch.names() == ["a"]))
      }
      guard let call = failing.failed else { break }
      let names = try scratch.names()
      #expect(names == [] || names == ["a"], "after a failing \(call)")
      if names == ["a"] {
        #expect(
          try ReadableFile.contents(of: scratch.file("a"), limit: 99) == Array("all of it".utf8)
        )
      }
    }
    #expect(
      number > 6,
      "the sweep must have met every call: open, write, sync, close, link, directory"
    )
  }

  @Test(arguments: [true, false])
  func `until it has its name, no sweep of another run takes it away`(_ isNew: Bool) throws {
    let scratch = try Scratch()
    let live = SystemCalls.live
    var calls = live
    // The other run sweeps just before the name is given.
    calls.link = { old, new in
      _ = try? FileSystem().sweep(scratch.path)
      return live.link(old, new)
    }
    calls.rename = { old, new in
      _ = try? FileSystem().sweep(scratch.path)
      return live.rename(old, new)
    }
    let file = try DurableFile(creating: scratch.file("a"), files: FileSystem(calls: calls))
    try file.append(Array("whole".utf8))
    if isNew { try file.publish() } else { try file.replace() }
    #expect(try ReadableFile.contents(of: scratch.file("a"), limit: 9) == Array("whole".utf8))
    #expect(try scratch.names() == ["a"])
  }

  @Test func `a file system without hard links gets a rename`() throws {
    let scratch = try Scratch()
    var calls = SystemCalls.live
    calls.link = { _, _ in -Int(EPERM) }
    let files = FileSystem(calls: calls)
    let file = try DurableFile(creating: scratch.file("a"), files: files)
    try file.append([1])
    try file.publish()
    #expect(try scratch.names() == ["a"])
    let second = try DurableFile(creating: scratch.file("a"), files: files)
    #expect(throws: FileError.self) { try second.publish() }
  }

  @Test func `reading behind the end gives nothing, and a pipe is refused at once`() throws {
    let scratch = try Scratch()
    let path = try scratch.write("abc", to: "a")
    let file = try ReadableFile(opening: path)
    #expect(try file.read(3, at: 0) == Array("abc".utf8))
    #expect(try file.read(4, at: 0) == nil)
    #expect(try file.read(1, at: 3) == nil)
    #expect(try file.read(0, at: 3) == [])
    #expect(try file.read(1, at: .max) == nil)
    mkfifo(scratch.file("pipe"), 0o600)
    #expect(throws: FileError.self) { try ReadableFile(opening: scratch.file("pipe")) }
    #expect(throws: FileError.self) { try ReadableFile(opening: scratch.path) }
  }
}

@Suite struct KernelLockTests {
  @Test func `a second holder is refused and told who has the lock`() throws {
    let scratch = try Scratch()
    let path = scratch.file("lock")
    let first = try KernelLock(taking: path, holder: "process 1 (a test)", files: FileSystem())
    let held = try #require(throws: KernelLock.Held.self) {
      try KernelLock(taking: path, holder: "process 2", files: FileSystem())
    }
    #expect(held.holder == "process 1 (a test)")
    first.release()
    let second = try KernelLock(taking: path, holder: "process 2", files: FileSystem())
    second.release()
    second.release()
  }

  @Test func `the lock of a killed holder is free at once`() throws {
    let scratch = try Scratch()
    let path = try scratch.write("", to: "lock")
    // flock(1) takes the same kind of lock and holds it while its command runs.
    let holder = try Command.started(["flock", "--no-fork", path, "sleep", "600"])
    // Until it has the lock; if it could not even start, the test ends here.
    while (try? KernelLock(taking: path, holder: "", files: FileSystem()).release()) != nil {
      try #require(kill(holder.id, 0) == 0)
    }
    kill(holder.id, SIGKILL)
    #expect(try holder.finish().status == 128 + SIGKILL)
    try KernelLock(taking: path, holder: "", files: FileSystem()).release()
  }
}

@Suite struct ShownPathTests {
  struct Case: Sendable {
    var path: String
    var shown: String
  }

  @Test(arguments: [
    Case(path: "/a b/c", shown: "'/a b/c'"),
    Case(path: "it's", shown: #"'it\'s'"#),
    Case(path: "a\nb\tc", shown: #"'a\nb\tc'"#),
    Case(path: "\u{1b}[31mred", shown: #"'\u{1b}[31mred'"#),
    Case(path: "\u{202e}gpj", shown: #"'\u{202e}gpj'"#),
    Case(path: "ünïcödé", shown: "'ünïcödé'"),
  ])
  func `a path cannot break a line or steer a terminal`(_ test: Case) {
    #expect(test.path.shownAsPath == test.shown)
  }
}
