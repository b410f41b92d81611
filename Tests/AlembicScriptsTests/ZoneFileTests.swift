import AlembicScripts
import Foundation
import TestKit
import Testing

/// Time zones, beside Python's zoneinfo.
@Suite struct ZoneFileTests {
  static let zones = [
    "UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Australia/Lord_Howe",
    "Asia/Kathmandu", "Africa/Casablanca", "America/Sao_Paulo", "Europe/Dublin", "Pacific/Apia",
  ]

  @Test func `a zone is as far ahead as Python says, in the past and in the future`() throws {
    let times = stride(from: Int64(-2_000_000_000), to: 4_000_000_000, by: 7_654_321).map { $0 }
    let program = """
      import json, sys
      from datetime import datetime, timedelta, timezone
      from zoneinfo import ZoneInfo
      zones, times = json.load(sys.stdin)
      epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)
      print(json.dumps([[str((epoch + timedelta(seconds=t)).astimezone(ZoneInfo(z))) for t in times] for z in zones]))
      """
    let input = "[\(try Self.json(Self.zones)), \(try Self.json(times))]"
    let outcome = try Command.run(
      [Workshop.python, "-c", program],
      input: Data(input.utf8)
    )
    try #require(outcome.status == 0, "\(outcome)")
    let expected = try JSONDecoder().decode([[String]].self, from: Data(outcome.output.utf8))
    for (name, texts) in zip(Self.zones, expected) {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/\(name)"))
      let zone = try #require(ZoneFile(Array(bytes)), "\(name)")
      for (time, text) in zip(times, texts) {
        let date = LocalDate(epoch: time, offset: zone.offset(at: time), showsOffset: true)
        #expect(date.text == text, "\(name) at \(time)")
      }
    }
  }

  @Test func `what is no zone is none, and cannot do harm`() throws {
    let whole = Array(
      try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/Europe/Berlin"))
    )
    #expect(ZoneFile([]) == nil)
    #expect(ZoneFile(Array("TZif2".utf8)) == nil)
    for length in stride(from: 0, to: whole.count, by: 7) {
      _ = ZoneFile(Array(whole.prefix(length)))
    }
    for place in 0..<200 {
      var bytes = whole
      bytes[place] = 0xff
      _ = ZoneFile(bytes)?.offset(at: 0)
    }
  }

  private static func json(_ value: some Encodable) throws -> String {
    String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
  }
}
