internal import AlembicScripts
internal import DurableFiles

/// The time in a zone, as alembic takes it for new revisions.
struct LocalClock {
  private let context: Context

  init(_ context: Context) {
    self.context = context
  }

  /// The time now.
  ///
  /// - Parameter zone: The zone's name, such as `UTC` or `Europe/Berlin`; nil for the local one.
  /// - Returns: The time.
  /// - Throws: `Failure` if there is no such zone.
  func date(in zone: String?) throws -> LocalDate {
    let now = context.now()
    guard let epoch = LocalDate.epoch(of: now) else {
      throw Failure(.unexpected, "the clock says '\(now)'", next: "report this")
    }
    guard let zone else {
      let file = try local()
      return LocalDate(epoch: epoch, offset: file?.offset(at: epoch) ?? 0, showsOffset: false)
    }
    for name in [zone, zone.uppercased()] {
      if let file = try named(name) {
        return LocalDate(epoch: epoch, offset: file.offset(at: epoch), showsOffset: true)
      }
      // Where no zones are installed, this one is known all the same.
      if name == "UTC" { return LocalDate(epoch: epoch, offset: 0, showsOffset: true) }
    }
    throw Failure(
      .refused,
      "can't locate timezone: \(zone.shownOnOneLine)",
      next: "correct 'timezone' in the alembic.ini, or install the package tzdata"
    )
  }

  private func local() throws -> ZoneFile? {
    if let name = context.environment["TZ"], !name.isEmpty {
      let plain = name.hasPrefix(":") ? String(name.dropFirst()) : name
      return try plain.hasPrefix("/") ? read(plain) : named(plain)
    }
    return try read("/etc/localtime")
  }

  private func named(_ name: String) throws -> ZoneFile? {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else { return nil }
    return try read("/usr/share/zoneinfo/" + name)
  }

  private func read(_ path: String) throws -> ZoneFile? {
    guard try FileStatus.ifPresent(path)?.kind == .file else { return nil }
    return ZoneFile(try ReadableFile.contents(of: path, limit: 1 << 20, calls: FileSystem().calls))
  }
}
