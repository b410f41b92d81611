/// When a job runs: chosen by the database, so that it stays the same from one installation to the next, and those of several
/// databases and machines do not all begin at once.
package struct ScheduledTime: Hashable, Sendable {
  /// The minute; it is odd, since full hours and quarters are what everybody chooses.
  package var minute: Int
  /// The hour; nil for a job of every ten minutes, of which `minute` is then the first.
  package var hour: Int?
  /// The day of the week, 0 for Sunday; nil for every one.
  package var weekday: Int?
  /// The day of the month, up to 28; nil for every one.
  package var day: Int?

  /// Chooses.
  ///
  /// - Parameters:
  ///   - job: The job.
  ///   - database: What the database is known by.
  package init(_ job: ScheduledJob, database: String) {
    // FNV-1a: the same number on every machine and in every version, which Swift's own hashes are not.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in database.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let number = Int(hash >> 33)
    // Jobs of one database are apart from one another: they would wait for each other's locks.
    let step = ScheduledJob.allCases.firstIndex(of: job) ?? 0
    minute = (number % 30 * 2 + 1 + step * 12) % 60
    switch job {
    case .pending: minute = number % 5 * 2 + 1
    case .snapshot: hour = 1 + number / 30 % 3
    case .prune: hour = 5
    case .verify:
      hour = 4
      weekday = number / 90 % 7
    case .drill:
      hour = 6
      day = 1 + number / 90 % 28
    }
  }

  /// The five fields of a crontab.
  package var cron: String {
    guard let hour else { return "\(minute)-59/10 * * * *" }
    return "\(minute) \(hour) \(day.map(String.init) ?? "*") * \(weekday.map(String.init) ?? "*")"
  }

  /// As systemd.time(7) writes it.
  package var systemd: String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    guard let hour else { return "*-*-* *:\(two(minute))/10:00" }
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let week = weekday.map { days[$0] + " " } ?? ""
    return "\(week)*-*-\(day.map(two) ?? "*") \(two(hour)):\(two(minute)):00"
  }
}
