/// Reads what a PostgreSQL database says, in the transaction that a session has open.
struct PostgresContent {
  let session: PostgresSession
  /// alembic's version table, with its schema if it has one.
  let versionTable: String

  /// Schemas and objects that are the system's own or an extension's, which its `CREATE EXTENSION` makes again.
  static func isOurs(_ schema: String) -> String {
    """
    \(schema).nspname !~ '^pg_' AND \(schema).nspname <> 'information_schema'
    """
  }

  /// Whether an object belongs to no extension.
  static func isFree(_ oid: String, _ catalog: String) -> String {
    """
    NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '\(catalog)'::regclass AND d.objid = \(oid) AND d.deptype = 'e')
    """
  }

  /// Reads all of it.
  ///
  /// - Parameter progress: Told each table before its rows are read.
  /// - Returns: The content.
  /// - Throws: `ServerError`, and what `progress` throws.
  func read(progress: (String) throws -> Void = { _ in }) throws -> ServerContent {
    var lines = try session.query(Self.schema).compactMap { $0.first ?? nil }
    var rowCounts: [String: Int64] = [:]
    for table in try tables() {
      try progress(table.shown)
      let digest = try rows(table)
      rowCounts[table.shown] = digest.count
      lines.append("rows \(table.quoted) \(digest.count) \(digest.sums)")
    }
    let version = try versionTablePlace()
    return ServerContent(
      rowCounts: rowCounts,
      heads: try heads(),
      lines: lines,
      definitions: try PostgresDefinitions(session: session).read(),
      versionTable: version?.shown
    )
  }

  /// A table and its schema.
  struct Table {
    var schema: String
    var name: String
    var quoted: String { PostgresSession.quoted(schema) + "." + PostgresSession.quoted(name) }
    var shown: String { schema == "public" ? name : schema + "." + name }
  }

  private func tables() throws -> [Table] {
    try session.query(
      """
      SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND \(Self.isOurs("n")) AND \(Self.isFree("c.oid", "pg_class"))
      ORDER BY n.nspname, c.relname
      """
    ).compactMap(Self.table)
  }

  /// How many rows, and sums over the digest of each, which do not depend on their order.
  private func rows(_ table: Table) throws -> (count: Int64, sums: String) {
    let row =
      try session.query(
        """
        SELECT count(*), coalesce(sum(('x' || substr(m, 1, 15))::bit(60)::bigint), 0),
          coalesce(sum(('x' || substr(m, 16, 15))::bit(60)::bigint), 0)
        FROM (SELECT md5(xm_safe_row::text) AS m FROM ONLY \(table.quoted) xm_safe_row OFFSET 0) q
        """
      ).first ?? []
    guard row.count == 3, let count = row[0].flatMap({ Int64($0) }), let first = row[1],
      let second = row[2]
    else {
      throw ServerError(
        .failed,
        "the rows of \(table.shown) cannot be counted",
        hint: "run the same command again"
      )
    }
    return (count, first + " " + second)
  }

  /// The rows of the version table; none if it is not there.
  func heads() throws -> [String] {
    guard let table = try versionTablePlace() else { return [] }
    return try session.query("SELECT version_num FROM \(table.quoted)").compactMap {
      $0.first ?? nil
    }
    .sorted()
  }

  /// The version table; nil if it is not there.
  private func versionTablePlace() throws -> Table? {
    let parts = versionTable.split(separator: ".", maxSplits: 1)
    let name = PostgresSession.literal(String(parts.last ?? ""))
    // Where the user's own search path leads, as for alembic: it is our session that has another one.
    let schema =
      parts.count == 2
      ? "n.nspname = \(PostgresSession.literal(String(parts[0])))"
      : """
      n.nspname = ANY (SELECT p.schema FROM \(Self.searchPath))
      """
    return try session.query(
      """
      SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relname = \(name) AND c.relkind IN ('r', 'p') AND \(schema) ORDER BY n.nspname = 'public', n.nspname LIMIT 1
      """
    ).compactMap(Self.table).first
  }

  /// The schemas of the user's own search path, in order.
  private static let searchPath = """
    (SELECT trim(both '" ' from replace(s, '$user', current_user)) AS schema, place
      FROM unnest(string_to_array((SELECT reset_val FROM pg_settings WHERE name = 'search_path'), ',')) WITH ORDINALITY u (s, place)) p
    """

  private static func table(_ row: [String?]) -> Table? {
    guard row.count == 2, let schema = row[0], let name = row[1] else { return nil }
    return Table(schema: schema, name: name)
  }

  /// The tables that names of a user's mean: with a schema, or without, as the search path leads to them.
  ///
  /// - Parameter names: The names, as they are written in a shell: without quotes.
  /// - Returns: The tables that there are, as row counts name them.
  /// - Throws: `ServerError`.
  func tables(named names: [String]) throws -> [String: String] {
    guard !names.isEmpty else { return [:] }
    let list = names.map { "(\(PostgresSession.literal($0)))" }.joined(separator: ", ")
    let rows = try session.query(
      """
      SELECT w.name, n.nspname, c.relname FROM (VALUES \(list)) w (name)
      JOIN pg_class c ON c.relkind IN ('r', 'p') AND c.relpersistence <> 't' JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN \(Self.searchPath) ON p.schema = n.nspname::text
      WHERE n.nspname || '.' || c.relname = w.name OR (c.relname::text = w.name AND p.place IS NOT NULL)
      ORDER BY c.relname::text = w.name, p.place
      """
    )
    var tables: [String: String] = [:]
    for row in rows where row.count == 3 {
      // What is written with its schema is that; else the first one counts.
      if let name = row[0], tables[name] == nil {
        tables[name] = Self.table(Array(row.dropFirst()))?.shown
      }
    }
    return tables
  }

  /// One line for each object of the schema: names and types, not the text of expressions, which are among the definitions.
  private static let schema = """
    SELECT format('schema %I', n.nspname) FROM pg_namespace n
      WHERE \(isOurs("n")) AND n.nspname <> 'public' AND \(isFree("n.oid", "pg_namespace"))
    UNION ALL
    SELECT format('relation %I.%I %s %s', n.nspname, c.relname, c.relkind, c.relpersistence)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND c.relpersistence <> 't' AND \(isOurs("n"))
      AND \(isFree("c.oid", "pg_class"))
    UNION ALL
    SELECT format('column %I.%I %s %I %s%s%s%s', n.nspname, c.relname,
        row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname, format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, CASE WHEN a.atthasdef THEN ' DEFAULT' ELSE '' END,
        CASE WHEN a.attidentity <> '' THEN ' IDENTITY ' || a.attidentity::text ELSE '' END)
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't'
      AND \(isOurs("n")) AND \(isFree("c.oid", "pg_class"))
    UNION ALL
    SELECT format('constraint %I.%I %I %s', n.nspname, c.relname, k.conname, k.contype)
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND \(isOurs("n")) AND \(isFree("c.oid", "pg_class"))
    UNION ALL
    SELECT format('index %I.%I %I%s', n.nspname, c.relname, i.relname, CASE WHEN x.indisunique THEN ' UNIQUE' ELSE '' END)
      FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace WHERE \(isOurs("n")) AND \(isFree("c.oid", "pg_class"))
      AND c.relpersistence <> 't'
    UNION ALL
    SELECT format('trigger %I.%I %I', n.nspname, c.relname, t.tgname)
      FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT t.tgisinternal AND \(isOurs("n")) AND \(isFree("c.oid", "pg_class"))
    UNION ALL
    SELECT format('function %I.%I(%s) %s', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), md5(p.prosrc))
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE \(isOurs("n")) AND \(isFree("p.oid", "pg_proc"))
    UNION ALL
    SELECT format('type %I.%I %s %s', n.nspname, t.typname, t.typtype,
        (SELECT string_agg(quote_ident(e.enumlabel), ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
      FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
      WHERE t.typtype IN ('e', 'd', 'r') AND \(isOurs("n")) AND \(isFree("t.oid", "pg_type"))
    UNION ALL
    SELECT format('extension %I', e.extname) FROM pg_extension e
    """
}
