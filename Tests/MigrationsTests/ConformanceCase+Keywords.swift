/// The rarer keywords of directives, each as the real alembic takes it.
extension ConformanceTests {
  /// A table whose declaration in the script has more than the database, and less.
  ///
  /// Of constraints there is one of a kind: alembic's order is random among those with a name, and among those without.
  private static let declaration = """
    table = sa.Table(
        't', sa.MetaData(),
        sa.Column('id', sa.Integer, primary_key=True),
        sa.Column('name', sa.String(20), sa.CheckConstraint("name <> ''", name='ck_name'), server_default='x'),
        sa.Column('p_id', sa.Integer, index=True),
        sa.Column('qty', sa.Integer),
        sa.CheckConstraint('id > 0'),
        sa.UniqueConstraint('name', 'qty', name='uq'),
        sa.Index('ix_desc', sa.text('name DESC'), unique=True, sqlite_where=sa.text('id > 1')),
        sqlite_autoincrement=True, prefixes=['TEMP'],
    )

    """

  static let keywords = [
    ConformanceCase(
      name: "a batch on a declared table, which keeps what reflection does not see",
      database: family,
      upgrade: declaration + """
        with op.batch_alter_table('t', copy_from=table) as batch_op:
            batch_op.alter_column('qty', nullable=True, type_=sa.Text(), existing_type=sa.Integer())
        """
    ),
    ConformanceCase(
      name: "a batch on a declared table that drops its parts",
      database: family,
      upgrade: declaration + """
        with op.batch_alter_table('t', copy_from=table) as batch_op:
            batch_op.drop_constraint('ck_name')
            batch_op.drop_constraint('uq')
            batch_op.drop_index('ix_desc')
            batch_op.add_column(sa.Column('extra', sa.Integer(), sa.ForeignKey('p.id', name='fk_extra')))
        """
    ),
    ConformanceCase(
      name: "a batch on a declared table that renames, and takes another key",
      database: family,
      upgrade: """
        def declared():
            return sa.Table(
                't', sa.MetaData(),
                sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.String(20)),
                sa.Column('p_id', sa.Integer), sa.Column('qty', sa.Boolean(create_constraint=True, name='ck_q')),
                sa.Index('ix_q', 'name'), sa.UniqueConstraint('name', name='uq_name'),
            )
        op.execute("UPDATE t SET qty = 1, name = 'n' || id")
        with op.batch_alter_table('t', copy_from=declared()) as batch_op:
            batch_op.alter_column('name', new_column_name='title', existing_type=sa.String(20))
            batch_op.alter_column('qty', new_column_name='flag', existing_type=sa.Boolean(create_constraint=True, name='ck_q'))
        op.drop_index('ix_q')
        op.execute('ALTER TABLE t RENAME COLUMN title TO name')
        op.execute('ALTER TABLE t RENAME COLUMN flag TO qty')
        with op.batch_alter_table('t', copy_from=declared()) as batch_op:
            batch_op.drop_column('id')
            batch_op.alter_column('qty', type_=sa.Integer(), existing_type=sa.Boolean(create_constraint=True, name='ck_q'))
            batch_op.create_primary_key('pk_t', ['qty', 'name'])
        """
    ),
    ConformanceCase(
      name: "a batch on a table that the script has just made",
      database: family,
      upgrade: """
        made = op.create_table('made', sa.Column('id', sa.Integer, primary_key=True), sa.Column('code', sa.String(3), unique=True))
        op.bulk_insert(made, [{'id': 1, 'code': 'a'}, {'id': 2, 'code': 'b'}])
        with op.batch_alter_table('made', copy_from=made) as batch_op:
            batch_op.add_column(sa.Column('n', sa.Integer(), server_default=sa.text('5')))
        """,
      convention:
        "{'uq': 'uq_%(table_name)s_%(column_0_name)s', 'pk': 'pk_%(table_name)s', 'ix': 'ix_%(column_0_label)s'}"
    ),
    ConformanceCase(
      name: "names that the declared table's own convention gives",
      database: family,
      upgrade: """
        NAMES = {'uq': 'uq_%(table_name)s_%(column_0_name)s', 'pk': 'pk_%(table_name)s', 'ck': 'ck_%(table_name)s_%(constraint_name)s'}
        table = sa.Table(
            't', sa.MetaData(naming_convention=NAMES),
            sa.Column('id', sa.Integer, sa.CheckConstraint('id > 0', name='positive'), primary_key=True),
            sa.Column('name', sa.String(20), unique=True), sa.Column('p_id', sa.Integer),
            sa.Column('qty', sa.Integer),
        )
        with op.batch_alter_table('t', copy_from=table, recreate='always') as batch_op:
            batch_op.alter_column('p_id', nullable=True)
        """
    ),
    ConformanceCase(
      name: "if_exists and if_not_exists in a batch",
      database: people,
      upgrade: """
        with op.batch_alter_table('t') as batch_op:
            batch_op.drop_index('ix_nope', if_exists=True)
            batch_op.create_index('ix_t_name', ['name'], if_not_exists=True)
        with op.batch_alter_table('t') as batch_op:
            batch_op.drop_column('qty', if_exists=True)
        with op.batch_alter_table('t', recreate='always') as batch_op:
            batch_op.add_column(sa.Column('n', sa.Integer()), if_not_exists=True)
            batch_op.add_column(sa.Column('r', sa.Integer(), sa.ForeignKey('t.id')), inline_references=True)
        with op.batch_alter_table('t') as batch_op:
            batch_op.add_column(sa.Column('s', sa.Integer(), sa.ForeignKey('t.id', ondelete='SET NULL')), inline_references=True)
        """
    ),
    ConformanceCase(
      name: "keywords that the database or alembic refuses",
      database: people + ["CREATE TABLE said (what TEXT)"],
      upgrade: """
        def batch(change, **keywords):
            with op.batch_alter_table('t', **keywords) as batch_op:
                change(batch_op)
        for attempt in [
            lambda: op.add_column('t', sa.Column('n', sa.Integer()), if_not_exists=True),
            lambda: op.add_column('t', sa.Column('n', sa.Integer(), primary_key=True), inline_primary_key=True),
            lambda: op.drop_column('t', 'qty', if_exists=True),
            lambda: op.create_table_comment('t', "it's"),
            lambda: op.drop_table_comment('t', existing_comment='x'),
            lambda: op.create_exclude_constraint('x', 't', ('qty', '=')),
            lambda: batch(lambda b: b.create_index('ix_t_name', ['name'], if_not_exists=True), recreate='always'),
            lambda: batch(lambda b: b.drop_index('ix_t_name', if_exists=False), recreate='always'),
            lambda: batch(lambda b: b.drop_column('nope', if_exists=True)),
            lambda: batch(lambda b: b.drop_column('qty', if_exists=True), recreate='never'),
            lambda: batch(lambda b: b.add_column(sa.Column('n', sa.Integer()), if_not_exists=True)),
        ]:
            try:
                attempt()
            except Exception as e:
                op.execute(sa.text("INSERT INTO said VALUES (:x)").bindparams(x=str(e).split('\\n')[0]))
        try:
            op.alter_column('t', 'qty', comment='much', new_column_name='quantity')
        except sa.exc.CompileError:
            op.execute("INSERT INTO said VALUES ('no comment')")
        """
    ),
    ConformanceCase(
      name: "what makes a batch rebuild and changes nothing",
      database: people,
      upgrade: """
        with op.batch_alter_table('t') as batch_op:
            batch_op.create_table_comment('a table', existing_comment=None)
        with op.batch_alter_table('t', recreate='always') as batch_op:
            batch_op.drop_table_comment()
            batch_op.alter_column('qty', nullable=True, insert_before='name')
            batch_op.execute(
                sa.text('UPDATE t SET name = :n').bindparams(n='x'), execution_options={'no_parameters': False},
            )
        op.execute('UPDATE t SET qty = 1', execution_options={'autocommit': True})
        """
    ),
    ConformanceCase(
      name: "columns of a batch whose constraints the project names",
      database: family,
      upgrade: """
        with op.batch_alter_table('t') as batch_op:
            batch_op.add_column(sa.Column('parent', sa.Integer(), sa.ForeignKey('p.id', ondelete='SET NULL'), nullable=True))
        with op.batch_alter_table('t') as batch_op:
            batch_op.add_column(sa.Column('code', sa.String(3), unique=True))
        with op.batch_alter_table('t') as batch_op:
            batch_op.drop_constraint('fk_t_parent_p', type_='foreignkey')
        with op.batch_alter_table('t') as batch_op:
            batch_op.create_check_constraint('positive', 'id > 0')
        with op.batch_alter_table('t') as batch_op:
            batch_op.drop_constraint('positive', type_='check')
        if 'sqlite' in sa.inspect(op.get_bind()).dialect.dialect_description:
            with op.batch_alter_table('t') as batch_op:
                batch_op.add_column(sa.Column('other', sa.Integer(), sa.ForeignKey('p.id')), inline_references=True)
        """,
      convention:
        "{'ix': 'ix_%(table_name)s_%(column_0_N_name)s', 'uq': 'uq_%(table_name)s_%(column_0_name)s', 'fk': 'fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s', 'ck': 'ck_%(table_name)s_`%(constraint_name)s`'}"
    ),
    ConformanceCase(
      name: "what SQLite does in a conflict",
      upgrade: """
        op.create_table(
            't',
            sa.Column('id', sa.Integer(), primary_key=True, sqlite_on_conflict_primary_key='FAIL'),
            sa.Column('a', sa.Integer(), nullable=False, sqlite_on_conflict_not_null='IGNORE'),
            sa.Column('b', sa.Integer(), unique=True, sqlite_on_conflict_unique='REPLACE'),
            sa.Column('c', sa.Integer()),
            sa.UniqueConstraint('a', 'b', name='uq', sqlite_on_conflict='ROLLBACK'),
            sa.UniqueConstraint('c'),
            sa.CheckConstraint('a > 1', name='ck', sqlite_on_conflict='ABORT'),
        )
        op.create_table(
            'u', sa.Column('id', sa.Integer(), primary_key=True, sqlite_on_conflict_primary_key='REPLACE'),
            sqlite_autoincrement=True,
        )
        op.create_table('v', sa.Column('x', sa.Text()), sa.PrimaryKeyConstraint('x', sqlite_on_conflict='IGNORE'))
        """
    ),
  ]
}
