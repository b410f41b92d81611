internal import Schema

/// A `datetime.datetime`, `date` or `time`.
final class DateValue: PythonTyped {
  enum Kind {
    case dateTime
    case date
    case time
  }

  let kind: Kind
  let year: Int
  let month: Int
  let day: Int
  let hour: Int
  let minute: Int
  let second: Int
  let microsecond: Int
  /// Whether it carries a time zone; UTC is the only one that is read.
  let isUTC: Bool
  /// Whether it carries the time zone of the machine, of which nothing more is known.
  private(set) var isLocal = false

  init(
    kind: Kind,
    year: Int = 1900,
    month: Int = 1,
    day: Int = 1,
    hour: Int = 0,
    minute: Int = 0,
    second: Int = 0,
    microsecond: Int = 0,
    isUTC: Bool = false
  ) {
    self.kind = kind
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
    self.microsecond = microsecond
    self.isUTC = isUTC
  }

  var typeName: String {
    switch kind {
    case .dateTime: "datetime"
    case .date: "date"
    case .time: "time"
    }
  }

  /// As `str` writes it.
  var text: String? {
    if isLocal { return nil }
    return switch kind {
    case .date: dateText
    case .time: timeText(shortens: true)
    case .dateTime: "\(dateText) \(timeText(shortens: true))\(isUTC ? "+00:00" : "")"
    }
  }

  /// As `isoformat` writes it.
  var isoText: String {
    kind == .dateTime
      ? "\(dateText)T\(timeText(shortens: true))\(isUTC ? "+00:00" : "")" : text ?? ""
  }

  private var dateText: String {
    "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
  }

  private func timeText(shortens: Bool) -> String {
    let time = "\(Self.padded(hour, 2)):\(Self.padded(minute, 2)):\(Self.padded(second, 2))"
    return shortens && microsecond == 0 ? time : "\(time).\(Self.padded(microsecond, 6))"
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  /// As it is stored in a column; nil for a column that does not take it.
  func stored(as affinity: ColumnType.Affinity) -> String? {
    switch (affinity, kind) {
    // SQLAlchemy's own types write the microseconds in any case, and no time zone.
    case (.dateTime, .dateTime): "\(dateText) \(timeText(shortens: false))"
    case (.dateTime, .date): "\(dateText) 00:00:00.000000"
    case (.date, .date), (.date, .dateTime): dateText
    case (.time, .time): timeText(shortens: false)
    // Without a type Python's sqlite3 writes it, as `isoformat` with a blank.
    case (.null, .dateTime): isUTC ? nil : text
    case (.null, .date): dateText
    default: nil
    }
  }

  func attribute(_ name: String) -> PythonValue? {
    switch name {
    case "year": return .integer(Int64(year))
    case "month": return .integer(Int64(month))
    case "day": return .integer(Int64(day))
    case "hour": return .integer(Int64(hour))
    case "minute": return .integer(Int64(minute))
    case "second": return .integer(Int64(second))
    case "microsecond": return .integer(Int64(microsecond))
    case "isoformat" where !isLocal:
      let text = isoText
      return .native(
        NativeFunction(name: name) { arguments in
          guard arguments.positional.isEmpty, arguments.keywords.isEmpty else {
            throw ScriptError.notRead(
              "the arguments of isoformat() are not read",
              at: arguments.location
            )
          }
          return .string(text)
        }
      )
    case "date" where kind == .dateTime:
      let date = DateValue(kind: .date, year: year, month: month, day: day)
      return .native(NativeFunction(name: name) { _ in .object(date) })
    case "astimezone" where !isUTC && !isLocal:
      let local = with(microsecond: microsecond, isUTC: false)
      local.isLocal = true
      return .native(
        NativeFunction(name: name) { arguments in
          guard arguments.positional.isEmpty, arguments.keywords.isEmpty else {
            throw ScriptError.notRead(
              "astimezone() with a time zone is not read",
              at: arguments.location
            )
          }
          return .object(local)
        }
      )
    case "strftime":
      return .native(
        NativeFunction(name: name) { [self] arguments in
          guard case .string(let format)? = arguments.positional.first, let text = formatted(format)
          else {
            throw ScriptError.notRead("this strftime() is not read", at: arguments.location)
          }
          return .string(text)
        }
      )
    case "replace":
      return .native(
        NativeFunction(name: name) { [self] arguments in
          guard arguments.positional.isEmpty, arguments.keywords.count == 1 else {
            throw ScriptError.notRead("this replace() is not read", at: arguments.location)
          }
          switch arguments.keywords[0] {
          case ("tzinfo", .none): return .object(with(microsecond: microsecond, isUTC: false))
          case ("microsecond", .integer(let number)) where (0..<1_000_000).contains(number):
            return .object(with(microsecond: Int(number), isUTC: isUTC))
          default: throw ScriptError.notRead("this replace() is not read", at: arguments.location)
          }
        }
      )
    default: return nil
    }
  }

  private func with(microsecond: Int, isUTC: Bool) -> DateValue {
    DateValue(
      kind: kind,
      year: year,
      month: month,
      day: day,
      hour: hour,
      minute: minute,
      second: second,
      microsecond: microsecond,
      isUTC: isUTC
    )
  }

  /// As `strftime` writes it; nil for directives that are not read.
  func formatted(_ format: String) -> String? {
    var result = ""
    var rest = format.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "%" else {
        result.unicodeScalars.append(scalar)
        continue
      }
      switch rest.popFirst() {
      case "Y": result += Self.padded(year, 4)
      case "m": result += Self.padded(month, 2)
      case "d": result += Self.padded(day, 2)
      case "H": result += Self.padded(hour, 2)
      case "M": result += Self.padded(minute, 2)
      case "S": result += Self.padded(second, 2)
      case "f": result += Self.padded(microsecond, 6)
      case "%": result += "%"
      default: return nil
      }
    }
    return result
  }

  private var fields: [Int] { [year, month, day, hour, minute, second, microsecond] }

  func equals(_ other: PythonValue) -> Bool? {
    guard case .object(let object as DateValue) = other else { return false }
    return object.kind == kind && object.fields == fields && object.isUTC == isUTC
  }

  /// Less than 0 if it comes before another one; nil where Python raises.
  func order(_ other: DateValue) -> Int? {
    guard other.kind == kind, other.isUTC == isUTC, !isLocal, !other.isLocal else { return nil }
    if fields == other.fields { return 0 }
    return fields.lexicographicallyPrecedes(other.fields) ? -1 : 1
  }

  func isInstance(of type: PythonValue) -> Bool? {
    if case .object(let object) = type, object is DateTimeClass { return kind == .dateTime }
    guard case .object(let object as TypeName) = type else { return false }
    switch object.name {
    case "datetime": return kind == .dateTime
    case "date": return kind != .time
    case "time": return kind == .time
    default: return false
    }
  }
}
