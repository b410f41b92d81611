import Foundation
import TestKit
import Testing

/// A database with scripts, and a home of its own.
struct ScheduleWorld {
  let subject: Subject
  var environment: [String: String]

  init() throws {
    let scratch = try Scratch()
    try scratch.write("", to: "it's/README")
    subject = Subject(in: scratch, "it's/a.sqlite3")
    try SampleDatabases.create(subject.path, AlembicProjectFixture.database)
    try scratch.write(
      "revision = 'r1'\ndown_revision = None\n\ndef upgrade():\n    pass\n",
      to: "scripts/versions/r1.py"
    )
    try scratch.write("", to: "home/README")
    try scratch.write("", to: "bin/README")
    environment = [
      "HOME": scratch.file("home"), "PATH": scratch.file("bin") + ":/usr/bin:/bin",
      "XDG_CONFIG_HOME": "", "VIRTUAL_ENV": "", "CONDA_PREFIX": "",
    ]
  }

  var scratch: Scratch { subject.scratch }

  /// A program of the world's own, which stands for the machine's.
  func program(_ name: String, _ script: String) throws {
    try scratch.writeProgram("#!/bin/sh\n" + script, to: "bin/\(name)")
  }

  /// Keeps a crontab in a file, as the real one does; `denied` beside it makes it fail.
  func fakeCrontab() throws {
    try program(
      "crontab",
      """
      file='\(scratch.file("crontab").replacing("'", with: "'\\''"))'
      [ ! -e "$file.denied" ] || { echo 'you are not allowed to use this program' >&2; exit 1; }
      case $1 in
      -l) [ -e "$file" ] || { echo 'no crontab for ada' >&2; exit 1; }; cat "$file" ;;
      -r) rm "$file" ;;
      -)
        cat > "$file.new"
        if mkdir "$file.entered" 2>/dev/null; then while [ -e "$file.gate" ]; do sleep 0.01; done; fi
        [ ! -e "$file.full" ] || { echo 'no space' >&2; exit 1; }
        mv "$file.new" "$file" ;;
      esac
      """
    )
  }

  @discardableResult
  func schedule(_ words: String..., status: Int32 = 0) throws -> Command.Outcome {
    let outcome = try Workshop.xmSafe(
      ["schedule"] + words
        + ["--db", subject.path, "--scripts", scratch.file("scripts")],
      in: scratch.path,
      environment: environment
    )
    #expect(outcome.status == status, "\(words): \(outcome)")
    return outcome
  }

  func crontab() throws -> String {
    try String(contentsOfFile: scratch.file("crontab"), encoding: .utf8)
  }
}
