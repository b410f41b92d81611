/// What stands beside tables: functions, types, comments, and who may do what.
extension PostgresDefinitions {
  private static func isOurs(_ object: String, _ catalog: String) -> String {
    "\(PostgresContent.isOurs("n")) AND \(PostgresContent.isFree(object, catalog))"
  }

  /// Objects that are not tables.
  static let objects =
    [
      """
      SELECT format('function %s', p.oid::regprocedure), pg_get_functiondef(p.oid)
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prokind <> 'a' AND \(isOurs("p.oid", "pg_proc"))
      """,
      """
      SELECT format('aggregate %s %s %s %s %s %s %s', p.oid::regprocedure, a.aggtransfn, a.aggfinalfn, a.aggcombinefn,
          a.aggtranstype::regtype, a.agginitval, a.aggkind), NULL
      FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE \(isOurs("p.oid", "pg_proc"))
      """,
      """
      SELECT format('type %s %s %s collation %s range %s', t.oid::regtype, CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
          t.typnotnull, CASE WHEN t.typcollation <> 0 THEN t.typcollation::regcollation::text END,
          (SELECT r.rngsubtype::regtype || ' ' || r.rngcanonical || ' ' || r.rngsubdiff FROM pg_range r WHERE r.rngtypid = t.oid)),
        t.typdefault
      FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
      WHERE t.typtype IN ('e', 'd', 'r') AND \(isOurs("t.oid", "pg_type"))
      """,
      """
      SELECT format('statistics %I.%I', n.nspname, s.stxname), pg_get_statisticsobjdef(s.oid)
      FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE \(PostgresContent.isOurs("n"))
      """,
      """
      SELECT format('publication %I all %s insert %s update %s delete %s truncate %s tables %s', p.pubname, p.puballtables, p.pubinsert,
          p.pubupdate, p.pubdelete, p.pubtruncate, (SELECT string_agg(r.prrelid::regclass::text, ',' ORDER BY r.prrelid::regclass::text COLLATE "C")
            FROM pg_publication_rel r WHERE r.prpubid = p.oid)), NULL FROM pg_publication p
      """,
      """
      SELECT format('event trigger %I %s %s %s %s', e.evtname, e.evtevent, e.evtenabled, e.evtfoid::regproc, e.evttags), NULL
      FROM pg_event_trigger e WHERE \(PostgresContent.isFree("e.oid", "pg_event_trigger"))
      """,
      """
      SELECT format('extension %I %s in %s', e.extname, e.extversion, e.extnamespace::regnamespace), NULL FROM pg_extension e
      """,
      """
      SELECT format('foreign data wrapper %I %s %s %s', w.fdwname, w.fdwoptions, CASE WHEN w.fdwhandler <> 0 THEN w.fdwhandler::regproc::text END,
          CASE WHEN w.fdwvalidator <> 0 THEN w.fdwvalidator::regproc::text END), NULL
      FROM pg_foreign_data_wrapper w WHERE \(PostgresContent.isFree("w.oid", "pg_foreign_data_wrapper"))
      """,
      """
      SELECT format('server %I %s %s %s', s.srvname, s.srvtype, s.srvversion, s.srvoptions), NULL FROM pg_foreign_server s
      WHERE \(PostgresContent.isFree("s.oid", "pg_foreign_server"))
      """,
      """
      SELECT format('user mapping %I for %I', m.srvname, m.usename), NULL FROM pg_user_mappings m
      """,
      """
      SELECT format('cast %s %s', i.identity, c.castcontext), NULL FROM pg_cast c, pg_identify_object('pg_cast'::regclass, c.oid, 0) i
      WHERE c.oid >= 16384 AND \(PostgresContent.isFree("c.oid", "pg_cast"))
      """,
    ]
    + [
      ("pg_operator", "oprnamespace"), ("pg_opclass", "opcnamespace"),
      ("pg_opfamily", "opfnamespace"),
      ("pg_conversion", "connamespace"), ("pg_collation", "collnamespace"),
      ("pg_ts_config", "cfgnamespace"),
      ("pg_ts_dict", "dictnamespace"), ("pg_ts_parser", "prsnamespace"),
      ("pg_ts_template", "tmplnamespace"),
    ].map { catalog, schema in
      """
      SELECT format('%s %s', i.type, i.identity), NULL FROM \(catalog) o JOIN pg_namespace n ON n.oid = o.\(schema),
        pg_identify_object('\(catalog)'::regclass, o.oid, 0) i WHERE \(isOurs("o.oid", catalog))
      """
    } + [
      """
      SELECT format('comment %s %s %s', i.type, i.identity, d.description), NULL
      FROM pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) i
      WHERE (d.objoid >= 16384 OR (d.classoid = 'pg_namespace'::regclass AND i.identity = 'public'))
      AND coalesce(i.schema, '') !~ '^pg_' AND NOT EXISTS (SELECT FROM pg_depend e
        WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')
      """
    ]

  /// Owners and grants.
  static let grants = [
    """
    SELECT format('grants schema %I of %I: %s', n.nspname, pg_get_userbyid(n.nspowner), \(grants("n.nspacl", "n", "n.nspowner"))), NULL
    FROM pg_namespace n WHERE \(isOurs("n.oid", "pg_namespace"))
    """,
    """
    SELECT format('grants %s of %I: %s', c.oid::regclass, pg_get_userbyid(c.relowner),
      CASE WHEN c.relkind = 'S' THEN \(grants("c.relacl", "s", "c.relowner")) ELSE \(grants("c.relacl", "r", "c.relowner")) END), NULL
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't' AND \(isOurs("c.oid", "pg_class"))
    """,
    """
    SELECT format('grants %s.%I: %s', c.oid::regclass, a.attname, \(grants("a.attacl", "c", "c.relowner"))), NULL
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND c.relpersistence <> 't' AND \(isOurs("c.oid", "pg_class"))
    """,
    """
    SELECT format('grants function %s of %I: %s', p.oid::regprocedure, pg_get_userbyid(p.proowner), \(grants("p.proacl", "f", "p.proowner"))), NULL
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE \(isOurs("p.oid", "pg_proc"))
    """,
    """
    SELECT format('grants type %s of %I: %s', t.oid::regtype, pg_get_userbyid(t.typowner), \(grants("t.typacl", "T", "t.typowner"))), NULL
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype IN ('e', 'd', 'r') AND \(isOurs("t.oid", "pg_type"))
    """,
    """
    SELECT format('large object %s of %I: %s', l.oid, pg_get_userbyid(l.lomowner), \(grants("l.lomacl", "L", "l.lomowner"))), NULL
    FROM pg_largeobject_metadata l
    """,
    """
    SELECT format('default grants of %I in %s on %s: %s', pg_get_userbyid(d.defaclrole),
      CASE WHEN d.defaclnamespace <> 0 THEN d.defaclnamespace::regnamespace::text END, d.defaclobjtype,
      \(grants("d.defaclacl", "r", "d.defaclrole"))), NULL FROM pg_default_acl d
    """,
  ]

  /// The statements that take back what is granted by default on what is made: else a restore would grant more than the dump does.
  ///
  /// - Returns: The statements; none for roles in whose name this user may not speak.
  /// - Throws: `ServerError`.
  func defaultGrantRemovals() throws -> [String] {
    let kind = """
      CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES'
        WHEN 'n' THEN 'SCHEMAS' WHEN 'L' THEN 'LARGE OBJECTS' END
      """
    let start = """
      format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s', pg_get_userbyid(d.defaclrole),
        CASE WHEN d.defaclnamespace <> 0 THEN format(' IN SCHEMA %s', d.defaclnamespace::regnamespace) ELSE '' END)
      """
    let mine = "pg_has_role(d.defaclrole, 'USAGE')"
    let queries = [
      """
      SELECT DISTINCT \(start) || format(' REVOKE ALL ON %s FROM %s', \(kind),
        CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)::text) END)
      FROM pg_default_acl d, aclexplode(d.defaclacl) x WHERE \(mine)
      """,
      // Without a schema, the list stands for what is built in: the owner's own, and PUBLIC's on functions and types.
      """
      SELECT \(start) || format(' GRANT ALL ON %s TO %I', \(kind), pg_get_userbyid(d.defaclrole))
      FROM pg_default_acl d WHERE d.defaclnamespace = 0 AND \(mine)
      """,
      """
      SELECT \(start) || format(' GRANT %s ON %s TO PUBLIC', CASE d.defaclobjtype WHEN 'f' THEN 'EXECUTE' ELSE 'USAGE' END, \(kind))
      FROM pg_default_acl d WHERE d.defaclnamespace = 0 AND d.defaclobjtype IN ('f', 'T') AND \(mine)
      """,
    ]
    return try queries.flatMap { query in try session.query(query).compactMap { $0.first ?? nil } }
  }
}
