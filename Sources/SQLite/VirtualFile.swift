/// A file that SQLite reads or writes and that is not on a disk: a stream of pages into or out of an archive.
///
/// An error that it throws reaches the caller of `OnlineBackup.copy` as it is; SQLite sees an I/O error.
package protocol VirtualFile: AnyObject {
  /// The length in bytes that SQLite sees.
  var size: Int64 { get }
  /// Whether SQLite may only read: the database is then taken as one that nobody can change.
  var isReadOnly: Bool { get }
  /// Fills the buffer from the offset on; what lies behind the end is zero.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws
  /// Takes the bytes that belong at the offset.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws
}
