import Snapshots
import Testing

@Suite struct RetentionDurationTests {
  struct Reading: CustomTestStringConvertible, Sendable {
    var text: String
    /// Years, months, days, hours.
    var parts: [Int]
    var shown: String
    var testDescription: String { text.debugDescription }
  }

  @Test(arguments: [
    Reading(text: "1y5m7d2h", parts: [1, 5, 7, 2], shown: "1y5m7d2h"),
    Reading(text: "2h7d5m1y", parts: [1, 5, 7, 2], shown: "1y5m7d2h"),
    Reading(text: "1y1d1m", parts: [1, 1, 1, 0], shown: "1y1m1d"),
    Reading(text: "7d", parts: [0, 0, 7, 0], shown: "7d"),
    Reading(text: "24h", parts: [0, 0, 0, 24], shown: "24h"),
    Reading(text: "13m", parts: [0, 13, 0, 0], shown: "13m"),
    Reading(text: "9999y", parts: [9_999, 0, 0, 0], shown: "9999y"),
    Reading(text: "007d", parts: [0, 0, 7, 0], shown: "7d"),
    Reading(text: "0y7d", parts: [0, 0, 7, 0], shown: "7d"),
    Reading(text: "0d", parts: [0, 0, 0, 0], shown: "0h"),
    Reading(text: " 7d\n", parts: [0, 0, 7, 0], shown: "7d"),
    Reading(text: "999999999h", parts: [0, 0, 0, 999_999_999], shown: "999999999h"),
    Reading(text: "000000000000000000001d", parts: [0, 0, 1, 0], shown: "1d"),
  ])
  func `a duration has its units in any order`(_ reading: Reading) throws {
    let duration = try RetentionDuration(reading.text)
    #expect([duration.years, duration.months, duration.days, duration.hours] == reading.parts)
    #expect(duration.description == reading.shown)
    #expect(duration.isZero == (reading.parts == [0, 0, 0, 0]))
    #expect(try RetentionDuration(reading.shown) == duration)
  }

  struct Refusal: CustomTestStringConvertible, Sendable {
    var text: String
    var message: String
    var testDescription: String { text.debugDescription }
  }

  @Test(arguments: [
    Refusal(text: "", message: "there is no number in it"),
    Refusal(text: "  ", message: "there is no number in it"),
    Refusal(text: "7", message: "there is no unit after 7"),
    Refusal(text: "1d7", message: "there is no unit after 7"),
    Refusal(text: "1w", message: "there is no unit \"w\""),
    Refusal(text: "1D", message: "there is no unit \"D\""),
    Refusal(text: "1.5d", message: "there is no unit \".\""),
    Refusal(text: "1 d", message: "there is no unit \" \""),
    Refusal(text: "d", message: "there is no number before \"d\""),
    Refusal(text: "1dd", message: "there is no number before \"d\""),
    Refusal(text: "-1d", message: "there is no number before \"-\""),
    Refusal(text: "+1d", message: "there is no number before \"+\""),
    Refusal(text: "٣d", message: "there is no number before \"٣\""),
    Refusal(text: "½d", message: "there is no number before \"½\""),
    Refusal(text: "1d2h3d", message: "the unit \"d\" stands twice"),
    Refusal(text: "1000000000h", message: "a number is larger than 999999999"),
    Refusal(text: "99999999999999999999y", message: "a number is larger than 999999999"),
  ])
  func `what is no duration is refused with the place`(_ refusal: Refusal) throws {
    let error = try #require(throws: RetentionError.self) {
      try RetentionDuration(refusal.text)
    }
    #expect(error.code == .invalidDuration)
    #expect(error.message == "\(refusal.text.debugDescription) is no duration: \(refusal.message)")
    #expect(error.hint.contains("1y5m7d2h"))
  }

  @Test func `a message stays on one line whatever was written`() throws {
    let error = try #require(throws: RetentionError.self) { try RetentionDuration("1\n\u{1B}[31m") }
    #expect(error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 })
  }

  @Test(arguments: [-1, 1_000_000_000, .min, .max])
  func `parts that are out of range are refused`(_ number: Int) {
    #expect(throws: RetentionError.self) { try RetentionDuration(years: number) }
    #expect(throws: RetentionError.self) { try RetentionDuration(months: number) }
    #expect(throws: RetentionError.self) { try RetentionDuration(days: number) }
    #expect(throws: RetentionError.self) { try RetentionDuration(hours: number) }
  }
}
