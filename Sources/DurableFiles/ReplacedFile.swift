/// The file that a command writes anew each time, such as a report: whoever names another file by mistake keeps it.
package struct ReplacedFile: Sendable {
  /// What is in the way, as a sentence.
  package struct Foreign: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence, in lower case.
    package var description: String
  }

  /// How a file of one kind is told from those of somebody else.
  package struct Kind: Sendable {
    /// What it is called: "a report of xm-safe".
    package var name: String
    /// What it begins with.
    package var beginning: String
    /// Texts of which one follows, within the first bytes; none if the beginning says it all.
    package var marks: [String]

    /// Makes a kind of its parts.
    package init(name: String, beginning: String, marks: [String] = []) {
      self.name = name
      self.beginning = beginning
      self.marks = marks
    }
  }

  /// How many bytes are looked at.
  private static let length: Int64 = 8192

  /// Refuses to replace what is not of a kind: a database, an archive, a configuration file; a link, a pipe, a device.
  ///
  /// An empty file may be replaced. This opens the file, and so must come before SQLite has it open in this process: closing it would
  /// drop SQLite's locks.
  ///
  /// - Parameters:
  ///   - path: The absolute path.
  ///   - kind: What may be replaced.
  /// - Throws: `Foreign`; `FileError` if the file cannot be looked at.
  package static func check(_ path: String, is kind: Kind) throws {
    guard let status = try FileStatus.ifPresent(path, followingLinks: false) else { return }
    guard status.kind == .file else {
      throw Foreign(
        description: "\(path.shownAsPath) is \(status.kind.rawValue), and is not replaced"
      )
    }
    guard status.size > 0 else { return }
    let foreign = Foreign(
      description: "\(path.shownAsPath) is there, and is not \(kind.name): it is not replaced"
    )
    let file: ReadableFile
    do {
      file = try ReadableFile(opening: path)
    } catch {
      // What cannot be read cannot be recognised.
      throw Foreign(description: "\(foreign.description) (\(error.reason))")
    }
    let bytes = try file.read(Int(min(file.size, length)), at: 0) ?? []
    guard bytes.starts(with: kind.beginning.utf8) else { throw foreign }
    let text = String(decoding: bytes, as: UTF8.self)
    guard kind.marks.isEmpty || kind.marks.contains(where: text.contains) else { throw foreign }
  }
}
