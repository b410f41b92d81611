internal import FoundationEssentials

/// What an archive says of itself and of the database it holds; kept as JSON in the archive's last but one member.
package struct Manifest: Encodable, Hashable, Sendable {
  /// Why a snapshot was taken.
  package enum Reason: String, Encodable, Hashable, Sendable, CaseIterable {
    /// Before an upgrade.
    case preUpgrade = "pre-upgrade"
    /// Before a downgrade.
    case preDowngrade = "pre-downgrade"
    /// Before the version rows were written without running a script.
    case preStamp = "pre-stamp"
    /// Before a restore, of what the restore replaces.
    case preRestore = "pre-restore"
    /// By a schedule.
    case scheduled
    /// By hand.
    case manual

    /// Whether it was taken before the revision of the database was changed, in whatever direction.
    package var isBeforeMigration: Bool { [.preUpgrade, .preDowngrade, .preStamp].contains(self) }
  }

  /// The payload that `gunzip` gives: the image of an SQLite file, or a server's dump.
  package struct Image: Encodable, Hashable, Sendable {
    /// Its length in bytes.
    package var size: Int64
    /// SHA-256 of it, in hexadecimal: what `gunzip -c FILE | sha256sum` prints.
    package var sha256: String
    /// SHA-256 of the content: equal for two databases that say the same.
    ///
    /// Of an SQLite file, of pages 2 to the last and then page 1 with the bytes zeroed that a copy of a database may change; of a
    /// server's database, of its schema and its rows.
    package var contentSHA256: String
    /// SHA-256 of how the objects of a database on a PostgreSQL server are defined; nil for others, and of earlier versions.
    package var definitionsSHA256: String?
    /// How many bytes of the image a data member holds.
    package var memberSize: Int

    /// Makes a record of its parts.
    package init(
      size: Int64,
      sha256: String,
      contentSHA256: String,
      definitionsSHA256: String? = nil,
      memberSize: Int
    ) {
      self.size = size
      self.sha256 = sha256
      self.contentSHA256 = contentSHA256
      self.definitionsSHA256 = definitionsSHA256
      self.memberSize = memberSize
    }
  }

  /// The archive format's version.
  package var format: Int
  /// The snapshot's own name: eight hexadecimal digits.
  package var id: String
  /// One more than the highest of the store when it was taken; tells the latest even if the clock went back.
  package var sequence: Int64
  /// When it was taken, UTC, ISO 8601 with seconds.
  package var created: String
  /// Why it was taken.
  package var reason: Reason
  /// The database.
  package var database: Database
  /// The rows of alembic's version table, sorted; none at base or without the table.
  package var heads: [String]
  /// The revisions that the upgrade, downgrade or stamp was about to reach; of what a failed run has left, those that it put back;
  /// nil for other reasons.
  package var target: [String]?
  /// Rows per table.
  package var rowCounts: [String: Int64]
  /// The image.
  package var image: Image
  /// SHA-256 of each data member as it stands in the file, in order.
  package var members: MemberDigests
  /// The version of xm-safe that made it.
  package var tool: String
  /// The version of SQLite that it was made with; nil for a server's database.
  package var sqlite: String?

  /// Makes a manifest of its parts.
  package init(
    id: String,
    sequence: Int64,
    created: String,
    reason: Reason,
    database: Database,
    heads: [String],
    target: [String]?,
    rowCounts: [String: Int64],
    image: Image,
    members: MemberDigests,
    tool: String,
    sqlite: String?
  ) {
    format = Int(Self.format(for: database.dialect))
    self.id = id
    self.sequence = sequence
    self.created = created
    self.reason = reason
    self.database = database
    self.heads = heads
    self.target = target
    self.rowCounts = rowCounts
    self.image = image
    self.members = members
    self.tool = tool
    self.sqlite = sqlite
  }

  /// The manifest as JSON in ASCII, keys sorted: a gzip comment is Latin-1 and must not hold a zero byte.
  ///
  /// - Returns: The bytes.
  /// - Throws: `EncodingError`.
  package func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var ascii: [UInt8] = []
    for unit in String(decoding: try encoder.encode(self), as: UTF8.self).utf16 {
      if unit < 0x80 {
        ascii.append(UInt8(unit))
      } else {
        let digits = String(unit, radix: 16)
        ascii +=
          Array("\\u".utf8) + Array(repeating: 0x30, count: 4 - digits.count) + Array(digits.utf8)
      }
    }
    return ascii
  }

  /// What is impossible in the numbers, as a clause; nil if they fit each other.
  package var contradiction: String? {
    let isID =
      id.utf8.count == 8 && id.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    guard isID else { return "its id" }
    guard sequence > 0, sequence < 1 << 53 else { return "sequence \(sequence)" }
    guard format == Self.format(for: database.dialect) else {
      return "dialect \(database.dialect.rawValue)"
    }
    guard image.memberSize == ArchiveFormat.memberSize else {
      return "member size \(image.memberSize)"
    }
    if let problem = database.file.map(contradiction(in:)) ?? nil { return problem }
    guard image.size > 0 else { return "image size \(image.size)" }
    guard members.count == layout.memberCount else {
      return "\(members.count) members where \(layout.memberCount) are needed"
    }
    return nil
  }

  private func contradiction(in file: Database.File) -> String? {
    let page = file.pageSize
    guard page >= 512, page <= 65_536, page & (page - 1) == 0 else { return "page size \(page)" }
    guard image.size >= page, image.size % Int64(page) == 0 else {
      return "image size \(image.size)"
    }
    guard file.pageCount > 0, image.size / Int64(page) == file.pageCount else {
      return "\(file.pageCount) pages for an image of \(image.size) bytes"
    }
    return nil
  }

  /// Which bytes of the payload are in which member.
  var layout: ImageLayout {
    guard let file = database.file else { return ImageLayout(dumpOf: image.size) }
    return ImageLayout(pageSize: file.pageSize, size: image.size)
  }

  /// The archive format's version for a kind of database.
  ///
  /// - Parameter dialect: The kind.
  /// - Returns: The version.
  package static func format(for dialect: Dialect) -> UInt16 {
    dialect == .sqlite ? ArchiveFormat.imageVersion : ArchiveFormat.dumpVersion
  }
}
