/// A time of the calendar in UTC, to the second, as a manifest's `created` has it.
///
/// The calendar is the proleptic Gregorian one; days are counted with the algorithms `days_from_civil` and
/// `civil_from_days` of https://howardhinnant.github.io/date_algorithms.html, which are right for negative years too.
package struct CivilTime: Comparable, Hashable, Sendable, CustomStringConvertible {
  /// The year; 0 is 1 BC.
  package let year: Int
  /// The month, from 1.
  package let month: Int
  /// The day of the month, from 1.
  package let day: Int
  /// The hour, 0 to 23.
  package let hour: Int
  /// The minute, 0 to 59.
  package let minute: Int
  /// The second, 0 to 59.
  package let second: Int

  /// Reads a time in the one form that manifests have, `2026-11-22T22:51:33Z`.
  ///
  /// - Parameter text: The time; nil comes back for any other form and for days that do not exist.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    let form = Array("0000-00-00T00:00:00Z".utf8)
    let zero = UInt8(ascii: "0")
    guard bytes.count == form.count else { return nil }
    for (byte, expected) in zip(bytes, form) {
      let fits = expected == zero ? (zero...(zero + 9)).contains(byte) : byte == expected
      guard fits else { return nil }
    }
    func number(_ range: Range<Int>) -> Int {
      bytes[range].reduce(0) { $0 * 10 + Int($1 - zero) }
    }
    let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
    let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
    guard (1...12).contains(month), hour < 24, minute < 60, second < 60 else { return nil }
    // The 30th of February would be counted as a day of March.
    self.init(
      daysSinceEpoch: Self.daysSinceEpoch(year: year, month: month, day: day),
      secondOfDay: (hour * 60 + minute) * 60 + second
    )
    guard self.month == month, self.day == day else { return nil }
  }

  /// Makes a time of a number of days since 1970-01-01 and seconds since midnight, both normalised here.
  private init(daysSinceEpoch: Int, secondOfDay: Int) {
    let (carriedDays, second) = Self.floored(secondOfDay, by: 86_400)
    // civil_from_days: years begin in March here, so that the leap day is a year's last.
    let (era, dayOfEra) = Self.floored(daysSinceEpoch + carriedDays + 719_468, by: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    hour = second / 3_600
    self.minute = second / 60 % 60
    self.second = second % 60
  }

  /// The week of ISO 8601: weeks run from Monday to Sunday and belong to the year that has their Thursday.
  package var isoWeek: (year: Int, week: Int) {
    let days = daysSinceEpoch
    // 1970-01-01 was a Thursday, the fourth day of its week.
    let dayOfWeek = Self.floored(days + 3, by: 7).remainder
    let thursday = Self(daysSinceEpoch: days - dayOfWeek + 3, secondOfDay: 0)
    let newYear = Self.daysSinceEpoch(year: thursday.year, month: 1, day: 1)
    return (thursday.year, (thursday.daysSinceEpoch - newYear) / 7 + 1)
  }

  /// The time that lies a duration earlier, counted as Go's `AddDate` does it, which restic uses.
  ///
  /// Years and months go first and keep the day's number; a day that its month lacks runs over into the next, so that a
  /// month before March 31 is March 3 (or 2). Days and hours follow. (https://pkg.go.dev/time#Time.AddDate)
  ///
  /// - Parameter duration: How much earlier.
  /// - Returns: The earlier time.
  package func subtracting(_ duration: RetentionDuration) -> Self {
    let months = year * 12 + (month - 1) - duration.years * 12 - duration.months
    let (earlierYear, earlierMonth) = Self.floored(months, by: 12)
    let first = Self.daysSinceEpoch(year: earlierYear, month: earlierMonth + 1, day: 1)
    return Self(
      daysSinceEpoch: first + (day - 1) - duration.days,
      secondOfDay: (hour - duration.hours) * 3_600 + minute * 60 + second
    )
  }

  /// Whether a time is the earlier one.
  package static func < (left: Self, right: Self) -> Bool {
    (left.year, left.month, left.day, left.hour, left.minute, left.second)
      < (right.year, right.month, right.day, right.hour, right.minute, right.second)
  }

  /// The time as a manifest has it.
  package var description: String {
    func padded(_ number: Int, _ width: Int = 2) -> String {
      let digits = String(number.magnitude)
      let zeros = String(repeating: "0", count: max(0, width - digits.count))
      return (number < 0 ? "-" : "") + zeros + digits
    }
    let date = "\(padded(year, 4))-\(padded(month))-\(padded(day))"
    return "\(date)T\(padded(hour)):\(padded(minute)):\(padded(second))Z"
  }

  private var daysSinceEpoch: Int { Self.daysSinceEpoch(year: year, month: month, day: day) }

  private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
    let (era, yearOfEra) = floored(month <= 2 ? year - 1 : year, by: 400)
    let monthFromMarch = month > 2 ? month - 3 : month + 9
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func floored(_ number: Int, by size: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = number.quotientAndRemainder(dividingBy: size)
    return remainder < 0 ? (quotient - 1, remainder + size) : (quotient, remainder)
  }
}
