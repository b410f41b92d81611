/// What is removed before a dump is put back: everything that it would make.
extension PostgresContent {
  /// The tables that can be locked, so that nobody writes while the content is compared and replaced.
  ///
  /// - Returns: Their names, quoted, with their schemas.
  /// - Throws: `ServerError`.
  func lockable() throws -> [String] {
    try session.query(
      """
      SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND \(Self.isOurs("n")) AND \(Self.isFree("c.oid", "pg_class"))
      ORDER BY 1
      """
    ).compactMap { $0.first ?? nil }
  }

  /// The statements that remove all of it.
  ///
  /// Schemas of users go as a whole. `public` stays, since its owner may be another: what is in it goes, object by object.
  ///
  /// - Parameter extensions: The extensions that the dump has: they need not be made again.
  /// - Returns: The statements, in order.
  /// - Throws: `ServerError`.
  func removals(keepingExtensions extensions: [String]) throws -> [String] {
    let kept = (extensions + ["plpgsql"]).map(PostgresSession.literal).joined(separator: ", ")
    let queries = [
      "SELECT format('DROP EXTENSION IF EXISTS %I CASCADE', extname) FROM pg_extension WHERE extname NOT IN (\(kept))",
      """
      SELECT format('DROP SCHEMA IF EXISTS %I CASCADE', n.nspname) FROM pg_namespace n
      WHERE \(Self.isOurs("n")) AND n.nspname <> 'public' AND \(Self.isFree("n.oid", "pg_namespace"))
      """,
      """
      SELECT format('DROP %s IF EXISTS public.%I CASCADE',
        CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE'
          WHEN 'S' THEN 'SEQUENCE' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END, relname)
      FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')
      AND \(Self.isFree("c.oid", "pg_class"))
      ORDER BY relkind = 'S'
      """,
      """
      SELECT format('DROP %s IF EXISTS public.%I(%s) CASCADE',
        CASE prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END, proname,
        CASE WHEN prokind = 'a' AND pg_get_function_identity_arguments(p.oid) = '' THEN '*'
          ELSE pg_get_function_identity_arguments(p.oid) END)
      FROM pg_proc p WHERE pronamespace = 'public'::regnamespace AND \(Self.isFree("p.oid", "pg_proc"))
      """,
      """
      SELECT format('DROP %s IF EXISTS public.%I CASCADE', CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, typname)
      FROM pg_type t WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd', 'r')
      AND \(Self.isFree("t.oid", "pg_type"))
      """,
      """
      SELECT format('DROP COLLATION IF EXISTS public.%I CASCADE', collname) FROM pg_collation c
      WHERE collnamespace = 'public'::regnamespace AND \(Self.isFree("c.oid", "pg_collation"))
      """,
      """
      SELECT format('DROP TEXT SEARCH CONFIGURATION IF EXISTS public.%I CASCADE', cfgname) FROM pg_ts_config c
      WHERE cfgnamespace = 'public'::regnamespace AND \(Self.isFree("c.oid", "pg_ts_config"))
      """,
      """
      SELECT format('DROP TEXT SEARCH DICTIONARY IF EXISTS public.%I CASCADE', dictname) FROM pg_ts_dict c
      WHERE dictnamespace = 'public'::regnamespace AND \(Self.isFree("c.oid", "pg_ts_dict"))
      """,
      "SELECT format('DROP PUBLICATION IF EXISTS %I', pubname) FROM pg_publication",
      "SELECT format('DROP EVENT TRIGGER IF EXISTS %I', evtname) FROM pg_event_trigger",
      "SELECT format('SELECT lo_unlink(%s)', oid) FROM pg_largeobject_metadata",
    ]
    return try queries.flatMap { query in
      try session.query(query).compactMap { $0.first ?? nil }
    }
  }
}
