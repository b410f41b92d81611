import Foundation
import Snapshots
import TestKit
import Testing

/// The retention rules beside what the real restic answered; `Scripts/record-restic.py` has recorded it.
@Suite struct RecordedResticTests {
  struct Recording: Decodable {
    struct Case: Decodable {
      var history: Int
      /// Flags without `--keep-`, and their values.
      var policy: [String: String]
      /// Why snapshots are kept, by their place in the history.
      var kept: [String: String]
    }

    var restic: String
    /// The times of snapshots, newest first.
    var histories: [[String]]
    var cases: [Case]
  }

  @Test func `histories are kept as restic keeps them, for its reasons`() throws {
    let url = URL(fileURLWithPath: Workshop.root + "/Tests/Fixtures/restic-forget.json")
    let recording = try JSONDecoder().decode(Recording.self, from: Data(contentsOf: url))
    #expect(recording.cases.count > 250)
    for recorded in recording.cases {
      let times = recording.histories[recorded.history].map {
        $0.replacingOccurrences(of: " ", with: "T")
      }
      let items = try RetentionPolicyTests.items(times.reversed())
      let decision = try RetentionPolicyTests.decide(policy(recorded.policy), items)
      // That a rule also keeps the oldest of all while it is not exhausted is newer than the restic that was recorded.
      let kept = decision.kept.compactMap { kept -> String? in
        let reasons = kept.reasons.filter { !$0.hasPrefix("oldest ") }
        return reasons.isEmpty ? nil : "\(kept.item.id): \(reasons.joined(separator: ", "))"
      }
      let expected = times.indices.compactMap { index in
        recorded.kept[String(index)].map { "\(times[index]): \($0)" }
      }
      #expect(kept == expected, "\(recorded.policy) of \(times)")
    }
  }

  private func policy(_ flags: [String: String]) throws -> RetentionPolicy {
    func count(_ name: String) throws -> Int? { try flags[name].map(RetentionPolicy.count) }
    func duration(_ name: String) throws -> RetentionDuration? {
      try flags[name].map { try RetentionDuration($0) }
    }
    return RetentionPolicy(
      last: try count("last"),
      hourly: try count("hourly"),
      daily: try count("daily"),
      weekly: try count("weekly"),
      monthly: try count("monthly"),
      yearly: try count("yearly"),
      within: try duration("within"),
      withinHourly: try duration("within-hourly"),
      withinDaily: try duration("within-daily"),
      withinWeekly: try duration("within-weekly"),
      withinMonthly: try duration("within-monthly"),
      withinYearly: try duration("within-yearly")
    )
  }
}
