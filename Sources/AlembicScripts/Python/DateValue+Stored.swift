internal import Schema

/// Reading what a column of a date or a time holds.
extension DateValue {
  /// Reads the form that SQLAlchemy writes; nil for another one, and for a day or a time that there is not.
  ///
  /// Python takes more forms than that, each version others, and fails on the rest: what it would make of them is not known here.
  convenience init?(stored text: String, as affinity: ColumnType.Affinity) {
    let bytes = Array(text.utf8)
    let day: [Int]?
    let time: [Int]?
    switch affinity {
    case .date: (day, time) = (Self.day(bytes[...]), [0, 0, 0, 0])
    case .time: (day, time) = ([1900, 1, 1], Self.time(bytes[...]))
    case .dateTime:
      guard bytes.count > 11, bytes[10] == UInt8(ascii: " ") else { return nil }
      (day, time) = (Self.day(bytes[..<10]), Self.time(bytes[11...]))
    default: return nil
    }
    guard let day, let time else { return nil }
    self.init(
      kind: affinity == .date ? .date : affinity == .time ? .time : .dateTime,
      year: day[0],
      month: day[1],
      day: day[2],
      hour: time[0],
      minute: time[1],
      second: time[2],
      microsecond: time[3]
    )
  }

  private static func day(_ bytes: ArraySlice<UInt8>) -> [Int]? {
    guard let numbers = numbers(bytes, "0000-00-00"), numbers[0] > 0,
      (1...12).contains(numbers[1])
    else { return nil }
    let isLeap = numbers[0] % 4 == 0 && (numbers[0] % 100 != 0 || numbers[0] % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...days[numbers[1] - 1]).contains(numbers[2]) ? numbers : nil
  }

  private static func time(_ bytes: ArraySlice<UInt8>) -> [Int]? {
    let whole = numbers(bytes, "00:00:00").map { $0 + [0] }
    guard let numbers = whole ?? numbers(bytes, "00:00:00.000000"), numbers[0] < 24,
      numbers[1] < 60, numbers[2] < 60
    else { return nil }
    return numbers
  }

  /// The numbers of a text that has a digit wherever the pattern has one, and is like the pattern elsewhere.
  private static func numbers(_ bytes: ArraySlice<UInt8>, _ pattern: String) -> [Int]? {
    guard bytes.count == pattern.utf8.count else { return nil }
    var numbers: [Int] = []
    var number = 0
    for (byte, sign) in zip(bytes, pattern.utf8) {
      if sign == UInt8(ascii: "0") {
        guard (48...57).contains(byte) else { return nil }
        number = number * 10 + Int(byte - 48)
      } else {
        guard byte == sign else { return nil }
        numbers.append(number)
        number = 0
      }
    }
    return numbers + [number]
  }
}
