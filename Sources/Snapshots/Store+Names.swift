package import Archive
internal import DurableFiles

/// The file names of archives, which are for people: what counts is the manifest inside.
extension Store {
  /// The file name of a snapshot: sortable by time, and safe in a shell.
  ///
  /// - Parameters:
  ///   - created: The time, ISO 8601 in UTC.
  ///   - heads: The revisions of the database.
  ///   - reason: Why it was taken.
  ///   - id: Its id.
  ///   - dialect: The kind of database.
  /// - Returns: The name.
  package static func fileName(
    created: String,
    heads: [String],
    reason: Manifest.Reason,
    id: String,
    dialect: Manifest.Dialect = .sqlite
  ) -> String {
    let time = created.filter { $0 != "-" && $0 != ":" }
    let revision = heads.isEmpty ? "base" : heads.joined(separator: "_")
    let safe = revision.unicodeScalars.map { scalar in
      let isSafe =
        scalar.isASCII
        && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_")
      return isSafe ? Character(scalar) : "_"
    }
    return
      "\(time)-\(String(safe.prefix(60)))-\(reason.rawValue)-\(id)\(ArchiveFormat.fileExtension(dialect))"
  }

  /// The id that a file name says an archive has; nil if it is not named as `fileName` does.
  ///
  /// - Parameter name: The file name.
  /// - Returns: The id. What counts is the manifest inside: only for what cannot be read.
  package static func id(inName name: String) -> String? {
    guard let dialect = dialect(inName: name) else { return nil }
    let parts = name.dropLast(ArchiveFormat.fileExtension(dialect).count).split(separator: "-")
    guard parts.count > 1, let id = parts.last, id.utf8.count == 8,
      id.allSatisfy({ $0.isASCII && $0.isHexDigit })
    else { return nil }
    return String(id)
  }

  /// Whether a file is an archive, by its name.
  static func isArchiveName(_ name: String) -> Bool {
    guard let dialect = dialect(inName: name), !name.contains(DurableFile.temporaryMark) else {
      return false
    }
    // Other programs also write dumps: what ends like one is ours only if it is named by us.
    return dialect == .sqlite || id(inName: name) != nil
  }

  private static func dialect(inName name: String) -> Manifest.Dialect? {
    Manifest.Dialect.allCases.first { name.hasSuffix(ArchiveFormat.fileExtension($0)) }
  }

  /// An id that no snapshot has.
  ///
  /// - Parameter taken: The snapshots of the store.
  /// - Returns: Eight hexadecimal digits.
  package static func freshID(avoiding taken: [Snapshot]) -> String {
    let ids = Set(taken.map(\.manifest.id))
    while true {
      let digits = String(UInt32.random(in: .min ... .max), radix: 16)
      let id = String(repeating: "0", count: 8 - digits.count) + digits
      if !ids.contains(id) { return id }
    }
  }

  /// The sequence number of the next snapshot.
  ///
  /// - Parameter taken: The snapshots of the store.
  /// - Returns: One more than the highest.
  package static func nextSequence(after taken: [Snapshot]) -> Int64 {
    (taken.map(\.manifest.sequence).max() ?? 0) + 1
  }
}
