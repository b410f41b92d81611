internal import DurableFiles

/// How much room an upgrade needs, computed: an upper bound in numbers that can be read and added up.
struct DiskNeed: Hashable {
  /// One reason to need room.
  struct Part: Hashable {
    /// What for.
    var purpose: String
    /// How many bytes.
    var bytes: Int64
  }

  /// What the numbers are computed from.
  struct Facts: Hashable {
    /// The bytes of the database's image.
    var image: Int64
    /// The bytes of its WAL now; 0 if there is none.
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

  /// Computes the need.
  ///
  /// - Parameter facts: What is known of the database and its snapshots.
  init(_ facts: Facts) {
    let copy = Part(
      purpose: "the rehearsal's copy",
      bytes: facts.image + 2 * facts.largestTable
    )
    guard !facts.isOnlyPlanned else {
      store = [copy]
      database = []
      return
    }
    let archive: Part
    if let latest = facts.latest, latest.image > 0 {
      // Contents change: a quarter more than the latest archive would be.
      let ratio = Double(latest.archive) / Double(latest.image)
      let bytes = Int64((Double(facts.image) * ratio * 1.25).rounded(.up))
      archive = Part(
        purpose: "the archive, as the latest one",
        bytes: min(bytes, Self.bound(facts.image))
      )
    } else {
      archive = Part(purpose: "the archive, if nothing compresses", bytes: Self.bound(facts.image))
    }
    store = [archive]
    if facts.isRehearsed || facts.isPublished { store.append(copy) }
    let table =
      facts.isTableEstimated
      ? "the largest table, taken for the whole database" : "the largest table"
    // The new copy of a table stands beside the old one until the commit, and so does what the copy has in its place.
    let growth = Part(purpose: "a copy of \(table)", bytes: facts.largestTable)
    let journal =
      facts.isPublished
      ? Part(purpose: "the journal of the publication", bytes: facts.image)
      : Part(purpose: "the journal of that change", bytes: facts.largestTable)
    database = [growth, journal]
    // What a checkpoint moves from the WAL may make the database longer by as much.
    if facts.log > 0 { database.append(Part(purpose: "what the WAL holds now", bytes: facts.log)) }
  }

  /// What an archive has at most: deflate stores what it cannot compress, and each member has a header.
  private static func bound(_ image: Int64) -> Int64 { image + image / 1000 + 65_536 }

  /// A place, what is needed there, and what is free.
  struct Demand: Hashable {
    var path: String
    var parts: [Part]
    var free: Int64
    /// Whether the store is there, which could be elsewhere.
    var hasStore: Bool

    var bytes: Int64 { parts.reduce(0) { $0 + $1.bytes } }
    var isMet: Bool { free >= bytes }

    /// The sum and its parts, in bytes.
    var description: String {
      let sum = parts.map { "\($0.bytes) for \($0.purpose)" }.joined(separator: " + ")
      return "\(bytes) bytes in \(path.shownAsPath) (\(sum)); \(free) are free"
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
        Demand(
          path: databasePlace.path,
          parts: store + database,
          free: databasePlace.free,
          hasStore: true
        )
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
