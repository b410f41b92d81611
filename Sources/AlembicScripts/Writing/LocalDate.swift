/// A point in time as clocks in a zone show it.
package struct LocalDate: Hashable, Sendable {
  /// Seconds since 1970, UTC.
  package let epoch: Int64
  /// Seconds that the zone is ahead of UTC.
  package let offset: Int64
  /// Whether the offset belongs to the text.
  private let showsOffset: Bool

  /// Makes a date.
  ///
  /// - Parameters:
  ///   - epoch: Seconds since 1970, UTC.
  ///   - offset: Seconds that the zone is ahead of UTC.
  ///   - showsOffset: Whether the offset belongs to the text, as in Python for a time that knows its zone.
  package init(epoch: Int64, offset: Int64, showsOffset: Bool) {
    self.epoch = epoch
    self.offset = offset
    self.showsOffset = showsOffset
  }

  /// Reads `2026-11-22T22:51:33Z`.
  ///
  /// - Parameter text: The text.
  /// - Returns: Seconds since 1970; nil for any other text.
  package static func epoch(of text: String) -> Int64? {
    let parts = text.utf8.split { !(48...57).contains($0) }.map {
      Int64(String(decoding: $0, as: UTF8.self)) ?? 0
    }
    guard parts.count >= 6, text.hasSuffix("Z") else { return nil }
    let days = days(year: parts[0], month: parts[1], day: parts[2])
    return days * 86_400 + parts[3] * 3600 + parts[4] * 60 + parts[5]
  }

  /// A part by Python's name of it: `year`, `month`, `day`, `hour`, `minute`, `second`.
  package func part(_ name: String) -> Int64? {
    let local = epoch + offset
    let days = Self.floor(local, 86_400)
    let seconds = local - days * 86_400
    let (year, month, day) = Self.date(days)
    switch name {
    case "year": return year
    case "month": return month
    case "day": return day
    case "hour": return seconds / 3600
    case "minute": return seconds / 60 % 60
    case "second": return seconds % 60
    default: return nil
    }
  }

  /// Python's `str` of it: `2026-11-22 19:47:32`, with `+01:00` where the zone is known.
  package var text: String {
    func two(_ number: Int64) -> String { (number < 10 ? "0" : "") + String(number) }
    let parts = ["month", "day", "hour", "minute", "second"].map { two(part($0) ?? 0) }
    let year = String(part("year") ?? 0)
    let text =
      String(repeating: "0", count: max(0, 4 - year.count)) + year
      + "-\(parts[0])-\(parts[1]) \(parts[2]):\(parts[3]):\(parts[4])"
    guard showsOffset else { return text }
    let size = abs(offset)
    let seconds = size % 60 == 0 ? "" : ":" + two(size % 60)
    return text + "\(offset < 0 ? "-" : "+")\(two(size / 3600)):\(two(size / 60 % 60))\(seconds)"
  }

  /// The days from 1970-01-01 to a date of the Gregorian calendar.
  static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    // Counted from March, so that the day that some years have more is the last of the year.
    let years = month > 2 ? year : year - 1
    let months = (month + 9) % 12
    let leapDays = floor(years, 4) - floor(years, 100) + floor(years, 400)
    return years * 365 + leapDays + (153 * months + 2) / 5 + day - 1 - 719_468
  }

  /// The date of the Gregorian calendar so many days after 1970-01-01.
  static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = floor(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let months = (5 * dayOfYear + 2) / 153
    let month = months < 10 ? months + 3 : months - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * months + 2) / 5 + 1)
  }

  static func floor(_ value: Int64, _ divisor: Int64) -> Int64 {
    value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
  }
}
