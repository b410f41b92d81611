import Foundation
import Snapshots
import Testing

/// `CivilTime`: reading, order, ISO weeks and subtraction.
@Suite struct RetentionTimeTests {
  @Test func `a time is read into its parts and shown as it was`() throws {
    let text = "2026-11-22T22:51:33Z"
    let time = try #require(CivilTime(text))
    let parts = [time.year, time.month, time.day, time.hour, time.minute, time.second]
    #expect(parts == [2026, 11, 22, 22, 51, 33])
    #expect(time.description == text)
  }

  @Test(arguments: [
    "0000-01-01T00:00:00Z", "0000-02-29T00:00:00Z", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z",
    "2000-02-29T12:00:00Z", "2024-02-29T00:00:00Z", "9999-12-31T23:59:59Z",
  ])
  func `every time that exists is shown as it was read`(_ text: String) {
    #expect(CivilTime(text)?.description == text)
  }

  @Test(arguments: [
    "", "2026", "2026-11-22", "2026-11-22T22:51:33", "2026-11-22T22:51:33z", "2026-11-22 22:51:33Z",
    "2026-11-22T22:51:33.1Z", "2026-11-22T22:51:33+00:00", " 2026-11-22T22:51:33Z",
    "2026-11-22T22:51:33Z\n", "-026-11-22T22:51:33Z", "2026-+1-22T22:51:33Z",
    "٢٠٢٦-11-22T22:51:33Z", "2026/11/22T22:51:33Z", "2026-00-22T22:51:33Z", "2026-13-22T22:51:33Z",
    "2026-11-00T22:51:33Z", "2026-11-31T22:51:33Z", "2026-01-32T22:51:33Z", "2026-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T22:60:33Z", "2026-12-31T23:59:60Z",
  ])
  func `anything else is refused`(_ text: String) {
    #expect(CivilTime(text) == nil)
  }

  @Test func `days and weeks are those of Foundation's calendar`() throws {
    var calendar = Calendar(identifier: .iso8601)
    calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
    let parts: Set<Calendar.Component> = [.year, .month, .day, .weekOfYear, .yearForWeekOfYear]
    // 32400 days after 1970-01-01; the 400 years before it have every kind of year.
    let last = try #require(CivilTime("2058-09-16T00:00:00Z"))
    for day in stride(from: 0, to: 146_097, by: 5) {
      let date = Date(timeIntervalSince1970: Double(32_400 - day) * 86_400)
      let expected = calendar.dateComponents(parts, from: date)
      let time = last.subtracting(try RetentionDuration(days: day))
      #expect(time.year == expected.year && time.month == expected.month)
      #expect(time.day == expected.day)
      let (year, week) = time.isoWeek
      #expect(year == expected.yearForWeekOfYear && week == expected.weekOfYear, "\(time)")
    }
  }

  struct Week: CustomTestStringConvertible, Sendable {
    var day: String
    var year: Int
    var week: Int
    var testDescription: String { day }
  }

  @Test(arguments: [
    Week(day: "2015-12-31", year: 2015, week: 53),
    Week(day: "2016-01-03", year: 2015, week: 53),
    Week(day: "2016-01-04", year: 2016, week: 1),
    Week(day: "2018-12-31", year: 2019, week: 1),
    Week(day: "2020-12-31", year: 2020, week: 53),
    Week(day: "2021-01-01", year: 2020, week: 53),
    Week(day: "2021-01-04", year: 2021, week: 1),
    Week(day: "2024-12-30", year: 2025, week: 1),
    Week(day: "2027-01-03", year: 2026, week: 53),
    Week(day: "0000-01-01", year: -1, week: 52),
  ])
  func `a week belongs to the year that has its Thursday`(_ expected: Week) throws {
    let (year, week) = try #require(CivilTime(expected.day + "T23:59:59Z")).isoWeek
    #expect(year == expected.year)
    #expect(week == expected.week)
  }

  @Test func `times are ordered by their most significant part that differs`() throws {
    let texts = [
      "2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z",
      "2026-01-01T00:01:00Z", "2026-01-01T01:00:00Z", "2026-01-02T00:00:00Z",
      "2026-02-01T00:00:00Z",
    ]
    let times = texts.compactMap { CivilTime($0) }
    #expect(times.reversed().sorted().map(\.description) == texts)
  }

  struct Subtraction: CustomTestStringConvertible, Sendable {
    var from: String
    var duration: String
    var result: String
    var testDescription: String { "\(from) minus \(duration)" }
  }

  @Test(arguments: [
    Subtraction(from: "2025-03-31", duration: "1m", result: "2025-03-03T10:20:30Z"),
    Subtraction(from: "2024-03-31", duration: "1m", result: "2024-03-02T10:20:30Z"),
    Subtraction(from: "2025-10-31", duration: "1m", result: "2025-10-01T10:20:30Z"),
    Subtraction(from: "2025-12-31", duration: "1m", result: "2025-12-01T10:20:30Z"),
    Subtraction(from: "2024-02-29", duration: "1y", result: "2023-03-01T10:20:30Z"),
    Subtraction(from: "2024-02-29", duration: "4y", result: "2020-02-29T10:20:30Z"),
    Subtraction(from: "2025-01-15", duration: "1m", result: "2024-12-15T10:20:30Z"),
    Subtraction(from: "2025-01-15", duration: "25m", result: "2022-12-15T10:20:30Z"),
    // The day is counted back from where the months lead: February 31 less three days is February 28.
    Subtraction(from: "2025-03-31", duration: "1m3d", result: "2025-02-28T10:20:30Z"),
    Subtraction(from: "2025-03-01", duration: "1d", result: "2025-02-28T10:20:30Z"),
    Subtraction(from: "2025-01-01", duration: "11h", result: "2024-12-31T23:20:30Z"),
    Subtraction(from: "2025-01-01", duration: "10h", result: "2025-01-01T00:20:30Z"),
    Subtraction(from: "2025-01-01", duration: "8784h", result: "2024-01-01T10:20:30Z"),
    Subtraction(from: "2016-01-18", duration: "1y2m3d3h", result: "2014-11-15T07:20:30Z"),
    Subtraction(from: "2025-06-30", duration: "0h", result: "2025-06-30T10:20:30Z"),
    Subtraction(from: "2016-01-18", duration: "9999y", result: "-7983-01-18T10:20:30Z"),
  ])
  func `a duration is subtracted as Go does it`(_ subtraction: Subtraction) throws {
    let time = try #require(CivilTime(subtraction.from + "T10:20:30Z"))
    let earlier = time.subtracting(try RetentionDuration(subtraction.duration))
    #expect(earlier.description == subtraction.result)
    #expect(earlier <= time)
  }

  @Test func `the longest duration leads far back and no further`() throws {
    let most = RetentionDuration.largestNumber
    let longest = try RetentionDuration(years: most, months: most, days: most, hours: most)
    let time = try #require(CivilTime("0000-01-01T00:00:00Z"))
    #expect(time.subtracting(longest) < time)
    #expect(time.subtracting(longest).subtracting(longest) < time.subtracting(longest))
  }
}
