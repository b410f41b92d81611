#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// What the system says of a file without opening it: kind, size, owner, mode, identity.
package struct FileStatus: Hashable, Sendable {
  /// What a directory entry is.
  package enum Kind: String, Hashable, Sendable {
    case file = "a file"
    case directory = "a directory"
    case symbolicLink = "a symbolic link"
    case pipe = "a named pipe"
    case socket = "a socket"
    case characterDevice = "a character device"
    case blockDevice = "a block device"
    case other = "not a file"
  }

  /// What it is.
  package var kind: Kind
  /// Its length in bytes.
  package var size: Int64
  /// The permission bits (07777).
  package var mode: UInt32
  /// The numeric user and group that own it.
  package var owner: UInt32
  /// The numeric group that owns it.
  package var group: UInt32
  /// Device and inode: two paths with the same identity are the same file.
  package var identity: Identity
  /// The time of the last change of its content, in seconds since 1970.
  package var modified: Int64

  /// How many names it has in its file system.
  package var names: UInt64

  /// Device and inode of a file.
  package struct Identity: Hashable, Sendable {
    /// The device the file is on.
    package var device: UInt64
    /// The inode within the device.
    package var inode: UInt64

    /// Makes one of its parts.
    package init(device: UInt64, inode: UInt64) {
      self.device = device
      self.inode = inode
    }
  }

  /// Who owns a file, and who may do what with it.
  package struct Ownership: Codable, Hashable, Sendable {
    /// The numeric user.
    package var owner: UInt32
    /// The numeric group.
    package var group: UInt32
    /// The permission bits (07777).
    package var mode: UInt32
  }

  /// Who owns it, and who may do what with it.
  package var ownership: Ownership { Ownership(owner: owner, group: group, mode: mode) }

  /// Asks the system, without opening the file (opening and closing a database would drop SQLite's locks on it).
  ///
  /// - Parameters:
  ///   - path: The path to look at.
  ///   - followingLinks: Whether a symbolic link is followed.
  /// - Throws: `FileError` if it cannot be looked at; `isNotFound` if it does not exist.
  package init(of path: String, followingLinks: Bool = true) throws(FileError) {
    var buffer = stat()
    let result = followingLinks ? stat(path, &buffer) : lstat(path, &buffer)
    guard result == 0 else { throw FileError("look at", path, code: errno) }
    self.init(buffer)
  }

  init(_ buffer: stat) {
    kind =
      switch buffer.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .directory
      case S_IFLNK: .symbolicLink
      case S_IFIFO: .pipe
      case S_IFSOCK: .socket
      case S_IFCHR: .characterDevice
      case S_IFBLK: .blockDevice
      default: .other
      }
    size = Int64(buffer.st_size)
    mode = UInt32(buffer.st_mode & 0o7777)
    owner = buffer.st_uid
    group = buffer.st_gid
    names = UInt64(buffer.st_nlink)
    identity = Identity(device: UInt64(buffer.st_dev), inode: UInt64(buffer.st_ino))
    #if canImport(Glibc)
    modified = Int64(buffer.st_mtim.tv_sec)
    #else
    modified = Int64(buffer.st_mtimespec.tv_sec)
    #endif
  }

  /// The status, or nil if there is no such file.
  ///
  /// - Parameters:
  ///   - path: The path to look at.
  ///   - followingLinks: Whether a symbolic link is followed.
  /// - Returns: The status; nil if it does not exist.
  /// - Throws: `FileError` for any other reason.
  package static func ifPresent(
    _ path: String,
    followingLinks: Bool = true
  ) throws(FileError) -> FileStatus? {
    do {
      return try FileStatus(of: path, followingLinks: followingLinks)
    } catch  where error.isNotFound {
      return nil
    }
  }
}
