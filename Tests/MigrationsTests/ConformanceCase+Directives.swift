/// Directives, each as the real alembic does it.
extension ConformanceTests {
  static let family = [
    "CREATE TABLE p (id INTEGER NOT NULL, code VARCHAR(5), PRIMARY KEY (id))",
    "CREATE TABLE t (id INTEGER NOT NULL, name VARCHAR(20), p_id INTEGER, qty INTEGER DEFAULT '0', PRIMARY KEY (id))",
    "INSERT INTO p VALUES (1, 'a')",
    "INSERT INTO t VALUES (1, 'one', 1, 5), (2, NULL, NULL, X'00FF'), (3, 'drei', 1, 'text')",
  ]

  static let directives = [
    ConformanceCase(
      name: "constraints in a batch",
      database: family,
      upgrade: """
        with op.batch_alter_table('t', schema=None) as batch_op:
            batch_op.create_foreign_key('fk_t_p', 'p', ['p_id'], ['id'], ondelete='CASCADE', onupdate='SET NULL')
        with op.batch_alter_table('t') as batch_op:
            batch_op.drop_constraint('fk_t_p', type_='foreignkey')
            batch_op.create_unique_constraint(batch_op.f('uq_t'), ['name', 'qty'])
        with op.batch_alter_table('t') as batch_op:
            batch_op.drop_constraint('uq_t', type_='unique')
            batch_op.create_check_constraint('ck_t', 'id > 0')
        with op.batch_alter_table('t') as batch_op:
            batch_op.drop_constraint('ck_t')
            batch_op.create_primary_key('pk_t', ['id', 'p_id'])
        """
    ),
    ConformanceCase(
      name: "a batch that names what has no name",
      database: [
        "CREATE TABLE p (id INTEGER NOT NULL, PRIMARY KEY (id))",
        "CREATE TABLE t (id INTEGER NOT NULL, p_id INTEGER, PRIMARY KEY (id), FOREIGN KEY(p_id) REFERENCES p (id) ON DELETE CASCADE)",
      ],
      upgrade: """
        NAMES = {'fk': '%(table_name)s_%(column_0_name)s_fkey', 'pk': 'pk_%(table_name)s'}
        with op.batch_alter_table('t', naming_convention=NAMES) as batch_op:
            batch_op.drop_constraint('t_p_id_fkey', type_='foreignkey')
            batch_op.create_foreign_key('again', 'p', ['p_id'], ['id'])
        """
    ),
    ConformanceCase(
      name: "arguments of the table in a batch",
      database: family,
      upgrade: """
        with op.batch_alter_table(
            't', recreate='always', table_args=(sa.CheckConstraint('id > 0', name='ck'),),
            table_kwargs={'sqlite_autoincrement': True}, partial_reordering=[('qty', 'name', 'id')],
        ) as batch_op:
            batch_op.add_column(sa.Column('extra', sa.Text()))
        with op.batch_alter_table('t', recreate='always') as batch_op:
            batch_op.add_column(sa.Column('early', sa.Integer()), insert_before='name')
            batch_op.add_column(sa.Column('late', sa.Integer()), insert_after='name')
        with op.batch_alter_table('t', reflect_args=[sa.Column('qty', sa.BigInteger(), nullable=False, server_default='7')]) as batch_op:
            batch_op.alter_column('name', type_=sa.Text(), existing_type=sa.String(20), nullable=True)
        """
    ),
    ConformanceCase(
      name: "constraints outside of a batch are not implemented",
      database: family,
      upgrade: """
        for attempt in [
            lambda: op.create_foreign_key('fk', 't', 'p', ['p_id'], ['id']),
            lambda: op.create_unique_constraint('uq', 't', ['name']),
            lambda: op.create_check_constraint('ck', 't', 'id > 0'),
            lambda: op.create_primary_key('pk', 't', ['id']),
            lambda: op.drop_constraint('fk', 't', type_='foreignkey'),
            lambda: op.add_column('t', sa.Column('u', sa.Integer(), unique=True)),
            lambda: op.add_column('t', sa.Column('r', sa.Integer(), sa.ForeignKey('p.id'))),
        ]:
            try:
                attempt()
            except NotImplementedError as e:
                op.execute(sa.text("INSERT INTO p (code) VALUES (:x)").bindparams(x=str(e)[:5]))
        """
    ),
    ConformanceCase(
      name: "columns altered in place",
      database: family,
      upgrade: """
        op.alter_column('t', 'name', new_column_name='title', existing_type=sa.String(20))
        op.add_column('t', sa.Column('r', sa.Integer(), sa.ForeignKey('p.id', ondelete='CASCADE')), inline_references=True)
        try:
            op.alter_column('t', 'qty', nullable=False)
        except sa.exc.OperationalError as e:
            op.execute(f"UPDATE t SET title = '{'syntax' in str(e)}' WHERE id = 1")
        """
    ),
    ConformanceCase(
      name: "columns of every kind",
      database: family,
      upgrade: """
        op.create_table(
            'kinds',
            sa.Column('id', sa.Integer, sa.Identity(start=5), primary_key=True),
            sa.Column('doubled', sa.Integer, sa.Computed('id * 2', persisted=True)),
            sa.Column('kind', sa.Enum('a', 'bcd', name='kind'), nullable=False, server_default='a', comment='none', default='a'),
            sa.Column('flag', sa.Boolean(create_constraint=True, name='ck_flag'), server_default=sa.true()),
            sa.Column('made', sa.DateTime(timezone=True), server_default=sa.func.current_timestamp(), onupdate=sa.func.now()),
            sa.Column('low', sa.String(10), sa.CheckConstraint('length(low) > 1'), server_default=sa.func.lower('X')),
            sa.Column('json', sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), 'postgresql')),
            sa.Column('uuid', sa.Uuid(as_uuid=False)), sa.Column('u2', sa.UUID()),
            sa.Column('big', sa.BigInteger().with_variant(sa.Integer(), 'sqlite')),
            sa.Column('none', sa.Integer, server_default=sa.null()),
            sa.Column('seven', sa.Integer, server_default=sa.literal_column('7')),
            sa.Column('time', sa.DateTime, server_default=sa.text("(datetime('now'))")),
            sa.Index('ix_kinds', 'kind', 'flag', unique=True),
            sqlite_autoincrement=True, mysql_engine='InnoDB', if_not_exists=True,
        )
        kind = sa.Enum('x', name='e')
        kind.create(op.get_bind(), checkfirst=True)
        kind.drop(op.get_bind())
        op.create_table('temp', sa.Column('a', sa.dialects.mysql.VARCHAR(5, charset='utf8')), sa.Column('b', sa.dialects.postgresql.UUID(as_uuid=True)),
                        sa.Column('c', sa.dialects.mysql.INTEGER(unsigned=True)), sa.Column('d', sa.dialects.postgresql.ENUM('ab', 'c', name='x')))
        """
    ),
    ConformanceCase(
      name: "indexes on expressions",
      database: family,
      upgrade: """
        t = sa.table('t', sa.column('name'), sa.column('qty', sa.Integer))
        op.create_index('ix_lower', 't', [sa.func.lower(sa.column('name')), 'qty'], sqlite_where=sa.text('qty > 1'))
        op.create_index('ix_where', 't', ['name'], sqlite_where=t.c.qty == 5, unique=True)
        op.create_index('ix_and', 't', [sa.text('name DESC')], sqlite_where=sa.and_(t.c.qty > 1, sa.or_(t.c.name == "it's", t.c.name.is_(None))))
        op.create_index(None, 't', ['p_id'], if_not_exists=True)
        op.drop_index('ix_nope', 't', if_exists=True)
        op.drop_table('nope', if_exists=True)
        """
    ),
    ConformanceCase(
      name: "the names of a convention in env.py",
      database: family,
      upgrade: """
        op.create_table(
            'n',
            sa.Column('id', sa.Integer(), nullable=False, index=True),
            sa.Column('p_id', sa.Integer(), sa.ForeignKey('p.id')),
            sa.Column('c', sa.Integer(), unique=True),
            sa.CheckConstraint('c > 0', name='pos'),
            sa.PrimaryKeyConstraint('id'),
        )
        op.create_table('o', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('a', sa.Integer()),
                        sa.UniqueConstraint('a', name=op.f('given')))
        op.create_index(None, 'n', ['c', 'p_id'])
        with op.batch_alter_table('t') as batch_op:
            batch_op.create_unique_constraint(None, ['name', 'qty'])
        """,
      convention: """
        {'ix': 'ix_%(column_0_label)s', 'uq': 'uq_%(table_name)s_%(column_0_N_name)s', 'ck': 'ck_%(table_name)s_%(constraint_name)s',
         'fk': 'fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s', 'pk': 'pk_%(table_name)s'}
        """
    ),
  ]
}
