#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// A lock that another process holds on a range of a file's bytes, as `/proc/locks` lists it (proc(5)).
package struct FileLock: Hashable, Sendable {
  /// The process; nil if the kernel does not say, or it cannot be seen from here.
  package var process: Int32?
  /// Whether it keeps readers out too.
  package var isExclusive: Bool
  /// The bytes.
  package var range: ClosedRange<Int64>

  /// Makes a lock of its parts.
  package init(process: Int32?, isExclusive: Bool, range: ClosedRange<Int64>) {
    self.process = process
    self.isExclusive = isExclusive
    self.range = range
  }

  /// The locks that others hold on a file.
  ///
  /// - Parameter path: The file; it is not opened.
  /// - Returns: The locks; none where the system does not tell, or the holders are outside this container.
  /// - Throws: `FileError` if the file cannot be looked at; not if it does not exist.
  package static func held(on path: String) throws(FileError) -> [FileLock] {
    guard let file = try FileStatus.ifPresent(path)?.identity,
      let table = ProcessFiles.text("locks")
    else { return [] }
    var locks: [FileLock] = []
    for entry in entries(of: table) where entry.inode == file.inode {
      guard let process = entry.lock.process else {
        // A lock of an open file description, which has no process of its own: whoever has it open, has it.
        locks += owners(of: file, entry.lock)
        continue
      }
      guard process != getpid() else { continue }
      // Some file systems number their devices differently here; then the open descriptors tell.
      let isSame =
        entry.device == Self.device(file)
        || !ProcessFiles.descriptors(of: process, on: file).isEmpty
      if isSame { locks.append(entry.lock) }
    }
    return locks
  }

  private static func owners(of file: FileStatus.Identity, _ lock: FileLock) -> [FileLock] {
    var owners: [FileLock] = []
    for id in ProcessFiles.identifiers where id != getpid() {
      for descriptor in ProcessFiles.descriptors(of: id, on: file) {
        let facts = ProcessFiles.text("\(id)/fdinfo/\(descriptor)") ?? ""
        let isOwner = facts.split(separator: "\n").contains { line in
          line.hasPrefix("lock:") && line.contains("OFDLCK")
        }
        guard isOwner else { continue }
        owners.append(
          FileLock(process: id, isExclusive: lock.isExclusive, range: lock.range)
        )
      }
    }
    return owners.isEmpty ? [lock] : owners
  }

  /// One line of the table.
  package struct Entry: Hashable {
    /// The lock.
    package var lock: FileLock
    /// The file system: major and minor number, in hexadecimal.
    package var device: String
    /// The file.
    package var inode: UInt64
  }

  /// Reads lines like `2: POSIX  ADVISORY  WRITE 4711 fe:00:1234 1073741824 1073742335`; those who wait (`->`) hold nothing.
  ///
  /// - Parameter table: The text of `/proc/locks`.
  /// - Returns: The locks; a line that is not understood is left out.
  package static func entries(of table: String) -> [Entry] {
    table.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard words.count >= 8, words[1] != "->", let process = Int32(words[4]) else { return nil }
      let place = words[5].split(separator: ":")
      guard place.count == 3, let inode = UInt64(place[2]), let first = Int64(words[6]) else {
        return nil
      }
      let last = Int64(words[7]) ?? .max
      guard first <= last else { return nil }
      return Entry(
        lock: FileLock(
          process: process > 0 ? process : nil,
          isExclusive: words[3] == "WRITE",
          range: first...last
        ),
        device: "\(place[0]):\(place[1])",
        inode: inode
      )
    }
  }

  /// A device as the table writes it: major and minor number, in hexadecimal.
  private static func device(_ file: FileStatus.Identity) -> String {
    let number = file.device
    let major = (number >> 8) & 0xfff | (number >> 32) & ~0xfff
    let minor = number & 0xff | (number >> 12) & ~0xff
    func hexadecimal(_ number: UInt64) -> String {
      let digits = String(number, radix: 16)
      return digits.count < 2 ? "0" + digits : digits
    }
    return "\(hexadecimal(major)):\(hexadecimal(minor))"
  }
}
