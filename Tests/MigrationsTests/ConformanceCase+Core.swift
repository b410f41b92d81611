/// Statements of SQLAlchemy's Core, their values and their results, as the real one has them.
extension ConformanceTests {
  static let rows = [
    "CREATE TABLE t (id INTEGER NOT NULL, name VARCHAR(20), qty INTEGER, flag BOOLEAN, made DATETIME, data JSON, PRIMARY KEY (id))",
    "INSERT INTO t VALUES (1, 'one', 5, 1, '2024-01-02 03:04:05.000000', '{\"a\": [1, 2]}'), (2, 'two', NULL, 0, NULL, 'null'), (3, NULL, 7, NULL, '2024-02-03 04:05:06.000007', NULL)",
    "CREATE TABLE log (id INTEGER PRIMARY KEY, line)",
  ]

  private static let table = """
    t = sa.table('t', sa.column('id', sa.Integer), sa.column('name', sa.String), sa.column('qty', sa.Integer),
                 sa.column('flag', sa.Boolean), sa.column('made', sa.DateTime), sa.column('data', sa.JSON))
    bind = op.get_bind()
    def log(line): bind.execute(sa.text('INSERT INTO log (line) VALUES (:line)'), {'line': line})

    """

  static let core = [
    ConformanceCase(
      name: "update and delete",
      database: rows,
      upgrade: table + """
        op.execute(t.update().where(t.c.name == 'one').values(name="it's", qty=t.c.qty + 1, flag=False))
        op.execute(t.update().where(t.c.qty.is_(None)).values({'qty': 9, 'data': {'k': [None, 'ü']}}))
        op.execute(sa.update(t).where(t.c.id.in_([2, 3]), t.c.name != None).values(name=t.c.name + '!'))
        op.execute(sa.update(t).values(data=None).where(~(t.c.id > 1)))
        op.execute(sa.update(t).values(made=sa.func.coalesce(t.c.made, '2020-01-01 00:00:00.000000')).where(sa.or_(t.c.id == 2, t.c.id == 99)))
        op.execute(t.update().values(flag=sa.case((t.c.id == 1, True), (t.c.id == 2, False), else_=sa.null())))
        op.execute(t.delete().where(sa.and_(t.c.id == 3, t.c.name.isnot(None))))
        op.execute(sa.delete(t).where(t.c.name.like('tw%')))
        """
    ),
    ConformanceCase(
      name: "inserts",
      database: rows,
      upgrade: table + """
        import datetime
        op.bulk_insert(t, [{'id': 10, 'name': 'x', 'flag': True, 'data': {'a': 1}, 'made': datetime.datetime(2024, 1, 2, 3, 4, 5, 6)},
                           {'id': 11, 'name': None, 'flag': False, 'data': None, 'made': None}])
        op.bulk_insert(t, [])
        op.execute(t.insert().values(id=12, name='v', data=[1, 2.5, 'x']))
        op.execute(sa.insert(t).values([{'id': 13, 'qty': 1}, {'id': 14, 'qty': 2}]))
        bind.execute(t.insert(), [{'id': 15, 'name': 'many'}, {'id': 16, 'name': 'more'}])
        bind.execute(sa.text('INSERT INTO t (id, name, qty, flag) VALUES (:id, :name, :q, :f)'),
                     [{'id': 20, 'name': ':not', 'q': 1.5, 'f': True}, {'id': 21, 'name': None, 'q': 'text', 'f': None}])
        op.execute(sa.insert(t).from_select(['id', 'name'], sa.select(t.c.id + 100, t.c.name).where(t.c.id < 3)))
        op.execute(t.insert().prefix_with('OR IGNORE').values(id=1, name='ignored'))
        made = op.create_table('made', sa.Column('id', sa.Integer, primary_key=True), sa.Column('v', sa.String(5)), sa.Column('u', sa.Uuid()))
        import uuid
        op.bulk_insert(made, [{'id': 1, 'v': 'a', 'u': uuid.UUID('12345678123442348234123456789abc')}, {'id': 2, 'v': op.inline_literal('b'), 'u': None}][:1])
        log(str(bind.execute(sa.text('SELECT count(*) FROM t')).scalar()))
        """
    ),
    ConformanceCase(
      name: "results",
      database: rows,
      upgrade: table + """
        for row in bind.execute(sa.select(t.c.id, t.c.name, t.c.flag, t.c.made, t.c.data).order_by(t.c.id)):
            log(f'{row.id} {row[1]!r} {row.flag} {row.made} {row._mapping["data"]}')
        rows = bind.execute(sa.select(t).where(t.c.qty > 1).order_by(t.c.qty.desc())).fetchall()
        log(f"{len(rows)} {rows[0].qty} {[r.name for r in rows]}")
        log(str(bind.execute(sa.text('SELECT id, name FROM t WHERE id = :i'), {'i': 1}).fetchone()))
        log(str(bind.execute(sa.text('SELECT id FROM t WHERE id = 99')).first()))
        log(str(bind.execute(sa.select(sa.func.count()).select_from(t)).scalar()))
        log(str(bind.execute(sa.select(sa.func.max(t.c.qty), sa.func.count(t.c.id))).one()))
        log(str(bind.execute(sa.select(t.c.name).order_by(t.c.id)).scalars().all()))
        log(str([dict(r) for r in bind.execute(sa.text('SELECT id, qty FROM t ORDER BY id')).mappings()]))
        log(str(list(bind.execute(sa.text('SELECT id AS a, name b FROM t')).keys())))
        for i, n in bind.execute(sa.text('SELECT id, name FROM t WHERE name IS NOT NULL ORDER BY id')): log(f'{i}{n}')
        log(str(bind.execute(t.update().where(t.c.id > 1).values(qty=1)).rowcount))
        log(str(bind.scalar(sa.select(t.c.name).where(t.c.id == 1))))
        log(str(bind.execute(sa.text('SELECT id FROM t WHERE id IN :ids').bindparams(sa.bindparam('ids', [1, 3], expanding=True))).scalars().all()))
        try:
            bind.execute(sa.select(t.c.id)).one()
        except sa.exc.MultipleResultsFound:
            log('several')
        """
    ),
    ConformanceCase(
      name: "selects in selects, joins, aliases",
      database: rows,
      upgrade: table + """
        a, b = t.alias('a'), t.alias('b')
        log(str(bind.execute(sa.select(a.c.id, b.c.id).where(a.c.id < b.c.id).order_by(a.c.id, b.c.id)).fetchall()))
        log(str(bind.execute(sa.select(a.c.id, b.c.name).select_from(a.join(b, a.c.id == b.c.id + 1)).order_by(a.c.id)).fetchall()))
        log(str(bind.execute(sa.select(a.c.id, b.c.id).select_from(a.outerjoin(b, a.c.qty == b.c.id)).order_by(a.c.id)).fetchall()))
        inner = sa.select(t.c.id).where(t.c.qty > 5)
        log(str(bind.execute(sa.select(t.c.name).where(t.c.id.in_(inner))).fetchall()))
        log(str(bind.execute(sa.select(t.c.name).where(t.c.id.notin_([1])).limit(1).offset(1)).fetchall()))
        sub = sa.select(t.c.id, t.c.qty.label('q')).where(t.c.id < 3).subquery('s')
        log(str(bind.execute(sa.select(sub.c.q, sub.c.id).order_by(sub.c.id)).fetchall()))
        op.execute(t.update().values(qty=sa.select(sa.func.max(a.c.qty)).where(a.c.id != t.c.id).scalar_subquery()))
        log(str(bind.execute(sa.select(t.c.qty).distinct().order_by(t.c.qty)).fetchall()))
        log(str(bind.execute(sa.select(t.c.flag, sa.func.count()).group_by(t.c.flag).having(sa.func.count() > 0).order_by(t.c.flag)).fetchall()))
        op.execute(t.delete().where(sa.exists(sa.select(a.c.id).where(a.c.id == t.c.id + 1))))
        """
    ),
    ConformanceCase(
      name: "tables that are there already",
      database: rows + [
        "CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER NOT NULL DEFAULT 4 REFERENCES t (id), at DATETIME DEFAULT CURRENT_TIMESTAMP)"
      ],
      upgrade: """
        bind = op.get_bind()
        meta = sa.MetaData()
        t = sa.Table('t', meta, autoload_with=bind)
        op.execute(t.update().where(t.c.flag == True).values(name=t.c['name'] + '?'))
        meta.reflect(bind=bind)
        c = meta.tables['c']
        op.create_table('copy', *[col._copy() for col in c.columns])
        op.create_table('named', sa.Column('x', sa.Text(), nullable=False), *[sa.Column(col.name, col.type) for col in t.columns if col.name != 'id'])
        typed = sa.Table('log', sa.MetaData(), sa.Column('id', sa.Integer, primary_key=True), sa.Column('line', sa.String))
        op.execute(typed.insert().values(line=f'{[col.name for col in t.c]} {"name" in t.c} {t.name} {isinstance(t.c.name.type, sa.String)}'))
        """
    ),
    ConformanceCase(
      name: "what an inspector tells",
      database: rows + [
        "CREATE TABLE c (a TEXT, b INTEGER NOT NULL DEFAULT 5, d VARCHAR(7), CONSTRAINT pk_c PRIMARY KEY (a, b), CONSTRAINT fk_c FOREIGN KEY(b) REFERENCES t (id), UNIQUE (d))",
        "CREATE UNIQUE INDEX ix_c ON c (d, a)", "CREATE INDEX ix_p ON c (b) WHERE b > 5",
        "CREATE VIEW v AS SELECT 1",
      ],
      upgrade: """
        inspector = sa.inspect(op.get_bind())
        def log(line): op.execute(sa.text('INSERT INTO log (line) VALUES (:line)').bindparams(line=str(line)))
        log([(c['name'], c['nullable'], c['default'], c['primary_key']) for c in inspector.get_columns('c')])
        log([(i['name'], i['column_names'], bool(i['unique'])) for i in inspector.get_indexes('c')])
        log([(k['name'], k['constrained_columns'], k['referred_table'], k['referred_columns']) for k in inspector.get_foreign_keys('c')])
        log([(u['name'], u['column_names']) for u in inspector.get_unique_constraints('c')])
        log(inspector.get_pk_constraint('c')['constrained_columns'])
        log(inspector.get_view_names())
        log(any(c['name'] == 'd' and isinstance(c['type'], sa.String) for c in inspector.get_columns('c')))
        try:
            inspector.get_columns('nope')
        except sa.exc.NoSuchTableError as e:
            log(e)
        """
    ),
    ConformanceCase(
      name: "errors of the database, caught",
      database: rows + [
        "CREATE TABLE u (a INTEGER UNIQUE)", "INSERT INTO u VALUES (1), (2), (2.5)",
      ],
      upgrade: """
        from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
        bind = op.get_bind()
        try:
            op.create_table('u', sa.Column('x', sa.Integer))
        except OperationalError as e:
            op.execute("INSERT INTO log (line) VALUES ('exists: %s')" % ('already exists' in str(e)))
        try:
            op.execute('INSERT INTO u VALUES (9), (1)')
        except IntegrityError:
            op.execute("INSERT INTO log (line) VALUES ('kept')")
        for sql in ['DROP TABLE nope', 'SELECT x FROM u', 'not sql']:
            try:
                op.execute(sql)
            except (IntegrityError, SQLAlchemyError):
                op.execute("INSERT INTO log (line) VALUES ('failed')")
        try:
            with op.batch_alter_table('t') as batch_op:
                batch_op.alter_column('name', nullable=False, existing_type=sa.String(20))
        except Exception:
            op.execute("INSERT INTO log (line) SELECT name FROM sqlite_master WHERE name LIKE '%tmp%'")
        try:
            with op.batch_alter_table('t') as batch_op:
                batch_op.drop_constraint('nope', type_='unique')
        except ValueError as e:
            op.execute(sa.text('INSERT INTO log (line) VALUES (:e)').bindparams(e=str(e)))
        """
    ),
  ]
}
