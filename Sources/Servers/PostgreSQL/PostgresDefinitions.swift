/// How the objects of a PostgreSQL database are defined: what their names and types do not say.
///
/// Each query gives two columns: what is compared as it is, and an expression, of which the server may write casts and parentheses in
/// another way after a restore.
struct PostgresDefinitions {
  let session: PostgresSession

  /// What the lines of sequences begin with that say where they are: no rollback takes that back.
  static let sequencePrefix = "sequence value "

  /// Reads all of it.
  ///
  /// - Returns: One line for each definition.
  /// - Throws: `ServerError`.
  func read() throws -> [String] {
    var lines: [String] = []
    for query in Self.relations + Self.objects + Self.grants {
      for row in try session.query(query) where row.count == 2 {
        guard let head = row[0] else { continue }
        lines.append(row[1].map { head + DefinitionText.separator + $0 } ?? head)
      }
    }
    return try lines + sequenceValues()
  }

  /// Where each sequence is.
  private func sequenceValues() throws -> [String] {
    let names = try session.query(
      """
      SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND \(PostgresContent.isOurs("n"))
      AND \(PostgresContent.isFree("c.oid", "pg_class")) ORDER BY 1
      """
    ).compactMap { $0.first ?? nil }
    var lines: [String] = []
    // Many in one query, but not so many that its text grows without end.
    for start in stride(from: 0, to: names.count, by: 100) {
      let parts = names[start..<min(start + 100, names.count)].map { name in
        "SELECT \(PostgresSession.literal(Self.sequencePrefix + name)) || ' ' || last_value || ' ' || is_called FROM \(name)"
      }
      lines += try session.query(parts.joined(separator: " UNION ALL ")).compactMap {
        $0.first ?? nil
      }
    }
    return lines
  }

  /// Who may do what, in an order that does not depend on when it was granted; what is granted by default counts as granted.
  static func grants(_ list: String, _ kind: String, _ owner: String) -> String {
    """
    (SELECT string_agg(w, ',' ORDER BY w COLLATE "C") FROM (SELECT DISTINCT
      CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)::text) END || '=' || x.privilege_type
      || CASE WHEN x.is_grantable THEN '*' ELSE '' END AS w FROM aclexplode(coalesce(\(list), acldefault('\(kind)', \(owner)))) x) y)
    """
  }

  private static let isTable = """
    c.relpersistence <> 't' AND \(PostgresContent.isOurs("n")) AND \(PostgresContent.isFree("c.oid", "pg_class"))
    """

  /// Tables, and what belongs to them.
  private static let relations = [
    """
    SELECT format('relation %I.%I %s options %s rls %s %s replica %s populated %s partition %s of %s type %s in %s parents %s',
        n.nspname, c.relname, c.relkind, (SELECT string_agg(o, ',' ORDER BY o COLLATE "C") FROM unnest(c.reloptions) o),
        c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.relispopulated, c.relispartition,
        pg_get_partkeydef(c.oid), CASE WHEN c.reloftype <> 0 THEN c.reloftype::regtype::text END,
        (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = c.reltablespace),
        (SELECT string_agg(i.inhparent::regclass::text, ',' ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid)),
      CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) ELSE pg_get_expr(c.relpartbound, c.oid) END
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND \(isTable)
    """,
    """
    SELECT format('column %I.%I %I %s %s %s identity %s generated %s collation %s storage %s statistics %s options %s %s', n.nspname,
        c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef, a.attidentity,
        to_jsonb(a) ->> 'attgenerated', CASE WHEN a.attcollation <> 0 THEN a.attcollation::regcollation::text END,
        a.attstorage, nullif(a.attstattarget, -1), a.attoptions, a.attfdwoptions),
      (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND \(isTable)
    """,
    """
    SELECT format('constraint %s %I', CASE WHEN k.conrelid <> 0 THEN k.conrelid::regclass::text ELSE k.contypid::regtype::text END,
        k.conname), pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace LEFT JOIN pg_class c ON c.oid = k.conrelid
    WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND coalesce(c.relpersistence, 'p') <> 't' AND \(PostgresContent.isOurs("n"))
    AND \(PostgresContent.isFree("k.conrelid", "pg_class")) AND \(PostgresContent.isFree("k.contypid", "pg_type"))
    """,
    """
    SELECT format('index %s clustered %s replica %s', x.indexrelid::regclass, x.indisclustered, x.indisreplident),
      pg_get_indexdef(x.indexrelid)
    FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE \(isTable)
    """,
    """
    SELECT format('trigger %s %I enabled %s', c.oid::regclass, t.tgname, t.tgenabled), pg_get_triggerdef(t.oid)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT t.tgisinternal AND \(isTable)
    """,
    """
    SELECT format('rule %s %I enabled %s', c.oid::regclass, r.rulename, r.ev_enabled), pg_get_ruledef(r.oid)
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE r.rulename <> '_RETURN' AND \(isTable)
    """,
    """
    SELECT format('policy %s %I %s %s for %s', c.oid::regclass, p.polname, p.polcmd, p.polpermissive,
        (SELECT string_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r)::text) END, ',' ORDER BY pg_get_userbyid(r))
          FROM unnest(p.polroles) r)),
      format('%s CHECK %s', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE \(isTable)
    """,
    """
    SELECT format('sequence %s %s start %s by %s from %s to %s cache %s cycle %s owned by %s', c.oid::regclass, s.seqtypid::regtype,
        s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
        (SELECT d.refobjid::regclass || '.' || a.attname FROM pg_depend d
          JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
          AND d.deptype IN ('a', 'i') LIMIT 1)), NULL
    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE \(isTable)
    """,
    """
    SELECT format('foreign table %s %I %s', c.oid::regclass, s.srvname, f.ftoptions), NULL
    FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver JOIN pg_class c ON c.oid = f.ftrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE \(isTable)
    """,
  ]
}
