internal import Schema

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// `datetime.datetime`: the present, and points in time given by numbers.
final class DateTimeClass: PythonCallable, SharedModule {
  var typeName: String { "type" }

  func attribute(_ name: String) -> PythonValue? {
    switch name {
    case "utcnow":
      .native(NativeFunction(name: name) { _ in .object(Clock.now(isUTC: false)) })
    case "now":
      .native(
        NativeFunction(name: name) { arguments in
          let zone =
            arguments.positional.first ?? arguments.keywords.first { $0.name == "tz" }?.value
          guard let zone else { return .object(Clock.localNow()) }
          guard case .object(let object) = zone, object is UTCValue else {
            throw ScriptError.notRead(
              "datetime.now() of any time zone but UTC is not read",
              at: arguments.location
            )
          }
          return .object(Clock.now(isUTC: true))
        }
      )
    default: nil
    }
  }

  func call(_ arguments: CallArguments) throws -> PythonValue {
    let numbers = arguments.positional.compactMap(\.wholeNumber).map { Int(clamping: $0) }
    guard (3...7).contains(numbers.count), numbers.count == arguments.positional.count,
      arguments.keywords.isEmpty, (1...9999).contains(numbers[0]), (1...12).contains(numbers[1]),
      (1...28).contains(numbers[2]), numbers.count < 4 || (0...23).contains(numbers[3]),
      numbers.count < 5 || (0...59).contains(numbers[4]),
      numbers.count < 6 || (0...59).contains(numbers[5]),
      numbers.count < 7 || (0...999_999).contains(numbers[6])
    else { throw ScriptError.notRead("this datetime is not read", at: arguments.location) }
    func number(_ index: Int) -> Int { numbers.count > index ? numbers[index] : 0 }
    return .object(
      DateValue(
        kind: .dateTime,
        year: numbers[0],
        month: numbers[1],
        day: numbers[2],
        hour: number(3),
        minute: number(4),
        second: number(5),
        microsecond: number(6)
      )
    )
  }
}

/// `datetime.timezone`.
final class TimeZoneClass: SharedModule {
  var typeName: String { "type" }
  func attribute(_ name: String) -> PythonValue? { name == "utc" ? .object(UTCValue()) : nil }
}

/// `timezone.utc`.
final class UTCValue: PythonObject {
  var typeName: String { "timezone" }
  func attribute(_ name: String) -> PythonValue? { nil }
}

/// The present, for scripts that store it.
enum Clock {
  /// Seconds since 1970.
  static var seconds: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Nanoseconds since 1970.
  static var nanoseconds: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// Now, by the clock on the wall.
  static func localNow() -> DateValue {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    var local = unsafe tm()
    unsafe localtime_r(&time.tv_sec, &local)
    return unsafe DateValue(
      kind: .dateTime,
      year: Int(local.tm_year) + 1900,
      month: Int(local.tm_mon) + 1,
      day: Int(local.tm_mday),
      hour: Int(local.tm_hour),
      minute: Int(local.tm_min),
      second: Int(local.tm_sec),
      microsecond: Int(time.tv_nsec) / 1000
    )
  }

  /// Now, in UTC.
  static func now(isUTC: Bool) -> DateValue {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    let seconds = Int(time.tv_sec)
    let days = seconds / 86400
    let rest = seconds % 86400
    let date = civil(fromDays: days)
    return DateValue(
      kind: .dateTime,
      year: date.year,
      month: date.month,
      day: date.day,
      hour: rest / 3600,
      minute: rest / 60 % 60,
      second: rest % 60,
      microsecond: Int(time.tv_nsec) / 1000,
      isUTC: isUTC
    )
  }

  /// The date so many days after 1970-01-01 (http://howardhinnant.github.io/date_algorithms.html#civil_from_days).
  private static func civil(fromDays days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
      month: month,
      day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    )
  }
}
