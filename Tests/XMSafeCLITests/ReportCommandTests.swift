import Foundation
import TestKit
import Testing

/// `report`, from the database to the page.
@Suite struct ReportCommandTests {
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
