import Foundation
import TestKit
import Testing

/// The first example of the library's documentation.
@Suite struct LibraryExampleTests {
  @Test func `it is, word for word, what is compiled here`() throws {
    let page = try String(
      contentsOfFile: Workshop.root + "/Sources/XMSafe/XMSafe.docc/XMSafe.md",
      encoding: .utf8
    )
    let parts = page.components(separatedBy: "```swift\n")
    try #require(parts.count == 2)
    let example = parts[1].components(separatedBy: "```")[0]
    let compiled = try String(
      contentsOfFile: Workshop.root + "/Tests/XMSafeCLITests/LibraryExample.swift",
      encoding: .utf8
    )
    #expect(example == compiled)
  }

  @Test func `it upgrades, and tells why it does not`() throws {
    let fixture = try AlembicProjectFixture(scripts: ["op.drop_table('child')"])
    let directory = fixture.scratch.file("guarded")
    #expect(upgradeTracker(in: directory).hasPrefix("at [\"r2\"], and "))
    let broken = try AlembicProjectFixture(scripts: ["raise ValueError('no')"])
    let said = upgradeTracker(in: broken.scratch.file("guarded"))
    #expect(said.contains("no"), "\(said)")
    #expect(
      said.hasSuffix("the database was not touched: the upgrade failed in its rehearsal on a copy"),
      "\(said)"
    )
  }
}
