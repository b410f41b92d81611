import Foundation
import Revisions
import TestKit
import Testing

/// Random graphs, compared with the real alembic: orders, rows after each step, refusals, ranges, labels.
@Suite struct RandomGraphTests {
  /// One question about a graph.
  struct Query: Codable {
    var verb: String
    var target: String
    var rows: [String]
  }

  struct Case: Codable {
    struct Node: Codable {
      var id: String
      var down: [String]
      var depends: [String]
      var labels: [String]
    }

    var revisions: [Node]
    var queries: [Query]
  }

  /// What alembic says.
  struct Verdict: Codable {
    struct Answer: Codable {
      var order: [String]?
      var rows: [[String]]?
      var error: String?
      var message: String?
      var warned: Bool?
    }

    var broken: String?
    var heads: [String]?
    var realHeads: [String]?
    var labels: [String: [String]]?
    var answers: [Answer]?
  }

  /// What xm-safe says to the same question.
  struct Own {
    var order: [String] = []
    var rows: [[String]] = []
    var error: RevisionError?
  }

  @Test func `a thousand random graphs are understood as alembic understands them`() throws {
    var cases: [Case] = []
    var graphs: [Result<RevisionGraph, RevisionError>] = []
    var own: [[Own]] = []
    for seed in 1...1000 {
      var random = RandomGraph(seed: UInt64(seed))
      let graph = Self.graph(random.revisions)
      let (queries, answers) = (try? graph.get()).map { Self.session($0, &random) } ?? ([], [])
      cases.append(Case(revisions: random.revisions.map(Case.Node.init), queries: queries))
      graphs.append(graph)
      own.append(answers)
    }
    let outcome = try Command.run(
      [Workshop.python, Workshop.root + "/Tests/Fixtures/graph_oracle.py"],
      input: try JSONEncoder().encode(cases)
    )
    try #require(outcome.status == 0, "\(outcome.errors)")
    let verdicts = try JSONDecoder().decode([Verdict].self, from: Data(outcome.output.utf8))
    var seen: [String: Int] = [:]
    for (index, verdict) in verdicts.enumerated() {
      let name = "seed \(index + 1)"
      let graph: RevisionGraph
      switch graphs[index] {
      case .success(let sound): graph = sound
      case .failure(let error):
        // alembic does not see every circle of dependencies, and then leaves revisions out.
        #expect(verdict.broken != nil || error.code == .cycle, "\(name): \(error)")
        seen[verdict.broken == nil ? "circle" : "broken", default: 0] += 1
        continue
      }
      #expect(verdict.broken == nil, "\(name): \(verdict.broken ?? "")")
      #expect(graph.heads.sorted() == verdict.heads?.sorted(), "\(name)")
      #expect(graph.realHeads.sorted() == verdict.realHeads?.sorted(), "\(name)")
      #expect(graph.branchLabels == verdict.labels, "\(name)")
      for (place, answer) in (verdict.answers ?? []).enumerated() {
        let query = cases[index].queries[place]
        let kind = Self.compare(graph, query, own[index][place], answer, "\(name) \(query)")
        seen["\(query.verb) \(kind)", default: 0] += 1
      }
    }
    // The graphs must be of all kinds, or the comparison means little.
    for kind in ["upgrade same", "downgrade same", "stamp same", "history same", "tips same"] {
      #expect(seen[kind, default: 0] > 400, "\(seen)")
    }
    for kind in ["broken", "upgrade refused", "downgrade refused", "history refused"] {
      #expect(seen[kind, default: 0] > 10, "\(seen)")
    }
    if ProcessInfo.processInfo.environment["XM_SAFE_SHOW"] != nil { print(seen) }
  }

  private static func graph(_ revisions: [Revision]) -> Result<RevisionGraph, RevisionError> {
    do {
      return .success(try RevisionGraph(revisions))
    } catch {
      return .failure(error)
    }
  }

  /// Upgrades, downgrades and stamps one after the other, each from where the one before has led.
  private static func session(
    _ graph: RevisionGraph,
    _ random: inout RandomGraph
  ) -> ([Query], [Own]) {
    var rows: [String] = []
    var queries: [Query] = []
    var answers: [Own] = []
    for verb in ["upgrade", "upgrade", "downgrade", "upgrade", "stamp", "downgrade", "history"] {
      let target =
        switch verb {
        case "stamp": random.stampTarget()
        case "history": random.range()
        default: random.target(verb)
        }
      let query = Query(verb: verb, target: target, rows: rows)
      let answer = answer(graph, query)
      queries.append(query)
      answers.append(answer)
      if verb != "history", let after = answer.rows.last { rows = after }
      queries.append(Query(verb: "tips", target: "", rows: rows))
      answers.append(Own(order: graph.tips(of: rows).sorted()))
    }
    return (queries, answers)
  }

  private static func answer(_ graph: RevisionGraph, _ query: Query) -> Own {
    do {
      let plan: Plan
      switch query.verb {
      case "upgrade": plan = try graph.upgradePlan(to: Target(query.target), rows: query.rows)
      case "downgrade": plan = try graph.downgradePlan(to: Target(query.target), rows: query.rows)
      case "stamp":
        let targets = query.target.split(separator: " ").map(String.init)
        plan = try graph.stampPlan(to: targets, rows: query.rows)
      default:
        let ends = query.target.split(separator: ":", omittingEmptySubsequences: false)
        return Own(
          order: try graph.range(from: .named(String(ends[0])), to: .named(String(ends[1])))
        )
      }
      return Own(
        order: plan.direction == .stamp ? [] : plan.steps.map(\.revision.id),
        rows: plan.steps.map(\.rowsAfter)
      )
    } catch {
      return Own(error: error)
    }
  }

  /// The kinds of refusals, in alembic's and in our words.
  private static let kinds: [String: Set<RevisionError.Code>] = [
    "heads": [.multipleHeads],
    "unknown": [.unknownRevision, .ambiguous],
    "range": [.notATarget],
    "overlap": [.overlap],
    "walk": [.ambiguousWalk],
    "short": [.walkedTooFar],
  ]

  private static func compare(
    _ graph: RevisionGraph,
    _ query: Query,
    _ own: Own,
    _ answer: Verdict.Answer,
    _ name: String
  ) -> String {
    let stamped = query.verb == "stamp" ? destinations(graph, query) : []
    if let error = answer.error {
      // Where alembic crashes, a refusal is right, and so is a plan: it is checked to leave rows that say what is applied.
      if error == "crash" {
        return own.error == nil ? "instead of a crash" : "refused, not a crash"
      }
      guard let ours = own.error else {
        Issue.record("\(name): alembic refuses (\(answer.message ?? "")), xm-safe plans \(own)")
        return "different"
      }
      let isAmbiguous = ours.code == .ambiguousWalk && query.rows.count > 1
      #expect(
        kinds[error]?.contains(ours.code) == true || isAmbiguous,
        "\(name): \(answer.message ?? "") but \(ours)"
      )
      return "refused"
    }
    if answer.warned == true {
      #expect(own.error?.code == .ambiguousWalk, "\(name)")
      return "random"
    }
    if let ours = own.error {
      // Revisions of which one comes after the other would leave a version table that no upgrade takes.
      if stamped.count > 1, ours.code == .overlap { return "unsound" }
      Issue.record("\(name): xm-safe refuses (\(ours)), alembic gives \(answer)")
      return "different"
    }
    if stamped.count > 1 {
      // alembic leads the second of them out of a row that the first has left, and so may lose one.
      let line = Set(stamped).union(graph.ancestors(of: stamped))
      let kept = query.rows.filter { row in
        !line.contains(row) && graph.ancestors(of: [row]).isDisjoint(with: stamped)
      }
      #expect(own.rows.last ?? query.rows == Set(kept + stamped).sorted(), "\(name)")
      return own.rows == answer.rows ? "several, same" : "several"
    }
    if query.verb != "stamp" { #expect(own.order == answer.order, "\(name)") }
    #expect(own.rows == (answer.rows ?? []).map { sound(graph, $0) }, "\(name)")
    return "same"
  }

  private static func destinations(_ graph: RevisionGraph, _ query: Query) -> [String] {
    var found: Set<String> = []
    for target in query.target.split(separator: " ") {
      found.formUnion((try? graph.resolveAll(String(target))) ?? [])
    }
    return found.sorted()
  }

  /// Rows without those that another row implies, which alembic leaves behind in some merges.
  private static func sound(_ graph: RevisionGraph, _ rows: [String]) -> [String] {
    rows.filter { row in
      !rows.contains { $0 != row && graph.ancestors(of: [$0]).contains(row) }
    }
  }
}

extension RandomGraphTests.Case.Node {
  init(_ revision: Revision) {
    self.init(
      id: revision.id,
      down: revision.downRevisions,
      depends: revision.dependsOn,
      labels: revision.branchLabels
    )
  }
}
