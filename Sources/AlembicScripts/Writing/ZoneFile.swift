/// A time zone as its file has it (RFC 8536): how far the zone is ahead of UTC at any time.
package struct ZoneFile {
  private var transitions: [(time: Int64, type: Int)] = []
  private var offsets: [Int64] = []
  private var isSummer: [Bool] = []
  private let rule: ZoneRule?

  /// Reads a zone's file; nil if it is none.
  ///
  /// - Parameter bytes: The content of a file such as `/usr/share/zoneinfo/Europe/Berlin`.
  package init?(_ bytes: [UInt8]) {
    guard let first = Header(bytes[...]) else { return nil }
    // The first part has 32-bit times; later versions have the same again with 64 bits, and the rule for the future.
    let isLong = first.version >= UInt8(ascii: "2")
    var rest = bytes[...].dropFirst(44)
    var header = first
    if isLong {
      guard let second = Header(rest.dropFirst(first.length(4))) else { return nil }
      rest = rest.dropFirst(first.length(4) + 44)
      header = second
    }
    let size = isLong ? 8 : 4
    guard rest.count >= header.length(size), header.types > 0 else { return nil }
    let times = (0..<header.times).map { Self.number(rest.dropFirst($0 * size), size) }
    let types = rest.dropFirst(header.times * size).prefix(header.times).map(Int.init)
    let infos = rest.dropFirst(header.times * (size + 1))
    for index in 0..<header.types {
      let info = infos.dropFirst(index * 6)
      offsets.append(Self.number(info, 4))
      isSummer.append(info.dropFirst(4).first != 0)
    }
    guard types.allSatisfy(offsets.indices.contains) else { return nil }
    transitions = zip(times, types).map { (time: $0, type: $1) }
    let footer = isLong ? rest.dropFirst(header.length(8)) : []
    rule = ZoneRule(String(decoding: footer.filter { $0 != 10 }, as: UTF8.self))
  }

  /// How many seconds the zone is ahead of UTC.
  ///
  /// - Parameter epoch: Seconds since 1970, UTC.
  /// - Returns: The seconds.
  package func offset(at epoch: Int64) -> Int64 {
    guard let last = transitions.last else { return rule?.offset(at: epoch) ?? offsets[0] }
    if epoch >= last.time { return rule?.offset(at: epoch) ?? offsets[last.type] }
    if let past = transitions.last(where: { $0.time <= epoch }) { return offsets[past.type] }
    return offsets[isSummer.firstIndex(of: false) ?? 0]
  }

  private static func number(_ bytes: ArraySlice<UInt8>, _ size: Int) -> Int64 {
    let value = bytes.prefix(size).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return size == 8 ? Int64(bitPattern: value) : Int64(Int32(truncatingIfNeeded: value))
  }

  private struct Header {
    var version: UInt8
    var utc: Int
    var standard: Int
    var leaps: Int
    var times: Int
    var types: Int
    var letters: Int

    init?(_ bytes: ArraySlice<UInt8>) {
      guard bytes.count >= 44, bytes.starts(with: "TZif".utf8) else { return nil }
      version = bytes[bytes.startIndex + 4]
      let counts = (0..<6).map { Int(ZoneFile.number(bytes.dropFirst(20 + $0 * 4), 4)) }
      // A file of megabytes is no zone; and the numbers cannot overflow.
      guard counts.allSatisfy({ (0...100_000).contains($0) }) else { return nil }
      (utc, standard, leaps) = (counts[0], counts[1], counts[2])
      (times, types, letters) = (counts[3], counts[4], counts[5])
    }

    func length(_ size: Int) -> Int {
      times * (size + 1) + types * 6 + letters + leaps * (size + 4) + standard + utc
    }
  }
}
