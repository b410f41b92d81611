import Foundation
import SQLite
import TestKit
import Testing

/// `xm-safe run` with signals, other writers, a terminal, and a kill.
@Suite struct RunInterruptedTests {
  /// A command that says that it runs, and then waits for a file or a signal.
  private static let waiting = """
    import os, signal, sqlite3, sys, time
    database, ready, go = sys.argv[1:4]
    def caught(number, frame):
        sys.exit(40 + number)
    if "trap" in sys.argv:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, caught)
    connection = sqlite3.connect(database)
    if "write" in sys.argv:
        connection.execute("CREATE TABLE half (n)")
        connection.commit()
    open(ready, "w").close()
    while not os.path.exists(go):
        time.sleep(0.01)
    sys.exit(0 if "succeed" in sys.argv else 3)
    """

  private func command(_ subject: Subject, _ words: String...) -> [String] {
    [
      Workshop.python, "-c", Self.waiting, subject.path, subject.scratch.file("ready"),
      subject.scratch.file("go"),
    ] + words
  }

  private func start(_ subject: Subject, _ command: [String]) throws -> Command.Running {
    let running = try Workshop.xmSafeStarted(["run", "--db", subject.path, "--"] + command)
    try running.wait(for: "the command") { exists(subject.scratch.file("ready")) }
    return running
  }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  @Test(arguments: SignalTests.Kind.all)
  func `a signal reaches the command, and its code is handed on`(_ kind: SignalTests.Kind) throws {
    let subject = try Subject()
    let before = try subject.dump()
    let running = try start(subject, command(subject, "write", "trap"))
    running.send(kind.number)
    let outcome = try running.finish()
    #expect(outcome.status == 40 + kind.number, "\(outcome)")
    #expect(outcome.errors.contains("interrupted by \(kind.name): the command has it too"))
    #expect(try subject.dump() == before)
  }

  @Test func `a command that a signal ends is told by the signal's number`() throws {
    let subject = try Subject()
    let before = try subject.dump()
    let running = try start(subject, command(subject, "write"))
    running.send(SIGTERM)
    let outcome = try running.finish()
    #expect(outcome.status == 143, "\(outcome)")
    #expect(try subject.dump() == before)
  }

  @Test func `a command that ends well in spite of a signal is kept`() throws {
    let subject = try Subject()
    let running = try Workshop.xmSafeStarted([
      "run", "--db", subject.path, "--", "sh", "-c",
      "trap 'sqlite3 \"$1\" \"CREATE TABLE made (n)\"; exit 0' TERM; : > \"$2\"; while :; do sleep 0.05; done",
      "sh", subject.path, subject.scratch.file("ready"),
    ])
    try running.wait(for: "the command") { exists(subject.scratch.file("ready")) }
    running.send(SIGTERM)
    let outcome = try running.finish()
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try subject.dump().contains("made"))
  }

  // MARK: - Others

  @Test func `somebody else who writes is seen, and keeps his rows`() throws {
    let subject = try Subject()
    try subject.execute("CREATE TABLE w (writer, n)")
    let running = try start(subject, command(subject, "write"))
    let writer = try Writer(
      subject.path,
      number: 1,
      rows: 2000,
      timeout: 60,
      scratch: subject.scratch
    )
    // Many transactions: one of them is there whenever the program looks.
    for _ in 0..<50 { try writer.waitForProgress() }
    try subject.scratch.write("", to: "go")
    let outcome = try running.finish()
    _ = try writer.stop()
    #expect(outcome.status == 21, "\(outcome)")
    #expect(outcome.errors.contains("Not of the command, and seen writing to"))
    #expect(outcome.errors.contains("state: the database is as the command has left it"))
    let connection = try Connection(opening: subject.path, mode: .readWrite)
    let rows = try connection.value("SELECT count(*) FROM w")?.integerValue ?? 0
    try connection.close()
    #expect(Int(rows) >= (try writer.committed()))
    // What the message says works.
    let id = try #require(
      outcome.plainErrors.components(separatedBy: "'xm-safe restore ").last?.prefix(8)
    )
    try subject.run(["restore", String(id)])
    #expect(try !subject.dump().contains("half"))
  }

  // MARK: - Killed

  @Test
  func
    `a run that is killed is found by the next command, and nothing goes on before it is settled`()
    throws
  {
    let subject = try Subject()
    let before = try subject.dump()
    let running = try start(subject, command(subject, "write"))
    running.send(SIGKILL)
    _ = try running.finish()
    // Its command lives on, and whoever wants to write is told so.
    let locked = try subject.run(["snapshot"], status: 11)
    #expect(locked.errors.contains("(xm-safe run, since"))
    try subject.scratch.write("", to: "go")
    // The command is nobody's child that could be waited for; it ends by itself in a moment.
    var told = try Workshop.xmSafe(["current", "--db", subject.path])
    while told.errors.isEmpty { told = try Workshop.xmSafe(["current", "--db", subject.path]) }
    #expect(told.errors.contains("(xm-safe run, since"))
    #expect(told.errors.contains("was not checked; 'xm-safe restore "))
    let id = try #require(
      told.plainErrors.components(separatedBy: "'xm-safe restore ").last?.prefix(8)
    )
    for arguments in [
      ["run", "--db", subject.path, "--", "true"],
      ["upgrade", "--db", subject.path, "--scripts", Workshop.xmanagerScripts],
    ] {
      let refused = try Workshop.xmSafe(arguments)
      #expect(refused.status == 24, "\(refused)")
      #expect(
        refused.plainErrors.contains("next:  'xm-safe restore \(id)' puts back what was before")
      )
    }
    #expect(try subject.dump().contains("half"))
    try subject.run(["restore", String(id)])
    #expect(try subject.dump() == before)
    #expect(try subject.run(["current"]).errors.isEmpty)
    // And back again, if it is to be kept.
    try subject.run(["undo"])
    #expect(try subject.dump().contains("half"))
    let again = try Workshop.xmSafe(["run", "--db", subject.path, "--", "true"])
    #expect(again.status == 0, "\(again)")
  }

  @Test func `a run that is killed before its command has done anything has changed nothing`()
    throws
  {
    let subject = try Subject()
    let running = try start(subject, command(subject))
    running.send(SIGKILL)
    _ = try running.finish()
    try subject.scratch.write("", to: "go")
    var told = try Workshop.xmSafe(["current", "--db", subject.path])
    while told.errors.isEmpty { told = try Workshop.xmSafe(["current", "--db", subject.path]) }
    #expect(told.errors.contains("is exactly as it was before"))
    #expect(try subject.run(["current"]).errors.isEmpty)
  }

  // MARK: - Terminal

  @Test func `on a terminal the command reads what is typed, and gets a Ctrl-C once`() throws {
    let subject = try Subject()
    let before = try subject.dump()
    // Types a line, waits for its echo by the command, and then presses Ctrl-C. When the command has had it, and the program has
    // seen it as well, the program alone is sent a SIGTERM: it hands signals on in their order, so that whatever it made of the
    // Ctrl-C reaches the command before that.
    let driver = """
      import os, pty, signal, sys
      # The thread that has started this may have its signals blocked, which a program inherits.
      signal.pthread_sigmask(signal.SIG_SETMASK, [])
      # What does not come must not be waited for for ever.
      signal.alarm(300)
      child, master = pty.fork()
      if child == 0:
          os.execv(sys.argv[1], sys.argv[1:])
      screen = b""
      steps = [
          ([b"name?"], lambda: os.write(master, b"abc\\n")),
          ([b"got abc"], lambda: os.write(master, b"\\x03")),
          ([b"caught 1", b"by SIGINT: the command has it too"], lambda: os.kill(child, signal.SIGTERM)),
      ]
      while True:
          try:
              piece = os.read(master, 65536)
          except OSError:
              break
          if not piece:
              break
          screen += piece
          if steps and all(each in screen for each in steps[0][0]):
              steps.pop(0)[1]()
      _, status = os.waitpid(child, 0)
      print(os.waitstatus_to_exitcode(status))
      print(screen.decode())
      """
    let command = """
      import os, signal, sqlite3, sys, time
      count = 0
      def caught(number, frame):
          global count
          count += 1
          # In one piece: others write to the terminal as well.
          os.write(1, b"caught %d\\n" % count)
      signal.signal(signal.SIGINT, caught)
      signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(50 + count))
      connection = sqlite3.connect(sys.argv[1])
      connection.execute("CREATE TABLE half (n)")
      connection.commit()
      os.write(1, b"got " + input("name?").encode() + b"\\n")
      # Not signal.pause(): a signal that comes just before it does not end it.
      while True:
          time.sleep(0.01)
      """
    let outcome = try Command.run(
      [
        Workshop.python, "-c", driver, Workshop.program, "run", "--db", subject.path, "--",
        Workshop.python, "-c", command, subject.path,
      ],
      environment: ["TERM": "xterm"]
    )
    #expect(outcome.output.hasPrefix("51\n"), "\(outcome)")
    #expect(try subject.dump() == before)
  }
}
