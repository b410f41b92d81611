import Foundation
import TestKit
import Testing

/// Completions in the shells themselves, as somebody who types meets them: each runs on a terminal, with the files of `make install`
/// where it looks for them.
@Suite struct CompletionTests {
  /// How a shell is started, so that it finds the completions under `SHARE` and nothing of the user's.
  struct Shell: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var command: [String]
    /// What is typed before anything else.
    var preparation: String
    /// How often the tabulator is pressed for an option: zsh first shows what it is for.
    var tabsForOption = 1

    static let all = [
      Shell(
        testDescription: "bash",
        command: ["bash", "--norc", "--noprofile", "-i"],
        preparation: "source /usr/share/bash-completion/bash_completion"
      ),
      Shell(
        testDescription: "zsh",
        command: ["zsh", "-f", "-i"],
        preparation:
          "fpath=($SHARE/zsh/site-functions $fpath); autoload -Uz compinit; compinit -u -D; zstyle ':completion:*' insert-tab false",
        tabsForOption: 2
      ),
      Shell(
        testDescription: "fish",
        command: ["fish", "-i"],
        preparation: "true"
      ),
    ]
  }

  /// Types into a shell on a terminal, and looks at its screen; nothing in it waits for a time to pass.
  ///
  /// Each step is a text that is typed, a tab after it, what must come to the screen because of that, and then the whole line as the
  /// shell has it, which `echo` repeats.
  private static let driver = #"""
    import fcntl, json, os, pty, re, select, struct, sys, termios, time
    plan = json.loads(sys.argv[1])
    child, master = pty.fork()
    if child == 0:
        os.execvp(plan["command"][0], plan["command"])
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 400, 0, 0))
    screen = ""

    def plain(text):
        text = re.sub(r"\x1b\][^\x07]*(\x07|\x1b\\)|\x1b\[[0-9;?>=]*[a-zA-Z]|\x1b[()][A-Z0-9]|\x1b[=>]", "", text)
        return re.sub(r"[\x07\x00]", "", text)

    def wait(what, begun):
        global screen
        deadline = time.monotonic() + 120
        while not all(each in plain(screen[begun:]) for each in what):
            ready, _, _ = select.select([master], [], [], max(0, deadline - time.monotonic()))
            try:
                piece = os.read(master, 65536) if ready else b""
            except OSError:
                piece = b""
            if not piece:
                sys.exit(f"{what} never came:\n{plain(screen[begun:])!r}")
            screen += piece.decode(errors="replace")
        return plain(screen[begun:])

    def type(text):
        os.write(master, text.encode())

    # What is typed has the words apart, so that only what is executed shows them together.
    type(plan["preparation"] + "; echo beg''un\r")
    wait(["begun\r\n"], 0)
    result = []
    for step in plan["steps"]:
        begun = len(screen)
        type(step["typed"] + "\t" * step["tabs"])
        shown = wait(step["expected"], begun)
        if step["line"]:
            type("\x01echo l''ine: \r")
            shown = wait(["line: " + step["line"]], begun)
        else:
            type("\x15")
        result.append(shown)
        after = len(screen)
        type("echo do''ne\r")
        wait(["done\r\n"], after)
    type("exit\r")
    print(json.dumps(result))
    """#

  private struct Step: Encodable {
    var typed: String
    var tabs: Int
    /// What the screen must then show.
    var expected: [String]
    /// The line that is then there; nothing if it is still to be chosen.
    var line: String

    /// What can only be one thing.
    init(_ typed: String, _ rest: String, tabs: Int = 1) {
      (self.typed, self.tabs, expected, line) = (typed, tabs, [rest], typed + rest)
    }

    /// What can be several: the second tabulator shows them.
    init(choice typed: String, _ names: [String]) {
      (self.typed, tabs, expected, line) = (typed, 2, names, "")
    }
  }

  private struct Script: Encodable {
    var command: [String]
    var preparation: String
    var steps: [Step]
  }

  @Test(arguments: Shell.all)
  func `verbs, options, values and the ids of snapshots complete`(_ shell: Shell) throws {
    let subject = try Subject()
    let scratch = subject.scratch
    let ids = [try subject.snapshot(), try subject.snapshot()]
    let installed = try Command.run(
      ["sh", Workshop.root + "/Scripts/install.sh", Workshop.program, scratch.file("root"), "/usr"]
    )
    try #require(installed.status == 0, "\(installed)")
    // Enough of an id to name it.
    let beginning = ids[0].prefix(ids[0].commonPrefix(with: ids[1]).count + 1)
    let rest = ids[0].dropFirst(beginning.count)
    let script = Script(
      command: shell.command,
      preparation: shell.preparation,
      steps: [
        Step("xm-safe rest", "ore"),
        Step("xm-safe upgrade --keep-c", "ompleted", tabs: shell.tabsForOption),
        Step("xm-safe upgrade --engine al", "embic"),
        Step("xm-safe schedule pr", "int"),
        Step("xm-safe schedule print --jobs dr", "ill"),
        Step("xm-safe config upg", "rade"),
        Step("xm-safe downgrade ba", "se"),
        Step("xm-safe restore --db a.sqlite3 \(beginning)", String(rest)),
        Step(choice: "xm-safe show --db a.sqlite3 ", ids + ["latest"]),
      ]
    )
    let json = String(decoding: try JSONEncoder().encode(script), as: UTF8.self)
    let outcome = try Command.run(
      [Workshop.python, "-c", Self.driver, json],
      in: scratch.path,
      environment: [
        "PATH": scratch.file("root/usr/bin") + ":/usr/bin:/bin",
        "XDG_DATA_DIRS": scratch.file("root/usr/share") + ":/usr/share",
        "SHARE": scratch.file("root/usr/share"), "TERM": "xterm", "PS1": "$ ",
        "HOME": scratch.path, "HISTFILE": "/dev/null",
      ]
    )
    #expect(outcome.status == 0, "\(outcome)")
  }
}
