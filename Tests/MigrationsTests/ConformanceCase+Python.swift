/// What Python itself does, where it decides about rows.
extension ConformanceTests {
  static let python = [
    ConformanceCase(
      name: "dictionaries and sets that change while a loop goes through them",
      database: people,
      upgrade: """
        def said(make, walk, change):
            found = make()
            try:
                for each in walk(found):
                    change(found, each)
            except RuntimeError as error:
                op.get_bind().execute(sa.text("INSERT INTO t (name) VALUES (:n)"), {"n": str(error)})
            op.get_bind().execute(sa.text("INSERT INTO t (name) VALUES (:n)"), {"n": str(len(found))})
        some = lambda: {'a': 1, 'b': 2}
        def grow(found, each):
            found['x' + str(each)] = 1
        def shrink(found, each):
            found.pop(each)
        def replace(found, each):
            found[each] = 3
        said(some, lambda found: found, grow)
        said(some, lambda found: found.items(), grow)
        said(some, lambda found: found.keys(), shrink)
        said(some, lambda found: found.values(), grow)
        said(some, lambda found: list(found.items()), grow)
        said(some, lambda found: found, replace)
        said(lambda: {1}, lambda found: found, lambda found, each: found.add(each + 1))
        said(lambda: {1}, lambda found: found, lambda found, each: found.add(each))
        """
    ),
    ConformanceCase(
      name: "what a dictionary shows of itself, which it has changed since",
      database: people,
      upgrade: """
        some = {'a': 1}
        keys, values, items = some.keys(), some.values(), some.items()
        copied = list(keys)
        some['b'] = 2
        for text in [list(keys), sorted(values), len(items), 'b' in keys, copied]:
            op.get_bind().execute(sa.text("INSERT INTO t (name) VALUES (:n)"), {"n": str(text)})
        for key, value in items:
            some[key] = value + 1
        op.get_bind().execute(sa.text("INSERT INTO t (name) VALUES (:n)"), {"n": str(list(items))})
        """
    ),
    ConformanceCase(
      name: "texts with scalars that nobody sees, as repr writes them",
      database: people,
      upgrade: #"""
        for text in ['\u200b\xa0\x85', '\ufeff\u2028\u2029', '\U000e0001\U0010ffff', 'é€😀', "'\xad\"", '\u3000\ue000']:
            op.get_bind().execute(sa.text("INSERT INTO t (name) VALUES (:n)"), {"n": repr(text)})
            op.get_bind().execute(sa.text("INSERT INTO t (name) VALUES (:n)"), {"n": str([text])})
        """#
    ),
    ConformanceCase(
      name: "what is computed, or counts by itself, given as the default of the server",
      upgrade: """
        op.create_table('n', sa.Column('id', sa.Integer, primary_key=True),
            sa.Column('double', sa.Integer, server_default=sa.Computed('id * 2')),
            sa.Column('one', sa.Integer, server_default=sa.Identity()))
        """
    ),
  ]
}
