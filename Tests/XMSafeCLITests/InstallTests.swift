import Foundation
import TestKit
import Testing
import XMSafe

/// What `make install` and `make deb` put where.
@Suite struct InstallTests {
  private func installed(_ scratch: Scratch) throws -> String {
    let outcome = try Command.run(
      [
        "sh", Workshop.root + "/Scripts/install.sh", Workshop.program, scratch.file("root"),
        "/usr/local",
      ]
    )
    #expect(outcome.status == 0, "\(outcome)")
    return scratch.file("root/usr/local")
  }

  @Test func `the program is there with a manual page for every command`() throws {
    let scratch = try Scratch()
    let root = try installed(scratch)
    let version = try Command.run([root + "/bin/xm-safe", "--version"])
    #expect(version.output.hasPrefix("xm-safe \(Safeguard.version) "), "\(version)")
    let pages = try FileManager.default.contentsOfDirectory(atPath: root + "/share/man/man1")
    let commands = try HelpTests.commands().map { (["xm-safe"] + $0).joined(separator: "-") + ".1" }
    #expect(pages.sorted() == commands.sorted())
    for page in pages {
      let path = root + "/share/man/man1/" + page
      let set = try Command.run(["groff", "-ww", "-z", "-man", "-Tutf8", "-K", "utf8", path])
      #expect(set.status == 0 && set.errors.isEmpty, "\(page): \(set)")
      let text = try String(contentsOfFile: path, encoding: .utf8)
      for section in ["NAME", "SYNOPSIS", "FILES", "EXIT STATUS", "SEE ALSO"] {
        #expect(text.contains("\n.SH \(section)\n"), "\(page)")
      }
    }
    let main = try String(contentsOfFile: root + "/share/man/man1/xm-safe.1", encoding: .utf8)
    let codes = main.components(separatedBy: "\n.SH EXIT STATUS\n")[1]
      .matches(of: #/\n\\fB(\d+)\\fR\n(.*)/#)
    #expect(codes.compactMap { Int32($0.1) } == ExitStatus.allCases.map(\.rawValue))
    #expect(
      codes.map { $0.2.replacing("\\-", with: "-") } == ExitStatus.allCases.map { $0.meaning[...] }
    )
  }

  @Test func `completions are where shells look for them`() throws {
    let scratch = try Scratch()
    let root = try installed(scratch)
    for (path, word) in [
      ("bash-completion/completions/xm-safe", "_xm-safe()"),
      ("zsh/site-functions/_xm-safe", "#compdef xm-safe"),
      ("fish/vendor_completions.d/xm-safe.fish", "complete -c"),
    ] {
      let text = try String(contentsOfFile: root + "/share/" + path, encoding: .utf8)
      #expect(text.contains(word), "\(path)")
    }
    let bash = root + "/share/bash-completion/completions/xm-safe"
    #expect(try Command.run(["bash", "-n", bash]).status == 0)
  }

  @Test func `the links of the documents lead to what is installed`() throws {
    let scratch = try Scratch()
    let root = try installed(scratch) + "/share/doc/xm-safe"
    var count = 0
    let names = try FileManager.default.subpathsOfDirectory(atPath: root)
    for name in names where name.hasSuffix(".md") {
      let text = try String(contentsOfFile: root + "/" + name, encoding: .utf8)
      let directory = URL(fileURLWithPath: root + "/" + name).deletingLastPathComponent()
      for link in text.matches(of: #/\]\((?<path>[^)#:]+)(#[^)]*)?\)/#).map(\.output.path) {
        count += 1
        let path = directory.appendingPathComponent(String(link)).standardizedFileURL.path
        #expect(FileManager.default.fileExists(atPath: path), "\(name): \(link)")
      }
    }
    #expect(count > 10)
    let readme = try String(contentsOfFile: root + "/README.md", encoding: .utf8)
    #expect(readme.contains("`Tests/Fixtures/Transcripts` in the source has what is said"))
  }

  @Test func `the Debian package has all of it, and says what it needs`() throws {
    let scratch = try Scratch()
    let outcome = try Command.run(
      ["sh", Workshop.root + "/Scripts/debian-package.sh", Workshop.program, scratch.file("dist")]
    )
    #expect(outcome.status == 0, "\(outcome)")
    let name = try #require(try scratch.names(in: "dist").first)
    #expect(name.hasPrefix("xm-safe_\(Safeguard.version)_") && name.hasSuffix(".deb"))
    let package = scratch.file("dist/\(name)")
    let depends = try Command.run(["dpkg-deb", "--field", package, "Depends"]).output
    for library in ["libc6", "libsqlite3-0", "libdeflate0", "libisal2", "libyaml-0-2"] {
      #expect(depends.contains(library), "\(depends)")
    }
    let content = try Command.run(["dpkg-deb", "--contents", package]).output
    for path in [
      "./usr/bin/xm-safe", "./usr/share/man/man1/xm-safe.1.gz",
      "./usr/share/doc/xm-safe/changelog.gz", "./usr/share/doc/xm-safe/copyright",
    ] {
      #expect(content.contains(" \(path)\n"), "\(path)")
    }
    #expect(!content.contains("/scratch") && !content.contains(scratch.path))
    #expect(content.split(separator: "\n").allSatisfy { $0.contains(" root/root ") })
  }
}
