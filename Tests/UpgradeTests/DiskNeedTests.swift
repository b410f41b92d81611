import DurableFiles
import Foundation
import TestKit
import Testing

@testable import Upgrade

/// How much room an upgrade is said to need.
@Suite struct DiskNeedTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var facts: DiskNeed.Facts
    var store: Int64
    var database: Int64
    var testDescription: String { name }

    static let all = [
      Case(
        name: "the first snapshot is taken for incompressible",
        facts: .init(image: 1_000_000, log: 0, largestTable: 300_000),
        store: 1_000_000 + 1000 + 65_536,
        database: 600_000
      ),
      Case(
        name: "a rehearsal needs a copy and room to change it, in the store",
        facts: .init(image: 1_000_000, log: 0, largestTable: 300_000, isRehearsed: true),
        store: 1_000_000 + 1000 + 65_536 + 1_600_000,
        database: 600_000
      ),
      Case(
        name: "the latest archive tells the ratio",
        facts: .init(
          image: 1_000_000,
          log: 0,
          largestTable: 300_000,
          latest: .init(archive: 100, image: 1000)
        ),
        store: 125_000,
        database: 600_000
      ),
      Case(
        name: "a ratio never makes more than the bound",
        facts: .init(
          image: 1_000_000,
          log: 0,
          largestTable: 0,
          latest: .init(archive: 5000, image: 1000)
        ),
        store: 1_066_536,
        database: 0
      ),
      Case(
        name: "the WAL counts",
        facts: .init(
          image: 1000,
          log: 7000,
          largestTable: 10,
          latest: .init(archive: 1, image: 10)
        ),
        store: 125,
        database: 7020
      ),
      Case(
        name: "an empty snapshot tells nothing",
        facts: .init(image: 0, log: 0, largestTable: 0, latest: .init(archive: 800, image: 0)),
        store: 65_536,
        database: 0
      ),
    ]
  }

  @Test(arguments: Case.all) func `the parts add up`(_ sample: Case) {
    let need = DiskNeed(sample.facts)
    let apart = need.demands(storePlace: ("/s", 0), databasePlace: ("/d", 0), isShared: false)
    #expect(apart.map(\.bytes) == [sample.store, sample.database])
    #expect(apart.map(\.path) == ["/s", "/d"])
    let shared = need.demands(storePlace: ("/s", 0), databasePlace: ("/d", 5), isShared: true)
    #expect(shared.map(\.bytes) == [sample.store + sample.database])
    #expect(shared.map(\.isMet) == [5 >= sample.store + sample.database])
  }

  @Test func `a plan needs room for its copy, and nothing where the database is`() {
    let facts = DiskNeed.Facts(
      image: 1000,
      log: 70,
      largestTable: 300,
      isRehearsed: true,
      isOnlyPlanned: true
    )
    let demands = DiskNeed(facts)
      .demands(storePlace: ("/s", 0), databasePlace: ("/d", 0), isShared: false)
    #expect(demands.map(\.path) == ["/s"])
    #expect(demands.map(\.bytes) == [1600])
  }

  @Test func `the sentence has every number`() {
    var facts = DiskNeed.Facts(image: 1000, log: 30, largestTable: 1000, latest: nil)
    facts.isTableEstimated = true
    let need = DiskNeed(facts)
    let demand = need.demands(storePlace: ("/s", 1), databasePlace: ("/d", 99), isShared: true)[0]
    #expect(
      demand.description
        == "68567 bytes in '/d' (66537 for the archive, if nothing compresses + 1000 for a copy of the largest table, taken for the whole database + 1000 for the journal of that change + 30 for what the WAL holds now); 99 are free"
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
