import Foundation
import TestKit

/// Runs the program with standard error on a pseudo-terminal, as a person sees it.
struct Terminal: Decodable {
  var status: Int32
  /// What came to standard output, which is a file.
  var output: String
  /// What came to the terminal, its line ends as the terminal gets them.
  var screen: String

  /// Runs the program, with every read from a disk made slower: what takes long must not depend on the machine.
  static func run(
    _ arguments: [String],
    microsecondsPerRead: Int,
    columns: Int = 100,
    environment: [String: String] = [:]
  ) throws -> Terminal {
    let slowly = [
      "strace", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", "-e", "trace=pread64",
      "-e", "inject=pread64:delay_enter=\(microsecondsPerRead)",
    ]
    let outcome = try Command.run(
      [Workshop.python, "-c", program, String(columns)] + slowly + [Workshop.program] + arguments,
      environment: ["TERM": "xterm"].merging(environment) { $1 }
    )
    return try JSONDecoder().decode(Terminal.self, from: Data(outcome.output.utf8))
  }

  /// The texts that stood in the last line, one after the other, without what was logged above them.
  var bars: [String] {
    screen.components(separatedBy: "\r\u{1b}[2K").map { piece in
      piece.components(separatedBy: "\r\n").last ?? ""
    }.filter { !$0.isEmpty }
  }

  private static let program = """
    import fcntl, json, os, pty, struct, subprocess, sys, tempfile, termios
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
    output = tempfile.TemporaryFile()
    child = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=output, stderr=slave)
    os.close(slave)
    screen = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        screen += piece
    status = child.wait()
    output.seek(0)
    print(json.dumps(dict(status=status, output=output.read().decode(), screen=screen.decode())))
    """
}
