internal import ArgumentParser

/// How long `--wait` waits: a whole number with `s`, `m` or `h`, or of seconds without.
struct WaitDuration: ExpressibleByArgument, CustomStringConvertible {
  static let none = WaitDuration(duration: .zero, description: "0s")
  static let minute = WaitDuration(duration: .seconds(60), description: "1m")

  let duration: Duration
  let description: String

  private init(duration: Duration, description: String) {
    self.duration = duration
    self.description = description
  }

  init?(argument: String) {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600]
    let unit = argument.last.flatMap { units[$0] }
    let digits = unit == nil ? argument[...] : argument.dropLast()
    // A week is longer than anybody waits; more would only hide a mistake.
    guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int64(digits),
      number <= 604_800 / (unit ?? 1)
    else { return nil }
    duration = .seconds(number * (unit ?? 1))
    description = argument
  }
}
