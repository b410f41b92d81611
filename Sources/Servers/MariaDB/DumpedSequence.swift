/// The sequences that columns of a dump have for their defaults, which SHOW CREATE TABLE names with their database.
///
/// A table that is loaded under another name would go on to count the sequence of the database that was saved.
enum DumpedSequence {
  private static let header = "-- Host: "
  private static let label = "Database: "

  /// The database that a dump is of.
  ///
  /// - Parameter line: A line of it.
  /// - Returns: The name; nil if the line does not tell it.
  static func database(in line: some Collection<UInt8>) -> String? {
    guard line.starts(with: header.utf8) else { return nil }
    let text = String(decoding: line, as: UTF8.self)
    guard let range = text.firstRange(of: label) else { return nil }
    return String(text[range.upperBound...].prefix { $0 != "\n" })
  }

  /// A line of CREATE TABLE with the sequences of another database in the place of those of one.
  ///
  /// - Parameters:
  ///   - line: The line, with or without its end.
  ///   - from: The database that it names.
  ///   - to: The other one; nil for none.
  /// - Returns: The line; nil if it names none.
  static func renamed(_ line: String, from: String, to: String?) -> String? {
    guard line.hasPrefix("  `") else { return nil }
    let named = "val(\(MariaDBServer.quoted(from)).`"
    guard line.contains(named) else { return nil }
    return line.replacing(named, with: to.map { "val(\(MariaDBServer.quoted($0)).`" } ?? "val(`")
  }
}
