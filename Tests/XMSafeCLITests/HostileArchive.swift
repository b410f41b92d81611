import Testing

/// An archive that is made to hurt, and what the commands that are given it must answer.
struct HostileArchive: CustomTestStringConvertible, Sendable {
  /// Exit codes of the commands.
  struct Answer: Sendable {
    var show: Int32
    var verify: Int32
    var deep: Int32
    var restore: Int32
    var diff: Int32

    /// It cannot even be listed.
    static let unreadable = Answer(show: 22, verify: 22, deep: 22, restore: 22, diff: 22)
    /// It is no file.
    static let noArchive = Answer(show: 10, verify: 10, deep: 10, restore: 10, diff: 10)
    /// Its manifest is in order, its image is not.
    static let damaged = Answer(show: 0, verify: 22, deep: 22, restore: 22, diff: 22)
    /// Every byte is in order, and what the manifest says of the database is not true.
    static let untrue = Answer(show: 0, verify: 0, deep: 22, restore: 0, diff: 0)
    /// It says that it is of another database.
    static let foreign = Answer(show: 0, verify: 0, deep: 0, restore: 24, diff: 0)
    /// A newer xm-safe has made it.
    static let newer = Answer(show: 24, verify: 24, deep: 24, restore: 24, diff: 24)
    /// Odd, and in order.
    static let whole = Answer(show: 0, verify: 0, deep: 0, restore: 0, diff: 0)
  }

  var name: String
  /// Statements of `ArchiveForge`.
  var change: String
  /// nil where any exit code of the table will do.
  var answer: Answer?
  /// What the answer to `show` must say.
  var words = ""

  init(_ name: String, _ change: String, _ answer: Answer?, words: String = "") {
    self.name = name
    self.change = change
    self.answer = answer
    self.words = words
  }

  var testDescription: String { name }

  static let all = sizes + bombs + manifests + numbers + texts + layouts + files + images

  static let sizes = [
    HostileArchive(
      "a member that says 2 GiB of itself",
      "a.members[0] = data(a.image[:a.page], length=1 << 31)",
      .damaged
    ),
    HostileArchive(
      "a member that says it is empty",
      "a.members[0] = data(a.image[:a.page], length=0)",
      .damaged
    ),
    HostileArchive(
      "a member that ends in the middle of the one before",
      "a.members[1] = data(a.image[a.page:], length=40)",
      .damaged
    ),
    HostileArchive(
      "a payload that says 4 GiB of itself",
      "a.members[1] = data(a.image[a.page:], count=2**32 - 1)",
      .damaged
    ),
    HostileArchive(
      "ISIZE says 4 GiB",
      "a.members[1] = data(a.image[a.page:], isize=2**32 - 1)",
      .damaged
    ),
    HostileArchive(
      "an image of 2^62 bytes",
      "a.manifest['image']['size'] = 2**62; a.manifest['database']['pageCount'] = 2**62 // a.page",
      .unreadable
    ),
    HostileArchive(
      "an image of 120 gigabytes, with as many members in the manifest",
      """
      size = a.page + 120000 * (1 << 20)
      a.manifest['image']['size'] = size; a.manifest['database']['pageCount'] = size // a.page
      a.manifest['members'] = ['0' * 64] * 120001
      """,
      .damaged
    ),
    HostileArchive(
      "a page count of 2^62",
      "a.manifest['database']['pageCount'] = 2**62",
      .unreadable
    ),
    HostileArchive("a page count of -1", "a.manifest['database']['pageCount'] = -1", .unreadable),
    HostileArchive(
      "a page size of 2^31",
      "a.manifest['database']['pageSize'] = 2**31",
      .unreadable
    ),
  ]

  static let bombs = [
    HostileArchive(
      "page 1 inflates to 512 MiB",
      "a.members[0] = data(a.image[:a.page], deflated=bomb(1 << 29))",
      .damaged
    ),
    HostileArchive(
      "a data member inflates to 512 MiB",
      "a.members[1] = data(a.image[a.page:], deflated=bomb(1 << 29))",
      .damaged
    ),
    HostileArchive(
      "a data member inflates to 512 MiB, and says so",
      "a.members[1] = data(a.image[a.page:], deflated=bomb(1 << 29), count=1 << 29, isize=1 << 29)",
      .damaged
    ),
    HostileArchive(
      "the manifest member inflates to 512 MiB",
      """
      text = a.text().encode(); packed = bomb(1 << 29)
      extra = subfield(b'XJ', struct.pack('<I', 20 + len(text) + 1 + len(packed) + 8))
      a.manifest_member = member(extra, packed, 0, 1 << 29, text)
      """,
      .unreadable
    ),
    HostileArchive(
      "the header member inflates to 512 MiB",
      "a.start = a.start[:28] + bomb(1 << 29) + bytes(8)",
      .unreadable
    ),
    HostileArchive(
      "a million tiny members",
      "a.members[1:] = [data(b'x')] * 1000000; a.manifest['members'] = ['0' * 64] * 2",
      .damaged
    ),
    HostileArchive(
      "four hundred thousand tiny members that are in the manifest",
      "a.members[1:] = [data(b'x')] * 400000",
      .unreadable
    ),
  ]

  static let layouts = [
    HostileArchive(
      "format 2, which its manifest does not say",
      "a.start = patched(a.start, 24, b'\\2')",
      .unreadable
    ),
    HostileArchive(
      "format 3",
      "a.start = patched(a.start, 24, b'\\3')",
      .newer,
      words: "newer xm-safe"
    ),
    HostileArchive("format 65535", "a.start = patched(a.start, 24, b'\\xff\\xff')", .newer),
    HostileArchive("format 0", "a.start = patched(a.start, 24, b'\\0')", .unreadable),
    HostileArchive(
      "an extra field of 64 KiB in the header",
      "a.start = member(subfield(b'XM', b'xm-safe\\0\\1\\0\\0\\0') + subfield(b'ZZ', bytes(65500)))",
      .unreadable
    ),
    HostileArchive(
      "an extra field of 64 KiB in a data member",
      """
      packed = deflate(a.image[a.page:])
      extra = struct.pack('<II', 24 + 60004 + len(packed) + 8, len(a.image) - a.page)
      a.members[1] = member(subfield(b'XD', extra) + subfield(b'ZZ', bytes(60000)), packed,
          zlib.crc32(a.image[a.page:]), len(a.image) - a.page)
      """,
      .damaged
    ),
    HostileArchive(
      "a comment in a data member",
      "a.members[1] = member(a.members[1][12:24], deflate(b''), comment=b'x' * 65535)",
      .damaged
    ),
    HostileArchive("no data members", "a.members = []", .unreadable),
    HostileArchive("one data member too many", "a.members.append(data(b'x'))", .unreadable),
    HostileArchive(
      "a data member that the manifest does not know",
      "a.text(); a.members.append(data(b'x'))",
      .damaged
    ),
    HostileArchive("a second archive behind it", "a.behind = a.start + a.members[0]", .unreadable),
    HostileArchive("a byte behind it", "a.behind = b'x'", .unreadable),
    HostileArchive("64 MiB of zeros behind it", "a.behind = bytes(1 << 26)", .unreadable),
    HostileArchive("zeros before the manifest", "a.padding = bytes(1 << 20)", .damaged),
    HostileArchive("a manifest at the beginning", "a.offset = 0", .unreadable),
    HostileArchive("a manifest over the data", "a.offset = 38", .unreadable),
    HostileArchive("a manifest behind the end", "a.offset = 2**64 - 1", .unreadable),
    HostileArchive("a manifest of no bytes", "a.manifest_member = b'x'", .unreadable),
    HostileArchive("a manifest of 4 GiB", "a.length = 2**32 - 1", .unreadable),
    HostileArchive(
      "a manifest of 500 MB that is there",
      """
      place = struct.pack('<QI', 38, 500000000) + bytes(32)
      with open(path, 'wb') as file:
          file.write(a.start); file.truncate(500000038); file.seek(0, 2)
          file.write(member(subfield(b'XT', place)))
      a = None
      """,
      .unreadable
    ),
  ]

  static let files = [
    HostileArchive("an empty file", "a = None; open(path, 'w').close()", .unreadable),
    HostileArchive("a named pipe", "a = None; os.mkfifo(path)", .noArchive),
    HostileArchive("a directory", "a = None; os.mkdir(path)", .noArchive),
    HostileArchive("a link to /dev/zero", "a = None; os.symlink('/dev/zero', path)", .noArchive),
    HostileArchive("a link to /dev/full", "a = None; os.symlink('/dev/full', path)", .noArchive),
    HostileArchive("a link to /dev/tty", "a = None; os.symlink('/dev/tty', path)", .noArchive),
    HostileArchive("a link to the database", "a = None; os.symlink(database, path)", .unreadable),
    HostileArchive("a link to nothing", "a = None; os.symlink('nowhere', path)", nil),
    HostileArchive("a link to itself", "a = None; os.symlink(path, path)", nil),
  ]
}
