import Foundation
import TestKit
import Testing

/// Writers that wait for the very moment in which the lock is given up, so that a copy can take the database's place.
@Suite struct CompetingWriterTests {
  /// A program that tries to commit one row without ever sleeping, and ends when it has.
  private static let writer = """
    import os, sqlite3, sys
    path, id, ready = sys.argv[1:]
    db = sqlite3.connect(path, timeout=0, isolation_level=None)
    while True:
        try:
            db.execute("INSERT INTO other VALUES (?, 'competitor')", (int(id),))
            break
        except sqlite3.OperationalError:
            if not os.path.exists(ready):
                open(ready, "w").close()
    """

  /// A revision that waits, each time it is run, until a new competitor stands at the door.
  private static let script = """
    op.add_column('parent', sa.Column('later', sa.Integer, server_default='7'))
    run = len([name for name in os.listdir('../runs') if name.startswith('ran')])
    open('../runs/ran-%d' % run, 'w').close()
    while not os.path.exists('../runs/ready-%d' % run):
        pass
    """

  @Test func `a commit in that moment stays, and the upgrade begins again, five times at most`()
    throws
  {
    let project = try AlembicProjectFixture(scripts: [Self.script])
    let runs = project.scratch.file("runs")
    try FileManager.default.createDirectory(atPath: runs, withIntermediateDirectories: true)
    // What unlocks takes its time, so that others get in: of five, one always does.
    let upgrade = try Command.started(
      [
        "strace", "-f", "-qq", "-o", "/dev/null", "-P", project.database, "-e", "trace=fcntl", "-e",
        "inject=fcntl:delay_exit=20000", Workshop.program, "upgrade", "--engine", "alembic",
        "--python", project.stack.python,
      ],
      in: project.scratch.file("guarded")
    )
    var writers: [Command.Running] = []
    while upgrade.isRunning {
      guard FileManager.default.fileExists(atPath: runs + "/ran-\(writers.count)") else { continue }
      writers.append(
        try Command.started([
          Workshop.python, "-c", Self.writer, project.database, "\(100 + writers.count)",
          runs + "/ready-\(writers.count)",
        ])
      )
    }
    let outcome = try upgrade.finish()
    for writer in writers { #expect(try writer.finish().status == 0) }
    let words = "Another process has written in the moment before the upgraded copy was published"
    let losses = outcome.errors.components(separatedBy: words).count - 1
    #expect(losses >= 1, "\(outcome)")
    #expect(outcome.status == (losses == 5 ? 11 : 0), "\(outcome)")
    if losses == 5 { #expect(outcome.errors.contains("other programs keep writing to")) }
    let content = try project.dump()
    for number in writers.indices {
      #expect(content.contains("integer:\(100 + number), text:'competitor'"), "\(content)")
    }
    #expect(content.contains("later") == (outcome.status == 0))
    #expect(try project.leftovers() == [])
  }
}
