internal import DurableFiles

/// How much room an upgrade needs, computed before it runs, in numbers that can be read and added up.
///
/// Two answers: what is needed as far as can be told (the largest table is made anew), below which nothing is begun; and what a
/// revision needs that changes every page that there is. How much a script adds, nobody knows before it has run: the rehearsal
/// measures it. SQLite's temporary files, which may be on another disk, are in neither.
struct DiskNeed: Hashable {
  /// One reason to need room.
  struct Part: Hashable {
    /// What for.
    var purpose: String
    /// How many bytes at most.
    var bytes: Int64
    /// How many bytes as far as can be told.
    var likely: Int64
    /// What these are for.
    var likelyPurpose: String

    init(_ purpose: String, _ bytes: Int64, likely: Int64? = nil, for likelyPurpose: String? = nil)
    {
      self.purpose = purpose
      self.bytes = bytes
      self.likely = min(likely ?? bytes, bytes)
      self.likelyPurpose = likelyPurpose ?? purpose
    }
  }

  /// What the numbers are computed from.
  struct Facts: Hashable {
    /// The bytes of the database's image.
    var image: Int64
    /// The bytes of a page.
    var pageSize: Int64 = 4096
    /// Whether the database is in WAL mode.
    var isLogged = false
    /// The bytes by which moving the WAL into the database makes the file longer.
    var log: Int64
    /// The bytes of the largest table with its indexes.
    var largestTable: Int64
    /// Whether `largestTable` could not be measured, and is the whole image.
    var isTableEstimated = false
    /// The latest snapshot; nil if there is none.
    var latest: Latest?
    /// Whether the upgrade runs on a copy in the store first.
    var isRehearsed = false
    /// Whether the copy then becomes the content of the database, page by page.
    var isPublished = false
    /// Whether the copy is all there is: nothing is saved, and the database itself is not changed.
    var isOnlyPlanned = false
  }

  /// The sizes of a snapshot.
  struct Latest: Hashable {
    var archive: Int64
    var image: Int64
  }

  /// What is needed in the store.
  var store: [Part]
  /// What is needed beside the database.
  var database: [Part]
  /// What is needed where both are in one place: a copy that is gone before the database is changed makes room for that.
  var both: [Part]

  /// Computes the need.
  ///
  /// - Parameter facts: What is known of the database and its snapshots.
  init(_ facts: Facts) {
    let change = Self.change(facts)
    let copy = Part(
      "the rehearsal's copy",
      facts.image + Self.sum(change, \.bytes),
      likely: facts.image + Self.sum(change, \.likely)
    )
    guard !facts.isOnlyPlanned else {
      store = [copy]
      database = []
      both = store
      return
    }
    let archive = Self.archive(facts)
    let log = facts.log > 0 ? [Part("what the WAL holds now", facts.log)] : []
    guard facts.isPublished else {
      store = facts.isRehearsed ? [archive, copy] : [archive]
      database = change + log
      both = facts.isRehearsed ? [archive, copy] + log : [archive] + database
      return
    }
    // The copy stays until the database has its content.
    let growth = change[0]
    let pages = facts.image + (facts.isLogged ? growth.bytes : 0)
    let journal = Part("the journal of the publication", Self.journal(of: pages, facts))
    let upgraded = Part("the upgraded copy", facts.image + growth.bytes)
    store = [archive, copy]
    database = [growth, journal] + log
    both = [archive, upgraded] + database
  }

  /// What it takes to change a database: first what it grows by, then what is written beside it.
  private static func change(_ facts: Facts) -> [Part] {
    let table =
      facts.isTableEstimated
      ? "the largest table, taken for the whole database" : "the largest table"
    // The new table stands beside the old one until the commit.
    let growth = Part("a copy of \(table)", facts.largestTable)
    // A rollback journal takes every page of before, once. A WAL takes every page as it is afterwards, once in a transaction,
    // and the pages of the old table too where SQLite overwrites what it frees.
    let pages = facts.image + (facts.isLogged ? facts.largestTable : 0)
    return [
      growth,
      Part(
        "the journal, if every page changes",
        journal(of: pages, facts),
        likely: facts.largestTable * (facts.isLogged ? 2 : 1),
        for: "the journal of that change"
      ),
    ]
  }

  /// The file that pages are written to beside a database: each with a header, and what the file itself needs.
  private static func journal(of bytes: Int64, _ facts: Facts) -> Int64 {
    guard bytes > 0 else { return 0 }
    // https://www.sqlite.org/fileformat2.html: 24 bytes a frame in a WAL, and 8 in its index; 8 bytes a page in a journal.
    let pages = bytes / max(facts.pageSize, 512) + 1
    return bytes + pages * (facts.isLogged ? 32 : 8) + 65_536
  }

  private static func archive(_ facts: Facts) -> Part {
    guard let latest = facts.latest, latest.image > 0 else {
      return Part("the archive, if nothing compresses", bound(facts.image))
    }
    // Contents change: a quarter more than the latest archive would be.
    let ratio = Double(latest.archive) / Double(latest.image)
    let most = bound(facts.image)
    let bytes = min((Double(facts.image) * ratio * 1.25).rounded(.up), Double(most))
    return Part("the archive, as the latest one", min(Int64(bytes), most))
  }

  /// What an archive has at most: deflate stores what it cannot compress, and each member has a header.
  private static func bound(_ image: Int64) -> Int64 { image + image / 1000 + 65_536 }

  static func sum(_ parts: [Part], _ bytes: KeyPath<Part, Int64>) -> Int64 {
    parts.reduce(0) { $0 + $1[keyPath: bytes] }
  }

  /// A place, what is needed there, and what is free.
  struct Demand: Hashable {
    var path: String
    var parts: [Part]
    var free: Int64
    /// Whether the store is there, which could be elsewhere.
    var hasStore: Bool

    var bytes: Int64 { sum(parts, \.bytes) }
    var likely: Int64 { sum(parts, \.likely) }
    /// Whether there is room as far as can be told.
    var isMet: Bool { free >= likely }
    /// Whether there is room whatever changes.
    var isMetInAnyCase: Bool { free >= bytes }

    /// The most that may be needed and its parts, in bytes.
    var description: String { text(\.bytes, \.purpose) }
    /// What is needed as far as can be told, and its parts.
    var likelyDescription: String { text(\.likely, \.likelyPurpose) }

    private func text(_ bytes: KeyPath<Part, Int64>, _ purpose: KeyPath<Part, String>) -> String {
      let list = parts.map { "\($0[keyPath: bytes]) for \($0[keyPath: purpose])" }
        .joined(separator: " + ")
      return
        "\(sum(parts, bytes)) bytes in \(path.shownAsPath) (\(list)); \(free) are free"
    }
  }

  /// The demands on the places.
  ///
  /// - Parameters:
  ///   - storePlace: The store, and what is free there.
  ///   - databasePlace: The database's directory, and what is free there.
  ///   - isShared: Whether both are on one file system.
  /// - Returns: One demand for each file system.
  func demands(
    storePlace: (path: String, free: Int64),
    databasePlace: (path: String, free: Int64),
    isShared: Bool
  ) -> [Demand] {
    if isShared {
      return [
        Demand(path: databasePlace.path, parts: both, free: databasePlace.free, hasStore: true)
      ]
    }
    let demands = [
      Demand(path: storePlace.path, parts: store, free: storePlace.free, hasStore: true),
      Demand(
        path: databasePlace.path,
        parts: database,
        free: databasePlace.free,
        hasStore: false
      ),
    ]
    return demands.filter { !$0.parts.isEmpty }
  }
}
