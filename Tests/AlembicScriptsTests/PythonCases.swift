import Testing

/// A piece of Python that drops the tables that it names.
struct PythonCase: CustomTestStringConvertible, Sendable {
  var name: String
  var body: String
  var testDescription: String { name }
}

/// The subset, construct by construct; the real Python is the oracle.
enum PythonCases {
  static let all = statements + functions + texts + collections + builtins + exceptions

  static let statements = [
    PythonCase(
      name: "while, break, continue and else",
      body: """
        i = 0
        while i < 5:
            i += 1
            if i == 2: continue
            if i == 4: break
            op.drop_table(str(i))
        else:
            op.drop_table('never')
        while i < 3: pass
        else:
            op.drop_table('at once')
        """
    ),
    PythonCase(
      name: "unpacking",
      body: """
        a, *b, c = [1, 2, 3, 4]
        (d, e), f = ('x', 'y'), 'z'
        op.drop_table(f'{a}{b}{c}{d}{e}{f}')
        for k, (v, w) in {'k': (1, 2)}.items(): op.drop_table(f'{k}{v}{w}')
        first, *rest = 'abc'
        op.drop_table(f'{first}{rest}')
        a = b = [1]
        b.append(2)
        op.drop_table(str(a))
        """
    ),
    PythonCase(
      name: "elements are set and deleted",
      body: """
        d = {'a': 1}
        d['b'] = [0, 0]
        d['b'][1] = 5
        d['a'] += 2
        del d['a']
        l = [1, 2, 3]
        l[-1] = 'x'
        op.drop_table(f'{d}{l}')
        x = 1
        del x
        op.drop_table(str(x))
        """
    ),
    PythonCase(
      name: "comprehensions have their own names",
      body: """
        x = 'outer'
        l = [x * 2 for x in ('a', 'b') if x != 'b']
        m = {k: v for k, v in zip('ab', range(2))}
        n = [(i, j) for i in range(3) for j in range(i) if i + j > 1]
        op.drop_table(f'{x}{l}{m}{n}')
        op.drop_table(','.join(str(i) for i in range(3)))
        g = (i for i in (1, 2, 3))
        op.drop_table(f'{next(g)}{list(g)}{list(g)}')
        """
    ),
    PythonCase(
      name: "walrus, conditions, chains",
      body: """
        if (n := len('abc')) > 2: op.drop_table(f'{n}')
        op.drop_table('a' if n == 3 else 'b')
        op.drop_table(f'{1 < n <= 3}{not n}{n and "x"}{0 or None}{[] or {}}')
        """
    ),
    PythonCase(
      name: "assertions",
      body: "assert 1 == 1, 'no'\nop.drop_table('a')\nassert [] , 'yes'"
    ),
  ]

  static let functions = [
    PythonCase(
      name: "star arguments",
      body: """
        def f(a, b=2, *args, c, d=4, **kwargs):
            return f'{a}{b}{args}{c}{d}{kwargs}'
        op.drop_table(f(1, c=3))
        op.drop_table(f(1, 9, 8, 7, c=3, e=5))
        op.drop_table(f(*[1, 2], **{'c': 3, 'z': 1}))
        """
    ),
    PythonCase(
      name: "lambdas, closures, functions as values",
      body: """
        add = lambda x, y=10: x + y
        def counter():
            seen = []
            def next_one(x):
                seen.append(x)
                return len(seen)
            return next_one
        c = counter()
        c('a')
        op.drop_table(f'{add(1)}{add(1, 2)}{c("b")}')
        table = {'f': lambda: 'called', 'g': add}
        op.drop_table(table['f']() + str(table['g'](1)))
        op.drop_table(str(globals()['upgrade'] is not None))
        """
    ),
    PythonCase(
      name: "a function that returns nothing",
      body:
        "def f(): pass\nop.drop_table(str(f()))\ndef g():\n    'doc'\n    return\nop.drop_table(repr(g()))"
    ),
    PythonCase(
      name: "a name of the module in a function",
      body: "def f():\n    return name\nop.drop_table(f())"
    ),
  ]

  static let texts = [
    PythonCase(
      name: "methods of str",
      body: """
        s = '  Hello, World  '
        for v in [s.strip(), s.lstrip(), s.rstrip(), s.lower(), s.upper(), 'abc'.capitalize(), 'a b'.title(),
                  'a,b,,c'.split(','), ' a  b '.split(), 'a-b-c'.split('-', 1), 'a-b-c'.rsplit('-', 1),
                  'xxabxx'.strip('x'), 'abc'.replace('b', 'Z'), 'aaa'.replace('a', 'b', 2),
                  'abc'.startswith('ab'), 'abc'.endswith(('x', 'c')), 'abc'.find('c'), 'abc'.find('x'),
                  'a.b'.removesuffix('.b'), 'pre_x'.removeprefix('pre_'), 'banana'.count('an'), '12'.isdigit(),
                  '7'.zfill(3), 'a\\nb\\n'.splitlines(), 'é'.encode(), b'ab'.decode(), b'\\x00\\xff'.hex()]:
            op.drop_table(repr(v))
        """
    ),
    PythonCase(
      name: "formats",
      body: """
        n, t = 42, 'ab'
        for v in [f'{n:5}|{n:<5}|{n:05}|{n:+d}|{n:x}|{1234567:,}', f'{t:>5}|{t:<5}|{t:^6}|{t:*^6}|{t!r:>6}', f'{t:.1}',
                  f'{{}}{n=}', f'{n:{5}}', '{} {}'.format(1, 'x'), '{1} {0}'.format('a', 'b'), '{a}-{b!r}'.format(a=1, b='q'),
                  '{:>4}|{:03}'.format('x', 7), '%s and %s' % ('a', 1), '%d%%' % 5, '%(x)s %(y)r' % {'x': 1, 'y': 'z'},
                  '%s' % 'single', 'a' 'b' f'{n}']:
            op.drop_table(v)
        """
    ),
    PythonCase(
      name: "slices",
      body: """
        s, l, t = 'abcdef', [1, 2, 3, 4], (1, 2, 3)
        for v in [s[1:3], s[:-1], s[-2:], s[::-1], s[::2], s[4:1:-1], s[10:], l[1:], l[:2], l[::-2], t[1:], t[:0], s[2], s[-1],
                  b'abc'[1:], b'abc'[0]]:
            op.drop_table(repr(v))
        """
    ),
    PythonCase(
      name: "representations",
      body: """
        for v in [None, True, 1, -5, 1.5, 0.1, 1e10, 'a\\'b', "it's", 'a"b\\'c', 'tab\\t', b'x\\'', [1, 'a'], (), (1,), {}, {'a': [1]},
                  set(), {'one'}, 'ünï', '\\x00']:
            op.drop_table(repr(v))
        """
    ),
  ]

  static let collections = [
    PythonCase(
      name: "methods of list and dict",
      body: """
        l = [3, 1, 2]
        l.append(4); l.extend([5, 6]); l.insert(0, 'z'); l.remove(1)
        op.drop_table(f'{l}{l.pop()}{l.pop(0)}{l.index(2)}{l.count(3)}')
        l.sort(reverse=True)
        m = l.copy(); m.reverse(); l.clear()
        op.drop_table(f'{l}{m}')
        d = {'a': 1}
        d.update({'b': 2}); d.setdefault('c', 3); d.setdefault('a', 9)
        op.drop_table(f"{d}{d.pop('a')}{d.pop('zz', None)}{d.get('b')}{d.get('x')}{d.get('x', 7)}")
        op.drop_table(f'{list(d)}{list(d.keys())}{list(d.values())}{list(d.items())}{"b" in d}')
        op.drop_table(f"{ {**d, 'q': 1} }{d | {'b': 0}}{dict(a=1, **{'b': 2})}{dict([('k', 'v')])}")
        """
    ),
    PythonCase(
      name: "sets",
      body: """
        a, b = {'x', 'y', 'z'}, {'y', 'w'}
        op.drop_table(f'{sorted(a | b)}{sorted(a & b)}{sorted(a - b)}{sorted(a ^ b)}{"x" in a}{len(a)}')
        a.add('q'); a.discard('nope'); a.remove('x'); a.update(['r'])
        op.drop_table(f'{sorted(a)}{a.issubset({"y"})}{ {"y"} <= a}{sorted(a.union(b))}{sorted(a.difference(b))}')
        op.drop_table(f'{set([1, 1, 2]) == {1, 2}}{bool(set())}{sorted({1, 2} - {2})}{ {i % 2 for i in range(4)} == {0, 1} }')
        """
    ),
    PythonCase(
      name: "operators on collections",
      body: """
        op.drop_table(f"{[1] + [2]}{(1,) + (2,)}{[0] * 3}{'ab' * 2}{3 * 'x'}{[1, 2] == [1, 2]}{(1, 2) < (1, 3)}{'a' < 'b'}")
        op.drop_table(f"{1 in [1]}{'b' in 'abc'}{2 not in (1,)}{None in [None]}{[1, [2]] == [1, [2]]}{ {'a': 1} == {'a': 1.0} }")
        x = [1]
        x += (2, 3)
        x *= 2
        op.drop_table(f'{x}{[*x, 4][-1]}{(*x,)[:1]}')
        """
    ),
    PythonCase(
      name: "numbers out of texts and of what is none",
      body: """
        for text in ['12', ' 1.5 ', '-3.25', '+.5', '1.', '1e3', '1E-2', '1e400', '-inf', 'Infinity', 'nan', '', 'x', '1x', '0x1p3', '--1',
                     '1 2', 'e5', '.', 'infin', True, 7, 2.5, None, [], {}, (1,)]:
            try:
                op.drop_table(f'{float(text)!r}')
                op.drop_table(f'{int(float(text))}')
            except (ValueError, TypeError, OverflowError) as e:
                op.drop_table(str(e))
            try:
                op.drop_table(f'{int(text)}')
            except (TypeError, ValueError) as e:
                op.drop_table(str(e))
        try:
            int(float('inf'))
        except OverflowError:
            op.drop_table('too large')
        """
    ),
    PythonCase(
      name: "numbers with exponents",
      body: """
        import json
        for text in [
            '1e+16', '1e+20', '-1e+20', '1e-05',
            '-1.5e-07', '9.99e-05', '1.2345678901234568e+16', '1.8014398509481984e+16',
            '1e+22', '1e+23', '5e-324', '1.7976931348623157e+308',
            '2.2250738585072014e-308', '0.0001', '9999999999999998.0', '-9007199254740992.0', '9007199254740991.0', '9007199254740994.0', '1.2345678901234568e+17',
            '-1.996150245444706e-194', '7.581454333883296e-148', '-8.57789382212775e+204', '3.818526826307957e+276',
            '-5.694946403451123e-209', '-1.8948713508859093e-178', '-1.4204294611674214e+196', '4.1749440189827914e+270',
            '-4.64031489464657e-246', '3.132872124271458e-72', '-6.604630556388117e-41', '-3.80666497140512e-258',
            '-1.8439403708362157e-247', '5.521213857875556e+181', '-1.6249118851359539e+137', '1.0336557535322433e-22',
            '1.0119387358662577e-121', '-1.3481316636868863e+217', '7.301205141223863e+172', '5.341205273155281e-290',
            '-8.06510345245033e+33', '3.954692477478851e-112', '-1.4324283043268515e+256', '6.733905439805261e-256',
            '-2.5379162140977794e+37', '-1.0957546420825773e+91', '1.924748109593872e+24', '-7.673202078781141e-192',
            '-1.2897207595236137e+210', '9.931614240149944e+169', '-1.9983431454978598e+47', '3.0451825941228403e+218',
            '-2.268251504215921e-27', '-7.589344929434837e-214', '-1.942721878376759e+264', '3.023458173271888e-143',
            '5.699736137058683e+142', '1.976563237333621e-264', '1.7872234745421953e+302', '14526433009.55706',
            '-1.573867711162789e-96', '-1.1110320111951554e+36', '-1.113497086593788e+130', '2.1551887091521683e+211'
        ]:
            number = float(text)
            op.drop_table(f'{number} {number!r} {[number]} {json.dumps({"n": number})} {json.loads(text) == number}')
        """
    ),
    PythonCase(
      name: "numbers",
      body: """
        op.drop_table(f'{7 // 2}{-7 // 2}{7 % 3}{-7 % 3}{7 / 2}{2 * 3 - 4}{1 + 0.5}{6 & 3}{6 | 1}{6 ^ 2}{-5}{+5}{True + 1}')
        op.drop_table(f"{int('42')}{int(3.9)}{int(-3.9)}{float(2)}{bool('')}{abs(-3)}{int(True)}")
        """
    ),
  ]

  static let builtins = [
    PythonCase(
      name: "sorted, min, max, sum, any, all",
      body: """
        l = [3, 1, 2]
        op.drop_table(f'{sorted(l)}{sorted(l, reverse=True)}{sorted(["bb", "a"], key=len)}')
        op.drop_table(f'{sorted([(1, "b"), (1, "a"), (0, "c")])}{sorted([(1, "b"), (1, "a")], key=lambda p: p[0], reverse=True)}')
        op.drop_table(f'{min(l)}{max(l)}{min(4, 2)}{max("a", "b")}{min([], default=7)}{max(l, key=lambda x: -x)}{sum(l)}')
        op.drop_table(f'{any(x > 2 for x in l)}{all(x > 2 for x in l)}{any([])}{all([])}')
        """
    ),
    PythonCase(
      name: "enumerate, zip, map, filter, reversed, range",
      body: """
        op.drop_table(f"{list(enumerate('ab'))}{list(enumerate('ab', 1))}{list(enumerate('a', start=5))}{list(zip('ab', [1, 2, 3]))}")
        op.drop_table(f"{list(map(str, [1, 2]))}{list(filter(None, [0, 1, '']))}{list(filter(lambda x: x > 1, [1, 2]))}{list(reversed([1, 2]))}")
        op.drop_table(f'{list(range(3))}{list(range(1, 3))}{list(range(5, 0, -2))}{list(range(0, -3, -1))}{len(range(4))}')
        z = zip('ab', 'cd')
        for x, y in z:
            op.drop_table(x + y)
            break
        op.drop_table(str(list(z)))
        """
    ),
    PythonCase(
      name: "isinstance and types",
      body: """
        for v in [1, 'a', [], (), {}, True, None, 1.5]:
            op.drop_table(f'{isinstance(v, int)}{isinstance(v, (str, list))}{isinstance(v, dict)}{isinstance(v, object)}')
        op.drop_table(f"{str(5)}{list('ab')}{tuple([1])}{set() == frozenset()}{str()}{list()}{dict()}{callable(len)}")
        size = len
        op.drop_table(f'{size is len}{len is len}{len is sorted}{size is not len}')
        """
    ),
    PythonCase(
      name: "json, uuid, datetime",
      body: """
        import json, uuid
        from datetime import datetime, date, timezone
        op.drop_table(json.dumps({'a': [1, 'ü', None, True, 1.5], 'b': {}}) + json.dumps({'b': 1, 'a': '\\n"'}, sort_keys=True))
        op.drop_table(str(json.loads('{"x": [1, 2.5, "\\\\u00fc", null, false]}')))
        u = uuid.UUID('12345678-1234-4234-8234-123456789ABC')
        op.drop_table(f'{u}{u.hex}{u == uuid.UUID(u.hex)}{len(str(uuid.uuid4()))}{isinstance(u, uuid.UUID)}')
        d = datetime(2024, 2, 3, 4, 5, 6)
        op.drop_table(f'{d}|{d.isoformat()}|{d.year}|{d:%Y-%m-%d}|{d.strftime("%H%M%S")}|{datetime(2024, 1, 2)}|{d > datetime(2023, 1, 1)}')
        op.drop_table(str(datetime.now(timezone.utc).year > 2020))
        op.drop_table(str(datetime.now().astimezone() is not None))
        """
    ),
  ]

  static let exceptions = [
    PythonCase(
      name: "try, except, else, finally",
      body: """
        def f(x):
            try:
                if x == 1: raise ValueError('one')
                if x == 2: raise KeyError('two')
                if x == 3: return 'returned'
                op.drop_table('body')
            except (ValueError, TypeError) as e:
                op.drop_table(f'value {e} {e.args}')
            except LookupError as e:
                op.drop_table(f'lookup {e}')
            else:
                op.drop_table('else')
            finally:
                op.drop_table('finally')
            return 'end'
        for i in range(4): op.drop_table(f(i))
        """
    ),
    PythonCase(
      name: "raising again, and from within",
      body: """
        try:
            try:
                raise RuntimeError('inner')
            except RuntimeError as e:
                raise ValueError(f'outer {e}') from e
        except Exception as e:
            op.drop_table(str(e))
        try:
            try:
                [][1]
            except IndexError:
                raise
        except LookupError as e:
            op.drop_table(str(e))
        try:
            {}['k']
        except KeyError as e:
            op.drop_table(str(e))
        try:
            int('x')
        except ValueError as e:
            op.drop_table(str(e))
        op.drop_table('before')
        raise NotImplementedError
        """
    ),
    PythonCase(
      name: "what leaves a finally",
      body: """
        def f():
            for i in range(3):
                try:
                    if i == 1: continue
                    if i == 2: break
                    op.drop_table(str(i))
                finally:
                    op.drop_table(f'f{i}')
            return 'done'
        op.drop_table(f())
        def g():
            try:
                raise ValueError
            finally:
                return 'swallowed'
        op.drop_table(g())
        """
    ),
    PythonCase(
      name: "zero division, attribute of nothing",
      body: "try:\n    1 // 0\nexcept ZeroDivisionError as e:\n    op.drop_table(str(e))\n1 % 0"
    ),
  ]
}
