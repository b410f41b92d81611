import Foundation
import Reports
import TestKit
import Testing

/// The page that `report` writes.
@Suite struct ReportPageTests {
  static let pages = [
    "busy": SampleReport.busy, "hostile": SampleReport.hostile, "empty": SampleReport.empty,
    "failing": SampleReport.failing, "hasty": SampleReport.hasty,
  ]

  /// Reads a page as a browser's parser does, and tells what is wrong with it.
  static let check = """
    import html.parser, json, sys
    void = {"meta", "link", "br", "img", "input", "hr", "wbr"}
    allowed = {"html", "head", "meta", "title", "style", "body", "main", "header", "h1", "wbr", "h2", "p", "div", "section", "svg", "g", "line",
      "text", "tspan", "path", "circle", "polyline", "ul", "li", "span", "dl", "dt", "dd", "pre", "table", "thead", "tbody", "tr", "th", "td", "footer"}
    problems, texts = [], []
    class Check(html.parser.HTMLParser):
      stack, last = [], None
      def handle_starttag(self, tag, attributes, closed=False):
        self.last = tag
        if tag not in allowed: problems.append(f"a tag {tag}")
        for name, value in attributes:
          if name.startswith("on") or name in ("href", "src", "xlink:href", "action", "style"): problems.append(f"an attribute {name} of {tag}")
          if value is not None and ("://" in value and tag != "meta"): problems.append(f"an address in {tag} {name}")
          if value in ("nan", "inf", "-inf"): problems.append(f"no number in {tag} {name}")
        if tag not in void and not closed: self.stack.append(tag)
      def handle_startendtag(self, tag, attributes): self.handle_starttag(tag, attributes, True)
      def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag: problems.append(f"</{tag}> where it does not belong")
      def handle_data(self, data):
        if self.last == "wbr": texts[-1] += data
        else: texts.append(data)
        self.last = None
    page = sys.stdin.read()
    if not page.startswith("<!doctype html>"): problems.append("no doctype")
    check = Check()
    check.feed(page)
    check.close()
    if check.stack: problems.append(f"left open: {check.stack}")
    if "url(" in page or "@import" in page: problems.append("the style loads something")
    if any(ord(c) < 32 and c != "\\n" or 0x202a <= ord(c) <= 0x202e for c in page): problems.append("a control character")
    print(json.dumps({"problems": problems, "text": " ".join(texts)}))
    """

  struct Findings: Decodable {
    var problems: [String]
    var text: String
  }

  static func findings(_ html: String) throws -> Findings {
    let outcome = try Command.run(["python3", "-c", check], input: Data(html.utf8))
    try #require(outcome.status == 0, "\(outcome)")
    return try JSONDecoder().decode(Findings.self, from: Data(outcome.output.utf8))
  }

  @Test(arguments: ["busy", "hostile", "empty", "failing", "hasty"])
  func `a page is whole, loads nothing, and runs nothing`(_ name: String) throws {
    let html = ReportPage(try #require(Self.pages[name])).html
    let findings = try Self.findings(html)
    #expect(findings.problems == [])
    #expect(html.contains("default-src 'none'"))
  }

  @Test func `a page says how things are`() throws {
    let text = try Self.findings(ReportPage(SampleReport.busy).html).text
    for words in [
      "/home/ada/.xmanager/experiments.sqlite3", "2 pending", "upgrade failed",
      "93 snapshots, 1 damaged",
      "correct the cause, then run the same command again", "no_such_table",
      "Merge tags.", "The newest 30 of 93.", "[xm_safe.rehearsal]",
    ] {
      #expect(text.contains(words), "\(words)")
    }
    #expect(text.contains("The last failure, followed by runs that went well"))
    let failing = try Self.findings(ReportPage(SampleReport.failing).html).text
    #expect(failing.contains("upgrade failed") && !failing.contains("followed by"))
    let empty = try Self.findings(ReportPage(SampleReport.empty).html).text
    #expect(empty.contains("unknown") && empty.contains("never"))
  }

  @Test func `every text from outside is on the page as it is`() throws {
    let text = try Self.findings(ReportPage(SampleReport.hostile).html).text
    let count =
      text.components(separatedBy: "</title><script>alert(1)</script>\" onload='x'").count - 1
    #expect(count > 12)
  }

  @Test func `a check that finds nothing would be worth nothing`() throws {
    let html = ReportPage(SampleReport.empty).html
    for (bad, problem) in [
      ("<script>x</script>", "a tag script"), ("<p onclick='x'></p>", "an attribute onclick of p"),
      ("<div>", "left open"), ("</div>", "</div> where it does not belong"),
      ("<p title='http://x'></p>", "an address in p title"), ("\u{1b}", "a control character"),
    ] {
      let broken = html.replacing("</main>", with: bad + "</main>")
      #expect(
        try Self.findings(broken).problems.contains {
          $0.hasPrefix(problem) || problem == "left open"
        },
        "\(bad)"
      )
    }
  }
}
