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
  /// - Returns: The name.
  package static func fileName(
    created: String,
    heads: [String],
    reason: Manifest.Reason,
    id: String
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
      "\(time)-\(String(safe.prefix(60)))-\(reason.rawValue)-\(id)\(ArchiveFormat.fileExtension)"
  }

  /// The id that a file name says an archive has; nil if it is not named as `fileName` does.
  ///
  /// - Parameter name: The file name.
  /// - Returns: The id. What counts is the manifest inside: only for what cannot be read.
  package static func id(inName name: String) -> String? {
    guard name.hasSuffix(ArchiveFormat.fileExtension) else { return nil }
    let parts = name.dropLast(ArchiveFormat.fileExtension.count).split(separator: "-")
    guard parts.count > 1, let id = parts.last, id.utf8.count == 8,
      id.allSatisfy({ $0.isASCII && $0.isHexDigit })
    else { return nil }
    return String(id)
  }

  /// Whether a file is an archive, by its name.
  static func isArchiveName(_ name: String) -> Bool {
    name.hasSuffix(ArchiveFormat.fileExtension) && !name.contains(DurableFile.temporaryMark)
  }
}
