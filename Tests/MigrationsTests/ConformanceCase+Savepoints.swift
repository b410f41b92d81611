/// Savepoints that a script opens and ends itself, as the real SQLAlchemy has them.
extension ConformanceTests {
  private static let database = [
    "CREATE TABLE u (a INTEGER UNIQUE, b TEXT)", "INSERT INTO u VALUES (1, 'one')",
    "CREATE TABLE log (id INTEGER PRIMARY KEY, line)",
  ]

  private static let start = """
    bind = op.get_bind()
    u = sa.table('u', sa.column('a', sa.Integer), sa.column('b', sa.String))
    def log(line): bind.execute(sa.text('INSERT INTO log (line) VALUES (:line)'), {'line': str(line)})

    """

  static let savepoints = [
    ConformanceCase(
      name: "savepoints that are kept and undone, one after the other and one in the other",
      database: database,
      upgrade: start + """
        kept = bind.begin_nested()
        bind.execute(u.insert().values(a=2))
        log(kept.is_active)
        kept.commit()
        log(kept.is_active)
        undone = bind.begin_nested()
        bind.execute(u.insert().values(a=3))
        op.create_table('gone', sa.Column('x', sa.Integer))
        undone.rollback()
        outer = bind.begin_nested()
        bind.execute(u.insert().values(a=4))
        inner = bind.begin_nested()
        bind.execute(u.insert().values(a=5))
        inner.rollback()
        second = bind.begin_nested()
        bind.execute(u.insert().values(a=6))
        second.commit()
        outer.commit()
        whole = bind.begin_nested()
        part = bind.begin_nested()
        bind.execute(u.insert().values(a=7))
        part.commit()
        whole.close()
        with bind.begin_nested():
            bind.execute(u.insert().values(a=8))
            hand = bind.begin_nested()
            bind.execute(u.insert().values(a=9))
            hand.rollback()
        try:
            with bind.begin_nested() as point:
                bind.execute(u.insert().values(a=10))
                log(point.is_active)
                raise ValueError('undo')
        except ValueError as e:
            log(e)
        log(bind.execute(sa.select(u.c.a).order_by(u.c.a)).scalars().all())
        """
    ),
    ConformanceCase(
      name: "a savepoint after its end",
      database: database,
      upgrade: start + """
        twice = bind.begin_nested()
        bind.execute(u.insert().values(a=2))
        twice.commit()
        try:
            twice.commit()
        except sa.exc.InvalidRequestError as e:
            log(e)
        twice.rollback()
        twice.close()
        back = bind.begin_nested()
        bind.execute(u.insert().values(a=3))
        back.rollback()
        back.rollback()
        try:
            back.commit()
        except Exception as e:
            log(e)
        bind.execute(u.insert().values(a=4))
        """
    ),
    ConformanceCase(
      name: "errors of the database and of the script between a savepoint and its end",
      database: database,
      upgrade: start + """
        def insert(rows):
            whole = bind.begin_nested()
            try:
                bind.execute(sa.insert(u), rows)
                whole.commit()
                return len(rows), 0
            except Exception:
                whole.rollback()
                done = failed = 0
                for row in rows:
                    single = bind.begin_nested()
                    try:
                        bind.execute(sa.insert(u).values(**row))
                        single.commit()
                        done += 1
                    except sa.exc.IntegrityError:
                        single.rollback()
                        failed += 1
                return done, failed

        log(insert([{'a': 2, 'b': 'x'}, {'a': 3, 'b': None}]))
        log(insert([{'a': 4, 'b': 'y'}, {'a': 1, 'b': 'again'}, {'a': 5, 'b': 'z'}]))
        after = bind.begin_nested()
        try:
            bind.execute(u.insert().values(a=1))
        except sa.exc.IntegrityError:
            bind.execute(u.insert().values(a=6))
        after.commit()
        try:
            dropped = bind.begin_nested()
            op.drop_table('log')
            {}['key']
        except KeyError as e:
            dropped.rollback()
            log(e)
        """
    ),
    ConformanceCase(
      name: "a savepoint that is left open",
      database: database,
      upgrade: start + """
        left = bind.begin_nested()
        bind.execute(u.insert().values(a=2))
        inner = bind.begin_nested()
        bind.execute(u.insert().values(a=3))
        inner.rollback()
        bind.execute(u.insert().values(a=4))
        """
    ),
  ]

  static let json = [
    ConformanceCase(
      name: "parts of a JSON column",
      database: rows + [
        "CREATE TABLE j (id INTEGER PRIMARY KEY, meta JSON)",
        """
        INSERT INTO j VALUES (1, '{"type": "timer", "a b": "x", "n": 1, "s": "1", "t": true, "z": null, "l": ["p", {"q": 1}]}'),
          (2, '{"type": null}'), (3, '{"type": 5}'), (4, '{"type": {"timer": 1}}'), (5, '[]'), (6, NULL), (7, 'null'), (8, '"timer"'),
          (9, '["timer", "x"]'), (10, '{"type": "timer", "n": 1.5}'), (11, '{"type": true}'), (12, '{"type": ""}'), (13, '{"type": ["timer"]}'), (14, '12')
        """,
      ],
      upgrade: """
        bind = op.get_bind()
        j = sa.table('j', sa.column('id', sa.Integer), sa.column('meta', sa.JSON))
        def log(line): bind.execute(sa.text('INSERT INTO log (line) VALUES (:line)'), {'line': str(line)})
        def ids(*conditions): log(bind.execute(sa.select(j.c.id).where(*conditions).order_by(j.c.id)).scalars().all())
        kind = j.c.meta['type'].as_string()
        ids(kind == 'timer')
        ids(kind != 'timer')
        ids('timer' == kind)
        ids(~(kind == 'timer'))
        ids(kind == '')
        ids(kind == '["timer"]')
        ids(kind == None)
        ids(kind != None)
        ids(kind.is_(None))
        ids(kind.is_not(None))
        ids(j.c.meta['missing'].as_string() == None)
        ids(j.c.meta['a b'].as_string() == 'x')
        ids(j.c.meta["it's"].as_string() == 'x')
        ids(j.c.meta[0].as_string() == 'timer')
        ids(j.c.meta[1].as_string() == 'x')
        ids(j.c.meta[9].as_string() == None)
        ids(j.c.meta['n'].as_string() == 'one')
        ids(j.c.meta['t'].as_string() == 'true')
        ids(sa.or_(kind == 'timer', j.c.id > 13), sa.and_(j.c.id < 14, kind != 'x'))
        for row in bind.execute(sa.select(j.c.id, j.c.meta).order_by(j.c.id)).all(): log(f'{row.id} {row.meta!r}')
        bind.execute(j.update().where(kind == 'timer').values(meta={'k': [1, None, 'ü']}))
        bind.execute(sa.insert(j), [{'id': 20, 'meta': None}, {'id': 21, 'meta': {'a': None}}, {'id': 22, 'meta': 'text'}, {'id': 23, 'meta': 7}])
        bind.execute(sa.insert(j).values(id=24, meta=None))
        bind.execute(sa.insert(j).values(id=25, meta=sa.null()))
        try:
            bind.execute(sa.insert(j), [{'id': 30, 'meta': 1}, {'id': 31}])
        except sa.exc.StatementError:
            log('differing keys')
        bind.execute(sa.delete(j).where(j.c.meta['k'].as_string() != 'x'))
        """
    )
  ]
}
