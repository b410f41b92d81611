internal import DurableFiles

/// Why a file cannot be read as an archive.
package struct ArchiveError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, in kinds that callers act on.
  package enum Code: Hashable, Sendable {
    /// The file is not one of ours.
    case notAnArchive
    /// The file is one of ours and not whole, or changed.
    case damaged
    /// The file was made by a version of xm-safe that knows a later format.
    case newerFormat
  }

  /// The kind.
  package var code: Code
  /// The file.
  package var path: String
  /// What was found, as a clause.
  package var detail: String

  /// Makes an error.
  ///
  /// - Parameters:
  ///   - code: The kind.
  ///   - path: The file.
  ///   - detail: What was found, as a clause.
  package init(_ code: Code, _ path: String, _ detail: String) {
    self.code = code
    self.path = path
    self.detail = detail
  }

  /// One sentence: which file, and what is wrong with it.
  package var description: String {
    switch code {
    case .notAnArchive: "\(path.shownAsPath) is not an xm-safe archive: \(detail)"
    case .damaged: "the archive \(path.shownAsPath) is damaged: \(detail)"
    case .newerFormat: "the archive \(path.shownAsPath) was made by a newer xm-safe (\(detail))"
    }
  }
}
