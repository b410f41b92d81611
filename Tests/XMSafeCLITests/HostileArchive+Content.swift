/// Archives whose manifest or whose database is what hurts.
extension HostileArchive {
  static let manifests = [
    HostileArchive(
      "an unknown key nested 100,000 deep",
      "a.with_key('x', b'[' * 100000 + b']' * 100000)",
      .unreadable
    ),
    HostileArchive(
      "objects nested 100,000 deep",
      "a.with_key('x', b'{\"a\":' * 100000 + b'1' + b'}' * 100000)",
      .unreadable
    ),
    HostileArchive("nothing but 30 MiB of brackets", "a.json = b'[' * (30 << 20)", .unreadable),
    HostileArchive(
      "30 MiB of white space",
      "a.json = a.text().encode() + b' ' * (30 << 20)",
      .whole
    ),
    HostileArchive(
      "a text of 30 MiB",
      "a.with_value('\"forge\"', '\"' + 'x' * (30 << 20) + '\"')",
      .unreadable
    ),
    HostileArchive(
      "a text of 5 MiB of escape characters",
      "a.with_value('\"forge\"', '\"' + '\\\\u001b' * (5 << 20) + '\"')",
      .unreadable
    ),
    HostileArchive(
      "an array of 15 million numbers",
      "a.with_key('x', b'[' + b'0,' * (15 << 20) + b'0]')",
      .unreadable
    ),
    HostileArchive("a key of 30 MiB", "a.with_key('x' * (30 << 20), b'1')", .unreadable),
    HostileArchive(
      "a million tables",
      "a.manifest['rowCounts'] = {f't{i}': 1 for i in range(1000000)}",
      .unreadable
    ),
    HostileArchive("a million heads", "a.manifest['heads'] = ['x'] * 1000000", .unreadable),
    HostileArchive("a key that stands twice", "a.with_key('id', b'\"0badbeef\"')", .unreadable),
    HostileArchive(
      "a million keys that stand twice",
      "a.with_key('x', b'1' + b',\"tool\":\"y\"' * 1000000)",
      .unreadable
    ),
    HostileArchive(
      "a table that stands twice",
      "a.with_value('\"rowCounts\": {', '\"rowCounts\": {\"Job\": 4, ')",
      .unreadable
    ),
    HostileArchive(
      "an array instead of an object",
      "a.json = ('[' + a.text() + ']').encode()",
      .unreadable
    ),
    HostileArchive("an object that does not end", "a.json = a.text().encode()[:-1]", .unreadable),
    HostileArchive("two objects", "a.json = a.text().encode() * 2", .unreadable),
    HostileArchive("no text at all", "a.json = b''", .unreadable),
    HostileArchive("a NUL", "a.json = a.text().encode() + b'\\0'", .unreadable),
    HostileArchive(
      "bytes that are no UTF-8",
      "a.json = a.text().encode().replace(b'forge', b'\\xff\\xfe')",
      .unreadable
    ),
    HostileArchive(
      "half a surrogate pair",
      "a.with_value('\"forge\"', '\"\\\\ud800\"')",
      .unreadable
    ),
    HostileArchive(
      "a key that only a later version knows",
      "a.with_key('x', b'{\"a\":[1,{\"b\":[]},{}],\"c\":null}')",
      .whole
    ),
  ]

  static let numbers = [
    ("NaN", "NaN"), ("infinity", "1e999"), ("a fraction", "99.5"), ("-1", "-1"), ("0", "0"),
    ("2^63", "9223372036854775808"), ("2^63 - 1", "9223372036854775807"),
    ("30 million digits", "' + '1' * 30000000 + '"), ("a text", "\"99\""), ("null", "null"),
  ].map { name, value in
    HostileArchive(
      "a sequence that is \(name)",
      "a.with_value('\"sequence\": 99', '\"sequence\": \(value)')",
      .unreadable
    )
  }

  static let texts: [HostileArchive] = {
    // Clears the screen in three ways, breaks the line, renames the window, reorders the text.
    let steering = "'\\x1b[2J\\x9b2J\\r\\n\\x1b]0;x\\x07\\x7f\\u202e\\u2028\\x00'"
    let evil = "'../../../evil/' + \(steering)"
    return [
      HostileArchive(
        "a path that steers terminals",
        "a.manifest['database']['path'] += \(evil)",
        .foreign
      ),
      HostileArchive("a path with ..", "a.manifest['database']['path'] = '../../evil'", .foreign),
      HostileArchive(
        "a path of another file that exists",
        "a.manifest['database']['path'] = os.path.dirname(database) + '/other'",
        .foreign
      ),
      HostileArchive("heads that steer terminals", "a.manifest['heads'] = [\(evil)]", .untrue),
      HostileArchive("a target that steers terminals", "a.manifest['target'] = [\(evil)]", .whole),
      HostileArchive("a tool that steers terminals", "a.manifest['tool'] = \(evil)", .whole),
      HostileArchive("an SQLite that steers terminals", "a.manifest['sqlite'] = \(evil)", .whole),
      HostileArchive("a time that steers terminals", "a.manifest['created'] = \(evil)", .whole),
      HostileArchive(
        "a dialect that steers terminals",
        "a.manifest['database']['dialect'] = \(evil)",
        .unreadable
      ),
      HostileArchive(
        "the dialect of a server in the format of a file",
        "a.manifest['database'].update(dialect='postgresql', server='15', client='pg_dump', encoding='UTF8')",
        .unreadable
      ),
      HostileArchive(
        "a journal mode that steers terminals",
        "a.manifest['database']['journalMode'] = \(evil)",
        .whole
      ),
      HostileArchive(
        "tables that steer terminals",
        "a.manifest['rowCounts'][\(evil)] = 1",
        .untrue
      ),
      HostileArchive(
        "a reason that steers terminals",
        "a.manifest['reason'] = \(evil)",
        .unreadable
      ),
      HostileArchive("a key that steers terminals", "a.manifest[\(evil)] = 1", .whole),
      HostileArchive(
        "a digest that steers terminals",
        "a.manifest['image']['sha256'] = \(evil)",
        Answer(show: 0, verify: 22, deep: 22, restore: 0, diff: 22)
      ),
      HostileArchive(
        "another content's digest",
        "a.manifest['image']['contentSHA256'] = '0' * 64",
        .damaged
      ),
      HostileArchive("an id with slashes", "a.manifest['id'] = '../../xx'", .unreadable),
      HostileArchive(
        "an id that steers terminals",
        "a.manifest['id'] = \(steering)[:8]",
        .unreadable
      ),
      HostileArchive("an id without an end", "a.manifest['id'] = 'a' * 1000000", .unreadable),
    ]
  }()

  static let images = [
    HostileArchive("random bytes", "a = Archive(os.urandom(8192), {})", .damaged),
    HostileArchive("zeros", "a = Archive(bytes(1 << 20), {})", .damaged),
    HostileArchive(
      "a header with fewer pages",
      "a = Archive(patched(original, 28, b'\\0\\0\\0\\1'), rows(database))",
      .damaged
    ),
    HostileArchive(
      "a header with 2^31 pages",
      "a = Archive(patched(original, 28, b'\\x7f\\xff\\xff\\xff'), rows(database))",
      .damaged
    ),
    HostileArchive(
      "a header with another page size",
      "a.members[0] = data(patched(original, 16, b'\\2\\0')[:a.page])",
      .damaged
    ),
    HostileArchive(
      "pages of garbage",
      "a = Archive(original[:a.page] + b'\\xff' * (len(original) - a.page), rows(database))",
      .untrue
    ),
    HostileArchive(
      "a schema that is no SQL",
      """
      image = database_of('CREATE TABLE t (a)', 'PRAGMA writable_schema=ON',
          "UPDATE sqlite_schema SET sql = 'CREATE TABLE \\x1b[2J'")
      a = Archive(image, {'t': 0})
      """,
      nil
    ),
    HostileArchive(
      "a page cache as large as the database",
      """
      image = database_of('PRAGMA default_cache_size=1000000000', 'CREATE TABLE t (a)',
          'INSERT INTO t VALUES (zeroblob(100000000))')
      a = Archive(image, {'t': 1})
      """,
      .whole
    ),
    HostileArchive(
      "a constraint that makes gigabytes",
      """
      image = database_of('CREATE TABLE t (a CHECK (length(hex(zeroblob(499999999))) > 0))',
          'PRAGMA ignore_check_constraints=ON', 'INSERT INTO t VALUES (1)')
      a = Archive(image, {'t': 1})
      """,
      .whole
    ),
    HostileArchive(
      "an index that makes gigabytes",
      """
      image = database_of('CREATE TABLE t (a)', 'CREATE INDEX i ON t (length(a))',
          'INSERT INTO t VALUES (1)', 'PRAGMA writable_schema=ON',
          "UPDATE sqlite_schema SET sql = 'CREATE INDEX i ON t (length(hex(zeroblob(499999999))))' WHERE name = 'i'")
      a = Archive(image, {'t': 1})
      """,
      .untrue
    ),
    HostileArchive(
      "a version table that is a view without end",
      """
      image = database_of('CREATE TABLE t (a)',
          'CREATE VIEW alembic_version (version_num) AS WITH RECURSIVE n (i) AS '
          '(SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0')
      a = Archive(image, {'t': 0})
      """,
      .untrue
    ),
  ]
}
