/// The rule for the future in a zone's file, in POSIX's notation: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneRule {
  private var standard: Int64
  private var summer: Int64?
  private var start = Day()
  private var end = Day()

  /// When summer time begins or ends.
  private struct Day {
    var month: Int64 = 0
    var week: Int64 = 0
    var weekday: Int64 = 0
    var seconds: Int64 = 7200
  }

  /// Reads a rule; nil if it is empty or of a kind that no present zone has.
  init?(_ text: String) {
    var rest = text.utf8[...]
    guard Self.skipName(&rest), let offset = Self.time(&rest) else { return nil }
    standard = -offset
    guard !rest.isEmpty else { return }
    guard Self.skipName(&rest) else { return nil }
    summer = rest.first == UInt8(ascii: ",") ? standard + 3600 : Self.time(&rest).map { -$0 }
    guard summer != nil, let first = Self.day(&rest), let second = Self.day(&rest) else {
      return nil
    }
    (start, end) = (first, second)
  }

  /// How many seconds the zone is ahead of UTC.
  func offset(at epoch: Int64) -> Int64 {
    guard let summer else { return standard }
    let (year, _, _) = LocalDate.date(LocalDate.floor(epoch + standard, 86_400))
    let begins = Self.time(of: start, in: year) - standard
    let ends = Self.time(of: end, in: year) - summer
    let isSummer =
      begins < ends ? (begins..<ends).contains(epoch) : !(ends..<begins).contains(epoch)
    return isSummer ? summer : standard
  }

  private static func time(of day: Day, in year: Int64) -> Int64 {
    let first = LocalDate.days(year: year, month: day.month, day: 1)
    // 1970-01-01 was a Thursday.
    let weekday = ((first + 4) % 7 + 7) % 7
    var date = first + (day.weekday - weekday + 7) % 7 + (day.week - 1) * 7
    let next =
      day.month == 12
      ? LocalDate.days(year: year + 1, month: 1, day: 1)
      : LocalDate.days(year: year, month: day.month + 1, day: 1)
    while date >= next { date -= 7 }
    return date * 86_400 + day.seconds
  }

  private static func skipName(_ rest: inout Substring.UTF8View) -> Bool {
    if rest.first == UInt8(ascii: "<") {
      guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
      rest = rest[rest.index(after: end)...]
      return true
    }
    let name = rest.prefix { (65...90).contains($0) || (97...122).contains($0) }
    rest = rest[name.endIndex...]
    return name.count >= 3
  }

  private static func number(_ rest: inout Substring.UTF8View) -> Int64? {
    let digits = rest.prefix { (48...57).contains($0) }
    rest = rest[digits.endIndex...]
    return digits.count < 6 ? Int64(String(Substring(digits))) : nil
  }

  /// `[+-]hh[:mm[:ss]]`.
  private static func time(_ rest: inout Substring.UTF8View) -> Int64? {
    var sign: Int64 = 1
    if let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      sign = first == UInt8(ascii: "-") ? -1 : 1
      rest = rest.dropFirst()
    }
    guard var seconds = number(&rest).map({ $0 * 3600 }) else { return nil }
    for unit in [Int64(60), 1] where rest.first == UInt8(ascii: ":") {
      rest = rest.dropFirst()
      guard let part = number(&rest) else { return nil }
      seconds += part * unit
    }
    return sign * seconds
  }

  /// `,Mm.w.d[/time]`.
  private static func day(_ rest: inout Substring.UTF8View) -> Day? {
    guard rest.starts(with: ",M".utf8) else { return nil }
    rest = rest.dropFirst(2)
    var day = Day()
    guard let month = number(&rest), (1...12).contains(month), rest.first == UInt8(ascii: ".")
    else { return nil }
    rest = rest.dropFirst()
    guard let week = number(&rest), (1...5).contains(week), rest.first == UInt8(ascii: ".") else {
      return nil
    }
    rest = rest.dropFirst()
    guard let weekday = number(&rest), (0...6).contains(weekday) else { return nil }
    (day.month, day.week, day.weekday) = (month, week, weekday)
    if rest.first == UInt8(ascii: "/") {
      rest = rest.dropFirst()
      guard let seconds = time(&rest) else { return nil }
      day.seconds = seconds
    }
    return day
  }
}
