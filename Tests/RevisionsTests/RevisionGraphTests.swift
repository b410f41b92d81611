import Revisions
import Testing

/// A graph written as text: "z1(l2,q2)" comes after l2 and q2, "a2(a1;b2)" after a1 and depends on b2.
func graph(_ text: String) throws -> RevisionGraph {
  try RevisionGraph(revisions(text))
}

func revisions(_ text: String) -> [Revision] {
  text.split(separator: " ").map { word in
    let parts = word.split(separator: "(", omittingEmptySubsequences: false)
    let inner = parts.count > 1 ? parts[1].dropLast() : ""
    let fields = inner.split(separator: ";", omittingEmptySubsequences: false)
    func names(_ index: Int) -> [String] {
      index < fields.count ? fields[index].split(separator: ",").map(String.init) : []
    }
    return Revision(
      id: String(parts[0]),
      downRevisions: names(0),
      dependsOn: names(1),
      location: Revision.Location(path: "\(parts[0]).py", line: 1, column: 1)
    )
  }
  // alembic reads the files sorted by name.
  .sorted { $0.id < $1.id }
}

@Suite struct RevisionGraphTests {
  struct OrderCase: CustomTestStringConvertible, Sendable {
    var name: String
    var graph: String
    var target: String
    var rows: [String] = []
    var order: String
    var rowsAfter: [String]
    var testDescription: String { name }
  }

  // The orders were captured from alembic 1.20.1 with the files sorted by name.
  static let orders = [
    OrderCase(
      name: "two branches merged, then one more",
      graph: "r1 l1(r1) l2(l1) q1(r1) q2(q1) z1(l2,q2) z2(z1)",
      target: "heads",
      order: "r1 q1 q2 l1 l2 z1 z2",
      rowsAfter: ["z2"]
    ),
    OrderCase(
      name: "a merge that names its parents the other way round",
      graph: "r1 l1(r1) q1(r1) z1(q1,l1)",
      target: "heads",
      order: "r1 l1 q1 z1",
      rowsAfter: ["z1"]
    ),
    OrderCase(
      name: "two roots",
      graph: "a1 a2(a1) b1 b2(b1)",
      target: "heads",
      order: "b1 b2 a1 a2",
      rowsAfter: ["a2", "b2"]
    ),
    OrderCase(
      name: "a dependency into another branch",
      graph: "a1 a2(a1;b2) a3(a2) b1 b2(b1) b3(b2)",
      target: "heads",
      order: "b1 b2 b3 a1 a2 a3",
      rowsAfter: ["a3", "b3"]
    ),
    OrderCase(
      name: "the dependent branch alone",
      graph: "a1 a2(a1;b2) a3(a2) b1 b2(b1) b3(b2)",
      target: "a3",
      order: "b1 b2 a1 a2 a3",
      rowsAfter: ["a3"]
    ),
    OrderCase(
      name: "what is left of the other branch afterwards",
      graph: "a1 a2(a1;b2) a3(a2) b1 b2(b1) b3(b2)",
      target: "heads",
      rows: ["a3"],
      order: "b3",
      rowsAfter: ["a3", "b3"]
    ),
    OrderCase(
      name: "three branches at once",
      graph: "r1 x1(r1) x2(r1) x3(r1) z1(x1,x2,x3)",
      target: "heads",
      order: "r1 x3 x2 x1 z1",
      rowsAfter: ["z1"]
    ),
    OrderCase(
      name: "file order breaks the tie",
      graph: "zz aa(zz) mm(zz)",
      target: "heads",
      order: "zz mm aa",
      rowsAfter: ["aa", "mm"]
    ),
    OrderCase(
      name: "from the middle to a named revision",
      graph: "aaaa bbbb(aaaa) cccc(bbbb) dddd(cccc)",
      target: "cc",
      rows: ["aaaa"],
      order: "bbbb cccc",
      rowsAfter: ["cccc"]
    ),
    OrderCase(
      name: "two steps up",
      graph: "aaaa bbbb(aaaa) cccc(bbbb) dddd(cccc)",
      target: "+2",
      rows: ["aaaa"],
      order: "bbbb cccc",
      rowsAfter: ["cccc"]
    ),
    OrderCase(
      name: "base is nothing to do",
      graph: "aaaa bbbb(aaaa)",
      target: "base",
      rows: ["aaaa"],
      order: "",
      rowsAfter: ["aaaa"]
    ),
    OrderCase(
      name: "already there",
      graph: "aaaa bbbb(aaaa)",
      target: "head",
      rows: ["bbbb"],
      order: "",
      rowsAfter: ["bbbb"]
    ),
  ]

  @Test(arguments: orders)
  func `an upgrade runs in alembic's order and ends with alembic's rows`(_ test: OrderCase) throws {
    let plan = try graph(test.graph).upgradePlan(to: Target(test.target), rows: test.rows)
    #expect(plan.steps.map(\.revision.id).joined(separator: " ") == test.order)
    #expect(plan.rowsAfter == test.rowsAfter)
  }

  @Test func `a merge deletes all parents' rows but the last, which moves on`() throws {
    let plan = try graph("r1 l1(r1) q1(r1) z1(q1,l1)").upgradePlan(to: .heads, rows: ["l1", "q1"])
    #expect(plan.steps.map(\.changes) == [[.delete("q1"), .update(from: "l1", to: "z1")]])
  }

  @Test func `a second branch from an applied revision is a row more`() throws {
    let plan = try graph("b1 c1(b1) d1(b1)").upgradePlan(to: .heads, rows: ["d1"])
    #expect(plan.steps.map(\.changes) == [[.insert("c1")]])
    #expect(plan.rowsAfter == ["c1", "d1"])
  }

  struct BrokenCase: CustomTestStringConvertible, Sendable {
    var graph: String
    var code: RevisionError.Code
    var message: String
    var testDescription: String { message }
  }

  static let broken = [
    BrokenCase(
      graph: "b1(zzzz)",
      code: .missingRevision,
      message: "revision b1 names 'zzzz' as down_revision, and there is no such revision"
    ),
    BrokenCase(
      graph: "b1(;nope)",
      code: .missingRevision,
      message: "revision b1 names 'nope' as depends_on, and there is no such revision"
    ),
    BrokenCase(
      graph: "b1(b1)",
      code: .cycle,
      message: "cycle is detected in revisions (b1)"
    ),
    BrokenCase(
      graph: "r0 a1(b1) b1(a1)",
      code: .cycle,
      message: "cycle is detected in revisions (a1, b1)"
    ),
    BrokenCase(
      graph: "a1(;b1) b1(;a1)",
      code: .cycle,
      message: "cycle is detected in revisions (a1, b1)"
    ),
    BrokenCase(
      graph: "a1 a1",
      code: .duplicateRevision,
      message: "revision a1 is present more than once: here and in a1.py"
    ),
    BrokenCase(
      graph: "a-1",
      code: .badName,
      message: "character(s) '-' not allowed in revision identifier 'a-1'"
    ),
  ]

  @Test(arguments: broken)
  func `a broken directory is refused with its place`(_ test: BrokenCase) throws {
    let error = try #require(throws: RevisionError.self) { try graph(test.graph) }
    #expect(error.code == test.code)
    #expect(error.message == test.message)
    #expect(error.location != nil)
  }

  struct TargetCase: CustomTestStringConvertible, Sendable {
    var target: String
    var rows: [String] = []
    var message: String
    var testDescription: String { "\(target) from \(rows)" }
  }

  static let refusedTargets = [
    TargetCase(target: "nosuch", message: "can't locate revision identified by 'nosuch'"),
    TargetCase(target: "", message: "can't locate revision identified by ''"),
    TargetCase(target: "abc", message: "multiple revisions start with 'abc': abcd1, abcd2"),
    TargetCase(target: "head", message: "multiple head revisions are present: abcd1, abcd2"),
    TargetCase(
      target: "+2",
      rows: ["root0"],
      message: "ambiguous walk: abcd1, abcd2 come after root0"
    ),
    TargetCase(
      target: "+9",
      rows: ["abcd1"],
      message: "relative revision +9 didn't produce 9 migrations"
    ),
    TargetCase(
      target: "+1",
      rows: ["abcd1", "abcd2"],
      message: "ambiguous upgrade from multiple current revisions: abcd1, abcd2"
    ),
    TargetCase(
      target: "heads",
      rows: ["dead"],
      message: "the database is at revision 'dead', which these scripts do not have"
    ),
    TargetCase(
      target: "heads",
      rows: ["root0", "abcd1"],
      message: "the database's revision abcd1 overlaps with root0: one comes after the other"
    ),
  ]

  @Test(arguments: refusedTargets)
  func `a target that cannot be reached is refused in words`(_ test: TargetCase) throws {
    let graph = try graph("root0 abcd1(root0) abcd2(root0)")
    let error = try #require(throws: RevisionError.self) {
      try graph.upgradePlan(to: Target(test.target), rows: test.rows)
    }
    #expect(error.message == test.message)
    #expect(!error.hint.isEmpty)
  }

  @Test func `history goes from the newest to the base`() throws {
    let graph = try graph("r1 l1(r1) l2(l1) q1(r1) q2(q1) z1(l2,q2) z2(z1)")
    #expect(graph.newestFirst == ["z2", "z1", "l2", "l1", "q2", "q1", "r1"])
  }

  @Test func `a chain of five thousand revisions is planned without recursion`() throws {
    let location = Revision.Location(path: "x", line: 1, column: 1)
    var chain: [Revision] = []
    for number in 10_000..<15_000 {
      let parent = number == 10_000 ? [] : [String(number - 1)]
      chain.append(Revision(id: String(number), downRevisions: parent, location: location))
    }
    let plan = try RevisionGraph(chain).upgradePlan(to: .head, rows: [])
    #expect(plan.steps.count == 5000)
    #expect(plan.rowsAfter == ["14999"])
  }
}
