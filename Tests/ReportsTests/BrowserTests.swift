import Foundation
import Reports
import TestKit
import Testing

/// The page in a real browser, on a telephone and on a desk, by day and by night.
///
/// The pictures stay in `.cache/screenshots`, for people: `make screenshots` tells where.
@Suite struct BrowserTests {
  /// What the browser had to say of a page.
  struct Look: Decodable {
    struct Plot: Decodable {
      var name: String
      var isShown: Bool
      var marks: Int
      var texts: Int
      var outside: [String]
      var overlapping: [String]
    }

    var name: String
    var title: String
    var isDark: Bool
    var background: String
    var scrollWidth: Int
    var clientWidth: Int
    var wide: [String]
    var sections: [String]
    var cards: [String]
    var rows: [String: Int]
    var plots: [Plot]
    var complaints: [String]
    var requests: [String]
  }

  static let pictures = Workshop.root + "/.cache/screenshots"

  /// Opens pages in one browser.
  private func look(at pages: [String: String], pictures: String) throws -> [Look] {
    let scratch = try Scratch()
    let paths = try pages.keys.sorted().map { name in
      try scratch.write(pages[name] ?? "", to: "report-\(name).html")
    }
    let outcome = try Command.run(
      ["python3", Workshop.root + "/Scripts/test-browser.py", pictures] + paths
    )
    try #require(outcome.status == 0, "\(outcome)")
    return try outcome.output.split(separator: "\n").map {
      try JSONDecoder().decode(Look.self, from: Data($0.utf8))
    }
  }

  @Test func `every page fits, and has nothing to complain of`() throws {
    let looks = try look(
      at: ReportPageTests.pages.mapValues { ReportPage($0).html },
      pictures: Self.pictures
    )
    #expect(looks.count == 4 * ReportPageTests.pages.count)
    for look in looks {
      #expect(look.complaints == [] && look.requests == [], "\(look.name)")
      #expect(look.scrollWidth <= look.clientWidth && look.wide == [], "\(look.name)")
      #expect(look.isDark == look.name.contains("-dark-"), "\(look.name)")
      #expect(look.cards.count == 4, "\(look.name)")
      for plot in look.plots {
        #expect(plot.isShown && plot.marks > 0 && plot.texts > 0, "\(look.name): \(plot)")
        #expect(plot.overlapping == [], "\(look.name): \(plot.name)")
        // How long a name is can only be guessed when the page is made; a revision's is not made to break the guess.
        if !look.name.contains("hostile") {
          #expect(plot.outside == [], "\(look.name): \(plot.name)")
        }
      }
      let picture = try Data(
        contentsOf: URL(fileURLWithPath: "\(Self.pictures)/\(look.name).png")
      )
      #expect(picture.starts(with: Data([0x89, 0x50, 0x4e, 0x47])) && picture.count > 5000)
    }
    // It really is another page by night.
    #expect(Set(looks.map { "\($0.isDark) \($0.background)" }).count == 2)
  }

  @Test func `a page has its rows, plots and graph when it is loaded`() throws {
    let scratch = try Scratch()
    let looks = try look(
      at: [
        "busy": ReportPage(SampleReport.busy).html, "hasty": ReportPage(SampleReport.hasty).html,
      ],
      pictures: scratch.file("pictures")
    )
    for look in looks {
      let isBusy = look.name.contains("busy")
      #expect(look.title == "experiments.sqlite3 · xm-safe")
      #expect(
        look.plots.map(\.name) == [
          "Snapshots and runs over time", "Sizes over time", "How long runs took", "The revisions",
        ]
      )
      #expect(look.rows == ["Snapshots": isBusy ? 30 : 2, "Runs": isBusy ? 30 : 1])
      // Every snapshot and every run is a mark at least, every revision a circle.
      #expect(look.plots[0].marks >= (isBusy ? SampleReport.busy.runs.count : 1))
      #expect(look.plots[3].texts == (isBusy ? 8 : 3))
      // Names at the side, and times below: three seconds have some as well.
      #expect(look.plots[0].texts > (isBusy ? 5 : 2) + 1, "\(look.name)")
      let failure =
        isBusy ? "The last failure, followed by runs that went well" : "The last failure"
      #expect(look.sections.contains(failure))
    }
  }

  @Test func `a page that is no good is told`() throws {
    let scratch = try Scratch()
    let page = """
      <!doctype html><title>x</title><meta name="viewport" content="width=device-width">
      <script>console.error("here"); undefined.x</script><img src="missing.png"><div style="width:2000px">wide</div>
      <svg width="200" height="50" aria-label="plot"><text x="190" y="20">outside</text><text x="192" y="22">on it</text></svg>
      """
    for look in try look(at: ["bad": page], pictures: scratch.file("pictures")) {
      #expect(look.complaints.contains("console: here"))
      #expect(look.complaints.contains { $0.hasPrefix("exception: ") })
      #expect(look.requests.count == 1 && look.requests[0].hasSuffix("/missing.png"))
      #expect(look.scrollWidth > look.clientWidth && look.wide.contains("DIV"))
      #expect(look.plots.map(\.outside) == [["outside", "on it"]])
      #expect(look.plots.map(\.overlapping) == [["outside"]])
    }
  }
}
