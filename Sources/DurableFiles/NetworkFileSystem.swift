#if canImport(Darwin)
internal import Darwin
#endif

/// File systems on which SQLite's locks, and so its promises, depend on another machine.
///
/// "File locking logic is buggy in many network filesystem implementations" (How To Corrupt An SQLite Database File, section
/// 2.1, https://www.sqlite.org/howtocorrupt.html).
package enum NetworkFileSystem {
  /// Types as the table of mounts has them.
  private static let names = [
    "nfs": "NFS", "nfs4": "NFS", "cifs": "SMB", "smb3": "SMB", "smbfs": "SMB", "9p": "9p",
    "lustre": "Lustre", "afs": "AFS", "openafs": "AFS", "ceph": "Ceph", "glusterfs": "GlusterFS",
    "beegfs": "BeeGFS", "gpfs": "GPFS", "coda": "Coda", "ocfs2": "OCFS2", "gfs2": "GFS2",
    "virtiofs": "virtiofs", "vboxsf": "VirtualBox shared folders", "webdav": "WebDAV",
  ]
  /// What is mounted through FUSE and known to be on this machine.
  private static let local: Set<String> = [
    "fuseblk", "fuse.ntfs-3g", "fuse.bindfs", "fuse.fuse-overlayfs", "fuse.encfs",
    "fuse.gocryptfs", "fuse.mergerfs",
  ]

  /// The name of a type of file system, if it is one of the network.
  ///
  /// - Parameter type: The type in the table of mounts: `ext4`, `nfs4`, `fuse.sshfs`.
  /// - Returns: The name; nil for a local file system. FUSE may be either: only what is known to be local passes for it.
  package static func name(type: String) -> String? {
    if let name = names[type] { return name }
    guard type == "fuse" || type.hasPrefix("fuse."), !local.contains(type) else { return nil }
    return "a FUSE file system (\(type))"
  }

  /// The network file system that a path is on.
  ///
  /// - Parameter path: An existing file or directory.
  /// - Returns: Its name; nil if the file system is local, or the system does not tell.
  /// - Throws: `FileError`.
  package static func name(at path: String) throws(FileError) -> String? {
    #if canImport(Darwin)
    var status = statfs()
    guard statfs(path, &status) == 0 else {
      throw FileError("look at the file system of", path, code: errno)
    }
    let type = withUnsafeBytes(of: status.f_fstypename) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return name(type: type)
    #else
    let device = try FileStatus(of: path).identity.device
    return type(of: device, in: ProcessFiles.text("self/mountinfo") ?? "").flatMap(name(type:))
    #endif
  }

  /// The type of the mount that has a device.
  ///
  /// - Parameters:
  ///   - device: The device's number.
  ///   - table: Lines like `36 35 0:40 / /mnt rw shared:1 - fuse.sshfs host:/ rw` (proc(5)).
  /// - Returns: The type; nil if no line has the device.
  package static func type(of device: UInt64, in table: String) -> String? {
    let major = (device >> 8) & 0xfff | (device >> 32) & ~0xfff
    let minor = device & 0xff | (device >> 12) & ~0xff
    let number = "\(major):\(minor)"
    for line in table.split(separator: "\n") {
      // There may be hundreds of mounts.
      let first = line.split(separator: " ", maxSplits: 3)
      guard first.count > 3, first[2] == number else { continue }
      let words = line.split(separator: " ")
      guard words.count > 6, let dash = words.firstIndex(of: "-"), dash + 1 < words.count else {
        continue
      }
      return String(words[dash + 1])
    }
    return nil
  }
}
