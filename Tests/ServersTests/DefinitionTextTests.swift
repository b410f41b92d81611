import Archive
import DatabaseURLs
import Testing

@testable import Servers

/// What is compared of definitions.
@Suite struct DefinitionTextTests {
  private func settled(_ text: String) -> String {
    DefinitionText.settled("check" + DefinitionText.separator + text)
  }

  @Test func `an expression that was read again is the same`() {
    #expect(
      settled(
        "CHECK (((state)::text = ANY ((ARRAY['new'::character varying, 'o (l)d'::character varying(9)])::text[])))"
      )
        == settled(
          "CHECK (((state)::text = ANY (ARRAY[('new'::character varying)::text, ('o (l)d'::character varying(9))::text])))"
        )
    )
    #expect(settled("(a)::timestamp(3) without time zone[] < b") == settled("a < b"))
    #expect(settled("a::public.\"odd (name\" < b") == settled("a < b"))
  }

  @Test func `another expression is another one`() {
    #expect(settled("CHECK ((id < 100))") != settled("CHECK ((id < 9))"))
    #expect(settled("'a b'") != settled("'ab'"))
    #expect(settled("'a::text'") != settled("'a'"))
    // Text without end, as a server does not write it, is no reason to stop.
    #expect(settled("'a") == settled("'a"))
    #expect(settled("a::") == settled("a"))
  }

  @Test func `a manifest without definitions is compared without them`() {
    func content(_ definition: String) -> ServerContent {
      ServerContent(
        rowCounts: [:],
        heads: [],
        lines: ["a"],
        definitions: [definition],
        versionTable: nil
      )
    }
    let saved = content("x")
    var image = Manifest.Image(
      size: 1,
      sha256: "",
      contentSHA256: saved.sha256,
      definitionsSHA256: saved.definitionsSHA256,
      memberSize: 1
    )
    #expect(saved.isSaid(by: image))
    #expect(!content("y").isSaid(by: image))
    image.definitionsSHA256 = nil
    #expect(content("y").isSaid(by: image))
  }

  @Test func `sequences alone are told from all else`() {
    func content(_ definitions: String...) -> ServerContent {
      ServerContent(
        rowCounts: [:],
        heads: [],
        lines: [],
        definitions: definitions,
        versionTable: nil
      )
    }
    let before = content("sequence value public.s 1 false", "x")
    #expect(
      content("sequence value public.s 2 true", "x").advancedSequences(since: before)
        == ["public.s"]
    )
    #expect(content("sequence value public.s 2 true", "y").advancedSequences(since: before) == nil)
    #expect(before.advancedSequences(since: before) == [])
  }
}
