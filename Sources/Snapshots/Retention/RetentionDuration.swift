/// A length of time in restic's words: years, months, days and hours, such as `1y5m7d2h`.
///
/// How long a month is depends on where it is counted from; see `CivilTime.subtracting`.
package struct RetentionDuration: Hashable, Sendable, CustomStringConvertible {
  /// The largest number before a unit: with it no calculation on the calendar can overflow.
  package static let largestNumber = 999_999_999

  /// The years.
  package let years: Int
  /// The months.
  package let months: Int
  /// The days.
  package let days: Int
  /// The hours.
  package let hours: Int

  /// Makes a duration of its parts.
  ///
  /// - Parameters:
  ///   - years: The years.
  ///   - months: The months.
  ///   - days: The days.
  ///   - hours: The hours.
  /// - Throws: `RetentionError` for a part that is negative or larger than `largestNumber`.
  package init(
    years: Int = 0,
    months: Int = 0,
    days: Int = 0,
    hours: Int = 0
  ) throws(RetentionError) {
    for number in [years, months, days, hours]
    where !(0...Self.largestNumber).contains(number) {
      throw Self.error("\(number) is no length of time", "use 0 to \(Self.largestNumber)")
    }
    self.years = years
    self.months = months
    self.days = days
    self.hours = hours
  }

  /// Reads a duration: numbers with the units `y`, `m`, `d`, `h`, in any order, each at most once.
  ///
  /// - Parameter text: The duration.
  /// - Throws: `RetentionError` for anything else. Where restic takes the last of two equal units and takes empty text for
  ///   no rule at all, this refuses: what is misread here is deleted.
  package init(_ text: String) throws(RetentionError) {
    var numbers: [Character: Int] = [:]
    var number: Int?
    for character in Self.trimmed(text) {
      if character.isASCII, let digit = character.wholeNumberValue {
        let longer = (number ?? 0) * 10 + digit
        guard longer <= Self.largestNumber else {
          throw Self.unreadable(text, "a number is larger than \(Self.largestNumber)")
        }
        number = longer
        continue
      }
      let unit = String(character).debugDescription
      guard let complete = number else {
        throw Self.unreadable(text, "there is no number before \(unit)")
      }
      guard "ymdh".contains(character) else {
        throw Self.unreadable(text, "there is no unit \(unit)")
      }
      guard numbers.updateValue(complete, forKey: character) == nil else {
        throw Self.unreadable(text, "the unit \(unit) stands twice")
      }
      number = nil
    }
    if let number { throw Self.unreadable(text, "there is no unit after \(number)") }
    guard !numbers.isEmpty else { throw Self.unreadable(text, "there is no number in it") }
    try self.init(
      years: numbers["y", default: 0],
      months: numbers["m", default: 0],
      days: numbers["d", default: 0],
      hours: numbers["h", default: 0]
    )
  }

  /// Whether it is no time at all, which a policy takes for a rule that was not given, as restic does.
  package var isZero: Bool { years == 0 && months == 0 && days == 0 && hours == 0 }

  /// The duration in restic's order, without the parts that are zero.
  package var description: String {
    let parts = [(years, "y"), (months, "m"), (days, "d"), (hours, "h")]
    let shown = parts.filter { $0.0 != 0 }.map { "\($0.0)\($0.1)" }.joined()
    return shown.isEmpty ? "0h" : shown
  }

  private static func trimmed(_ text: String) -> Substring {
    var rest = text[...]
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return rest
  }

  private static func unreadable(_ text: String, _ why: String) -> RetentionError {
    error(
      "\(text.debugDescription) is no duration: \(why)",
      "write years, months, days and hours, such as 1y5m7d2h; a week is 7d"
    )
  }

  private static func error(_ message: String, _ hint: String) -> RetentionError {
    RetentionError(.invalidDuration, message, hint: hint)
  }
}
