import Foundation
import TestKit
import Testing

/// `report`, from the database to the page.
@Suite struct ReportCommandTests {
  @Test func `a dash names no file to write the page into`() throws {
    let subject = try Subject()
    let outcome = try Workshop.xmSafe(
      ["report", "--db", subject.path, "--html", "-"],
      in: subject.scratch.path
    )
    #expect(outcome.status == 64, "\(outcome)")
    #expect(try !subject.scratch.names().contains("-"))
    let file = try Workshop.xmSafe(
      ["report", "--db", subject.path, "--html", "./-"],
      in: subject.scratch.path
    )
    #expect(file.status == 0, "\(file)")
  }

  @Test func `a database's past is on one page`() throws {
    let subject = try Subject(hasTitle: false)
    try subject.run(["snapshot"])
    try subject.run(["verify", "--deep"])
    try subject.run(["upgrade", "--scripts", Workshop.xmanagerScripts], status: 20)
    let page = subject.scratch.file("report.html")
    let options = ["report", "--html", page, "--scripts", Workshop.xmanagerScripts]
    let outcome = try subject.run(options)
    #expect(outcome.output.contains("2 snapshots, 3 runs, "), "\(outcome)")
    let html = try String(contentsOfFile: page, encoding: .utf8)
    for id in try subject.ids() { #expect(html.contains(id)) }
    #expect(html.contains("The last failure") && html.contains("f45829405692"))
    #expect(html.contains("restored for trial"))
    let mode = try FileManager.default.attributesOfItem(atPath: page)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    // Again, over the page that is there.
    try subject.run(options)
    try subject.run(["report"], status: 64)
    try subject.run(["report", "--html", subject.scratch.path], status: 24)
  }

  @Test func `a file of somebody else's is not replaced by a page`() throws {
    let subject = try Subject()
    let id = try subject.snapshot()
    let before = try subject.dump()
    let good = subject.scratch.file("report.html")
    try subject.run(["report", "--html", good])
    // The archive was read when it was made.
    #expect(try !String(contentsOfFile: good, encoding: .utf8).contains("never"))
    let archive = try subject.archive(id)
    let page = try subject.scratch.write("<!doctype html>\n<title>mine</title>\n", to: "mine.html")
    let ini = try subject.scratch.write("[alembic]\n", to: "alembic.ini")
    let link = subject.scratch.file("link.html")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: page)
    let pipe = subject.scratch.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    for path in [subject.path, archive, page, ini, link, pipe, "/dev/null"] {
      let outcome = try subject.run(["report", "--html", path], status: 24)
      #expect(outcome.errors.contains("next:  name another file with --html"), "\(outcome)")
    }
    #expect(try subject.dump() == before)
    try subject.run(["verify", id])
    #expect(try String(contentsOfFile: ini, encoding: .utf8) == "[alembic]\n")
    // An empty file holds nothing that could be lost, and an older page is one, too.
    let empty = try subject.scratch.write("", to: "empty.html")
    try subject.run(["report", "--html", empty])
    let old = try String(contentsOfFile: empty, encoding: .utf8)
      .replacing("<meta name=\"generator\" content=\"xm-safe\">\n", with: "")
    #expect(!old.contains("generator"))
    try subject.run(["report", "--html", subject.scratch.write(old, to: "old.html")])
  }

  @Test func `what cannot be read is said on the page, and the rest is shown`() throws {
    let subject = try Subject()
    try subject.run(["snapshot"])
    try Data("garbage".utf8).write(to: URL(fileURLWithPath: subject.path))
    try subject.scratch.write("def upgrade(:\n", to: "scripts/versions/a.py")
    let page = subject.scratch.file("report.html")
    try subject.run(["report", "--html", page, "--scripts", subject.scratch.file("scripts")])
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.contains("The database could not be read"))
    #expect(html.contains("The scripts could not be read"))
    #expect(try html.contains(subject.ids()[0]))
  }
}
