import DurableFiles
import Foundation
import TestKit
import Testing

@testable import Upgrade

/// How much room an upgrade is said to need.
@Suite struct DiskNeedTests {
  /// What a page costs beside itself, and a journal.
  private static func journal(_ bytes: Int64, _ header: Int64 = 8) -> Int64 {
    bytes + (bytes / 4096 + 1) * header + 65_536
  }

  private static let bound: Int64 = 1_000_000 + 1000 + 65_536
  private static let most = 300_000 + journal(1_000_000)
  private static let mostLogged = 300_000 + journal(1_300_000, 32)

  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var facts: DiskNeed.Facts
    /// In the store: at most, and as far as can be told.
    var store: [Int64]
    /// Beside the database.
    var database: [Int64]
    /// Where both are in one place.
    var both: [Int64]
    var testDescription: String { name }
  }

  static let cases = [
    Case(
      name: "the first snapshot is taken for incompressible",
      facts: .init(image: 1_000_000, log: 0, largestTable: 300_000),
      store: [bound, bound],
      database: [most, 600_000],
      both: [bound + most, bound + 600_000]
    ),
    Case(
      name: "a WAL takes what is new and what is old, and is then copied",
      facts: .init(image: 1_000_000, isLogged: true, log: 0, largestTable: 300_000),
      store: [bound, bound],
      database: [mostLogged, 900_000],
      both: [bound + mostLogged, bound + 900_000]
    ),
    Case(
      name: "a rehearsal's copy makes room before the database is changed",
      facts: .init(image: 1_000_000, log: 0, largestTable: 300_000, isRehearsed: true),
      store: [bound + 1_000_000 + most, bound + 1_600_000],
      database: [most, 600_000],
      both: [bound + 1_000_000 + most, bound + 1_600_000]
    ),
    Case(
      name: "a copy that is published stays until then",
      facts: .init(
        image: 1_000_000,
        log: 0,
        largestTable: 300_000,
        isRehearsed: true,
        isPublished: true
      ),
      store: [bound + 1_000_000 + most, bound + 1_600_000],
      database: [most, most],
      both: [bound + 1_300_000 + most, bound + 1_300_000 + most]
    ),
    Case(
      name: "the latest archive tells the ratio",
      facts: .init(
        image: 1_000_000,
        log: 0,
        largestTable: 300_000,
        latest: .init(archive: 100, image: 1000)
      ),
      store: [125_000, 125_000],
      database: [most, 600_000],
      both: [125_000 + most, 725_000]
    ),
    Case(
      name: "a ratio never makes more than the bound",
      facts: .init(
        image: 1_000_000,
        log: 0,
        largestTable: 0,
        latest: .init(archive: 5000, image: 1000)
      ),
      store: [bound, bound],
      database: [journal(1_000_000), 0],
      both: [bound + journal(1_000_000), bound]
    ),
    Case(
      name: "what is only in the WAL counts",
      facts: .init(
        image: 1000,
        log: 7000,
        largestTable: 10,
        latest: .init(archive: 1, image: 10)
      ),
      store: [125, 125],
      database: [10 + journal(1000) + 7000, 7020],
      both: [125 + 10 + journal(1000) + 7000, 7145]
    ),
    Case(
      name: "an empty snapshot tells nothing",
      facts: .init(image: 0, log: 0, largestTable: 0, latest: .init(archive: 800, image: 0)),
      store: [65_536, 65_536],
      database: [0, 0],
      both: [65_536, 65_536]
    ),
    Case(
      name: "a plan needs room for its copy, and nothing where the database is",
      facts: .init(
        image: 1_000_000,
        log: 70,
        largestTable: 300_000,
        isRehearsed: true,
        isOnlyPlanned: true
      ),
      store: [1_000_000 + most, 1_600_000],
      database: [],
      both: [1_000_000 + most, 1_600_000]
    ),
  ]

  @Test(arguments: cases) func `the parts add up`(_ sample: Case) {
    let need = DiskNeed(sample.facts)
    let apart = need.demands(
      storePlace: ("/s", 1_000_000),
      databasePlace: ("/d", 5),
      isShared: false
    )
    #expect(apart.map(\.path) == (sample.database.isEmpty ? ["/s"] : ["/s", "/d"]))
    #expect([apart[0].bytes, apart[0].likely] == sample.store)
    if apart.count > 1 { #expect([apart[1].bytes, apart[1].likely] == sample.database) }
    let demands = need.demands(storePlace: ("/s", 5), databasePlace: ("/d", 5), isShared: true)
    #expect(demands.map { [$0.bytes, $0.likely] } == [sample.both])
    #expect(demands.allSatisfy { $0.bytes >= $0.likely })
  }

  @Test func `less than is needed for sure is refused, and less than the most is not`() {
    let need = DiskNeed(.init(image: 1_000_000, log: 0, largestTable: 300_000))
    func demand(_ free: Int64) -> DiskNeed.Demand {
      need.demands(storePlace: ("/s", free), databasePlace: ("/d", free), isShared: true)[0]
    }
    let (likely, most) = (Self.bound + 600_000, Self.bound + Self.most)
    #expect(!demand(likely - 1).isMet)
    #expect(demand(likely).isMet && !demand(most - 1).isMetInAnyCase)
    #expect(demand(most).isMetInAnyCase)
  }

  @Test func `the sentence has every number`() {
    var facts = DiskNeed.Facts(image: 1000, log: 30, largestTable: 1000, latest: nil)
    facts.isTableEstimated = true
    let need = DiskNeed(facts)
    let demand = need.demands(storePlace: ("/s", 1), databasePlace: ("/d", 99), isShared: true)[0]
    #expect(
      demand.description
        == "134111 bytes in '/d' (66537 for the archive, if nothing compresses + 1000 for a copy of the largest table, taken for the whole database + 66544 for the journal, if every page changes + 30 for what the WAL holds now); 99 are free"
    )
  }

  struct Place: CustomTestStringConvertible, Sendable {
    var type: String
    var name: String?
    var testDescription: String { type }

    static let all = [
      Place(type: "nfs4", name: "NFS"), Place(type: "cifs", name: "SMB"),
      Place(type: "ext4", name: nil), Place(type: "btrfs", name: nil),
      Place(type: "9p", name: "9p"),
      Place(type: "lustre", name: "Lustre"), Place(type: "fuseblk", name: nil),
      Place(type: "fuse.sshfs", name: "a FUSE file system (fuse.sshfs)"),
      Place(type: "fuse.glusterfs", name: "a FUSE file system (fuse.glusterfs)"),
      Place(type: "fuse.bindfs", name: nil), Place(type: "fuse", name: "a FUSE file system (fuse)"),
    ]
  }

  @Test(arguments: Place.all) func `a network file system is known by its type`(_ place: Place) {
    #expect(NetworkFileSystem.name(type: place.type) == place.name)
  }

  @Test func `the table of mounts tells a device's type`() {
    let table = """
      28 1 254:0 / / rw,relatime - ext4 /dev/vda rw
      36 28 0:40 / /mnt rw shared:1 - fuse.sshfs host:/ rw
      37 28 0:41 / /net rw - nfs4 host:/ rw
      """
    #expect(NetworkFileSystem.type(of: 254 << 8, in: table) == "ext4")
    #expect(NetworkFileSystem.type(of: 40, in: table) == "fuse.sshfs")
    #expect(NetworkFileSystem.type(of: 41, in: table) == "nfs4")
    #expect(NetworkFileSystem.type(of: 42, in: table) == nil)
  }

  @Test func `a local directory is not warned of`() throws {
    let scratch = try Scratch()
    #expect(PlaceWarnings.texts([scratch.path, scratch.file("missing")]).isEmpty)
  }
}
