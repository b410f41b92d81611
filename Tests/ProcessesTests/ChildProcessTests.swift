import Foundation
import Processes
import Stopping
import TestKit
import Testing

struct ChildProcessTests {
  private static let environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C"]

  private func shell(_ script: String, _ arguments: [String] = []) -> Program {
    Program("sh", ["-c", script, "sh"] + arguments, environment: Self.environment)
  }

  struct EndingCase: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var script: String
    var ending: Ending
  }

  @Test(
    arguments: [
      EndingCase(testDescription: "success", script: "exit 0", ending: .exited(0)),
      EndingCase(testDescription: "an exit code", script: "exit 7", ending: .exited(7)),
      EndingCase(testDescription: "a signal", script: "kill -9 $$", ending: .signalled(9)),
    ]
  )
  func `the end of a program is told`(of test: EndingCase) throws {
    #expect(try ChildProcess.run(shell(test.script)).ending == test.ending)
  }

  @Test
  func `arguments, environment and directory arrive as they are`() throws {
    let scratch = try Scratch()
    var program = shell(
      "printf '%s|%s|%s|' \"$1\" \"$2\" \"$VALUE\"; pwd -P",
      ["a b", "'\"$x\n"]
    )
    program.environment["VALUE"] = "1=2 3"
    program.workingDirectory = scratch.path
    let result = try ChildProcess.run(program)
    #expect(result.output.text == "a b|'\"$x\n|1=2 3|\(scratch.path)\n")
  }

  @Test
  func `a program that is not there is said to be missing`() {
    for path in ["no-such-program-of-ours", "/no/such/program"] {
      let error = #expect(throws: ProcessError.self) {
        try ChildProcess.run(Program(path, environment: Self.environment))
      }
      #expect(error?.code == .notFound)
      #expect(error?.description.contains(path) == true)
    }
  }

  @Test
  func `a directory that is not there is an error, and nothing is started`() {
    var program = shell("exit 0")
    program.workingDirectory = "/no/such/directory"
    #expect(throws: ProcessError.self) { try ChildProcess.run(program) }
  }

  @Test
  func `many megabytes go in and come out again, in pieces, on one thread`() throws {
    let piece = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var (sent, received) = (0, 0)
    var isEqual = true
    let result = try ChildProcess.run(
      Program("cat", environment: Self.environment),
      feeding: {
        guard sent < 100 else { return nil }
        sent += 1
        return piece
      },
      receiving: { bytes in
        for byte in bytes {
          isEqual = isEqual && byte == piece[received % piece.count]
          received += 1
        }
      }
    )
    #expect(result.ending == .exited(0))
    #expect(received == 100 * piece.count)
    #expect(isEqual)
  }

  @Test
  func `a program that stops reading is no error of ours`() throws {
    let result = try ChildProcess.run(
      Program("head", ["-c", "3"], environment: Self.environment),
      feeding: { Array(repeating: 65, count: 100_000) }
    )
    #expect(result.output.text == "AAA")
  }

  @Test
  func `of a long output the beginning and the end are kept`() throws {
    let result = try ChildProcess.run(
      shell("echo begin >&2; head -c 3000000 /dev/zero | tr '\\0' x >&2; echo end >&2; exit 3"),
      capturing: 1000
    )
    #expect(result.ending == .exited(3))
    #expect(result.errors.count == 3_000_010)
    #expect(result.errors.text.utf8.count < 1100)
    #expect(result.errors.text.hasPrefix("begin\nxxx"))
    #expect(result.errors.text.hasSuffix("xxxend\n"))
  }

  @Test
  func `the child has the channel as its descriptor 3, and no other descriptor of ours`() throws {
    let scratch = try Scratch()
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: scratch.write("x", to: "open")))
    // Without close-on-exec: it would be inherited if nobody took care.
    #expect(fcntl(file.fileDescriptor, F_SETFD, 0) == 0)
    var program = shell("ls /proc/self/fd; read line <&3; echo \"got $line\" >&3")
    program.hasChannel = true
    let child = try ChildProcess(program)
    var (output, said) = (BoundedCapture(), BoundedCapture())
    var isClosed = false
    child.onOutput = { output.append($0) }
    child.onChannel = { bytes in
      said.append(bytes)
      if bytes.isEmpty { isClosed = true }
    }
    child.tell(Array("hello\n".utf8))
    #expect(try child.finish() == .exited(0))
    #expect(said.text == "got hello\n")
    #expect(isClosed)
    // ls has one for the directory it lists.
    #expect(output.text == "0\n1\n2\n3\n4\n")
    withExtendedLifetime(file) {}
  }

  @Test
  func `a conversation goes on line by line`() throws {
    var program = shell("while read line; do echo \"<$line>\"; done")
    program.input = .piped
    let child = try ChildProcess(program)
    var heard = ""
    child.onOutput = { heard += String(decoding: $0, as: UTF8.self) }
    for word in ["one", "two"] {
      child.write(Array("\(word)\n".utf8))
      #expect(try child.talk { heard.hasSuffix("<\(word)>\n") })
    }
    child.endInput()
    #expect(try child.finish() == .exited(0))
    #expect(heard == "<one>\n<two>\n")
  }

  @Test
  func `a deadline ends a program that does not end`() throws {
    let start = ContinuousClock.now
    let error = #expect(throws: ProcessError.self) {
      try ChildProcess.run(shell("sleep 600"), until: .now + .milliseconds(50))
    }
    #expect(error?.code == .timedOut)
    #expect(start.duration(to: .now) < .seconds(60))
  }

  @Test
  func `a stop ends a program, one that ignores SIGTERM as well`() throws {
    let stop = StopSwitch()
    var id: Int32 = 0
    #expect(throws: Stopped(signal: 15)) {
      try StopSwitch.$current.withValue(stop) {
        let child = try ChildProcess(shell("trap '' TERM; echo ready; while :; do sleep 600; done"))
        id = child.id
        child.onOutput = { _ in stop.stop(signal: 15) }
        do {
          _ = try child.talk { false }
        } catch let first {
          #expect(child.end(grace: .milliseconds(20)) == .signalled(9))
          throw first
        }
      }
    }
    #expect(kill(-id, 0) == -1)
  }

  @Test
  func `what a program has started does not outlive it`() throws {
    let result = try ChildProcess.run(shell("sleep 600 & echo $!; exit 0"))
    #expect(result.ending == .exited(0))
    let other = try #require(Int32(result.output.text.trimmingCharacters(in: .newlines)))
    let deadline = Date.now + 60
    // Whoever adopts it has to reap it; until then it is a zombie.
    while Date.now < deadline, isAlive(other) { usleep(2000) }
    #expect(!isAlive(other))
  }

  private func isAlive(_ id: Int32) -> Bool {
    guard
      let status = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
      let state = status.split(separator: ")").last?.split(separator: " ").first
    else { return false }
    return state != "Z" && state != "X"
  }

  @Test
  func `an error thrown by a closure ends the program and is the one that is thrown`() throws {
    struct Enough: Error {}
    #expect(throws: Enough.self) {
      try ChildProcess.run(
        Program("yes", environment: Self.environment),
        receiving: { _ in throw Enough() }
      )
    }
  }

  @Test
  func `a dropped object takes its program with it`() throws {
    var child: ChildProcess? = try ChildProcess(shell("sleep 600"))
    let id = try #require(child?.id)
    child = nil
    #expect(kill(id, 0) == -1)
  }

  @Test
  func `the words for an end name the signal`() {
    #expect(Ending.exited(3).description == "ended with exit code 3")
    #expect(Ending.signalled(9).description == "was ended by signal 9 (Killed)")
  }
}
