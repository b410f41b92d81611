/// Texts for the comparison with CPython; all of them are Python 3.9 or older.
enum Snippets {
  static let groups: [OracleTests.Group] = [
    OracleTests.Group(name: "precedence", texts: precedence),
    OracleTests.Group(name: "positions of brackets", texts: brackets),
    OracleTests.Group(name: "displays", texts: displays),
    OracleTests.Group(name: "calls and subscripts", texts: calls),
    OracleTests.Group(name: "literals", texts: literals),
    OracleTests.Group(name: "f-strings", texts: formatted),
    OracleTests.Group(name: "simple statements", texts: simple),
    OracleTests.Group(name: "compound statements", texts: compound),
    OracleTests.Group(name: "definitions", texts: definitions),
    OracleTests.Group(name: "lines and blanks", texts: lines),
  ]

  private static let precedence = [
    "a + b * c ** d", "a ** b ** c", "-a ** -b ** c", "- a * b", "-a.b ** c[0]", "~-+a",
    "not a == b", "not not a", "not a and b or c", "a or b or c and d and e", "a or (b or c)",
    "(a or b) or c", "a and not b", "a < b <= c != d", "(a < b) < c", "a < (b < c)",
    "a in b not in c is d is not e", "a is not not_b", "a == b | c ^ d & e << f + g",
    "a - b - c", "a / b // c % d @ e", "a << b >> c", "a | b | c", "a ^ b ^ c", "a & b & c",
    "a if b else c", "a if b else c if d else e", "(a if b else c) if d else e",
    "a or b if c and d else not e", "lambda: a if b else c",
    "a if b else lambda: c", "lambda x: lambda y: x + y", "x = yield", "x = yield a, b",
    "async def f():\n  return await a ** b", "async def f():\n  -await a.b(c)[d]",
    "a * -b + -c ** 2 - d", "2 ** -1 * 3", "not a in b", "-a < b", "a + b if c else d, e",
    "x = a, *b, c", "*a, b = c", "a if b else c, d",
  ]

  private static let brackets = [
    "(a)", "(a) + b", "((a) + (b)) * (c)", "(a).b", "(a)(b)", "(a)[b]", "((a))", "(a,)", "()",
    "(a), (b)", "((a), b)", "((a) < b) < c", "(a) and (b)", "(a) if (b) else (c)", "-(a)",
    "(yield)", "(yield a)", "(yield from a)", "(a := b)", "((a) for b in c)", "(a)[(b):(c)]",
    "(a\n+\nb)", "f((a), *(b), c=(d), **(e))", "(a) = (b) = c", "((a), [b]) = c",
  ]

  private static let displays = [
    "[]", "[a]", "[a,]", "[a, *b, c]", "{}", "{a}", "{a, *b,}", "{a: b}", "{a: b, **c, d: e,}",
    "{**a}", "[a for b in c]", "[a for b in c if d if e for f in g]", "{a for b in c}",
    "{a: b for c, d in e}", "(a for b in c)", "[a for b, in c]", "[a for b, *c in d]",
    "[a for (b, c) in d]", "[a for b.c in d]", "[a for b[0] in d]", "[(a, b) for a in b or c]",
    "[a for b in lambda_ if not c]", "[a := b, c]", "{a := b}", "[[a for b in c] for d in e]",
    "async def f():\n  return [a async for b in c if await d]", "{(a, b): c}", "{a if b else c: d}",
    "[a if b else c for d in e if (f if g else h)]", "{lambda: a: b}", "{1: {2: [3, (4,)]}}",
  ]

  private static let calls = [
    "f()", "f(a)", "f(a,)", "f(a, b=c)", "f(*a)", "f(**a)", "f(*a, b, *c, d=e, *f, **g, h=i)",
    "f(a for b in c)", "f((a for b in c), d)", "f(a := b)", "f(a := b, c=d)", "f(a)(b)(c)",
    "f(lambda: a, b)", "f(a=lambda x=b: c)", "f(a if b else c)", "f(print=1, match=2)",
    "a[b]", "a[b, c]", "a[b,]", "a[:]", "a[::]", "a[b:]", "a[:b]", "a[b:c:d]", "a[::b]",
    "a[b:c, d]", "a[..., b]", "a[(b, c)]", "a[b][c]", "a.b.c(d).e[f]", "a[lambda: b]", "a[-1]",
    "1 .real", "1.0.real", "1..real", "'a'.join(b)", "f'{a}'.strip()", "f(**a, b=c)",
    "op.create_table('a', sa.Column('b', sa.Integer(), nullable=False), schema=None)",
  ]

  private static let literals = [
    "0", "00", "0_0", "1_000", "0xFF", "0Xff_ff", "0o17", "0b1_01", "9223372036854775807",
    "9223372036854775808", "0xFFFFFFFFFFFFFFFFFF", "1.", ".5", "1.5e10", "1e5", "1E-5", "1.e+5",
    "1_0.0_1e1_0", "09.5", "1e400", "5e-324", "1j", "1.5J", "0j", "1e5j", "012j", "1if a else 2",
    "[1for a in b]", "0xfor x", "1or 2", "None", "True", "False", "...", #""""#, "''",
    #"'a\n\t\\\'\"\a\b\f\r\v\0\12\1234\x41\u00e9\U0001F600'"#, #"'\d\ \8'"#, "'a\\\nb'",
    #"r'\d\''"#, #"R"\u""#, "u'a'", "U'a'", "b'a'", #"b'\x00\xff\n\400\u1234'"#, #"rb'\x00'"#,
    #"Rb'\n'"#, #"bR'\n'"#, "'''a\nb'''", "\"\"\"a\"b\"\"c\"\"\"", "'''\r\n'''", "'é' 'ü'",
    "'a' \"b\" r'\\c' '''d'''", "b'a' b'b'", "('a'\n'b')", "'''a\\\nb'''", "''''a'''", "'#'",
    "\"\"\"\\\"\"\"\"",
  ]

  private static let formatted = [
    "f''", "f'a'", "f'{a}'", "f'a{b}c'", "f'{{a}}'", "f'{{{a}}}'", "f'{a!r}'", "f'{a!s:>10}'",
    "f'{a:{b}}'", "f'{a:{b}.{c}}'", "f'{a:x{b!r}y}'", "f'{a=}'", "f'{a = }'", "f'{a=!s}'",
    "f'{a=:>5}'", "f'{ a }'", "f'{a, b}'", "f'{a if b else c}'", "f'{(lambda: a)}'",
    "f'{a[\"b\"]}'", "f'{a.b(c)}'", "f'{ {a: b}[c] }'", "f'{a!=b}'", "f'{a==b}'", "f'{a>=b}'",
    "f'{(a:=b)}'", "f'{a:=5}'", "f'{*a, b}'", "'a' f'b{c}' 'd'", "f'{a}' f'{b}'", "f'a' 'b'",
    "rf'\\d{a}'", "fR'\\{a}'", "f'\\n{a}\\t'", "f'''{\na\n}'''", "f'''a\n{b}\n'''",
    "f'{f\"{a}\"}'", "f'{\"{}\"}'", "f'{\"a\" \"b\"}'", "f'{a:%Y-%m}'", "f'{yield_}'", "F'{a}'",
    "f'{a:}'", "f'{\"}\"}'", "f'{3.4:10}'", "f'{a[0]:>{width}}' \"x\" rf'{b}'",
  ]

  private static let simple = [
    "a = b", "a = b = c", "a, b = c", "(a, b) = c", "[a, b] = c", "a.b = c", "a[b] = c", "a, = b",
    "(a, (b, *c)) = d", "a: b", "a: b = c", "a.b: c", "a[b]: c = d", "(a): b = c", "a: b = c, d",
    "a: b = yield", "a += b", "a -= b; a *= b; a @= b; a /= b; a //= b; a %= b; a **= b",
    "a >>= b; a <<= b; a &= b; a ^= b; a |= b", "a += b, c", "a.b += yield c", "import a",
    "import a.b.c as d, e", "from a import b", "from a.b import c as d, e", "from . import a",
    "from .. import a", "from ... import a", "from .... import a", "from ....a import b",
    "from .a import (b, c as d,)", "from a import (\n  b,\n  c\n)", "from a import *", "pass",
    "break", "continue", "return", "return a", "return a, *b", "raise", "raise a",
    "raise a from b", "assert a", "assert a, b", "del a", "del a, b.c, d[0]", "del (a, b), [c]",
    "del a,", "global a, b", "nonlocal a", "pass; pass", "pass;", "match = case = type = _ = 1",
    "match(a)", "match[a]", "match.a", "match, case", "type(a)", "print(match, case, type)",
    "match: int = 1", "match * a, b", "type = 1; type.a", "match(a, b)[c:d]", "_ = a",
  ]

  private static let compound = [
    "if a: b", "if a:\n  b\nelse:\n  c", "if a:\n  b\nelif c:\n  d\nelif e: f\nelse:\n  g",
    "if a := b: c", "if a:\n  if b:\n    c\nd", "while a: b", "while a:\n  b\nelse:\n  c",
    "for a in b: c", "for a, b in c: d", "for a, in b: c", "for a, *b in *c, d: e",
    "for (a, b) in c:\n  d\nelse:\n  e", "for a.b in c: pass", "for a[0], in b: pass",
    "async def f():\n  async for a in b: c\n  async with d as e, f: pass",
    "try:\n  a\nexcept:\n  b", "try:\n  a\nexcept b:\n  c\nexcept (d, e) as f:\n  g\nelse:\n  h",
    "try:\n  a\nfinally:\n  b", "try: a\nexcept b: c\nelse: d\nfinally: e",
    "with a: b", "with a as b: c", "with a as b, c as (d, e): f", "with a, b: c", "with (a): b",
    "with (a) as b: c", "with (a, b) as c: d", "with (a).b as c: d", "with (yield a): b",
    "with (a for b in c): d", "with (a := b): c", "with (a, b): c", "with (a as b, c as d,): e",
    "with (\n  a as b,\n  c\n): d", "with (a), (b): c", "with (a)(b), c: d", "with a as b.c: d",
    "with a as [b, *c]: d", "with (a) + (b) as c: d", "with (*a, b): c", "with (a as b): c",
  ]

  private static let definitions = [
    "def f(): pass", "def f(a): pass", "def f(a, b=c): pass", "def f(a, /): pass",
    "def f(a, b=c, /, d=e, *f, g, h=i, **j): pass", "def f(*, a): pass", "def f(*a): pass",
    "def f(*, a=b, c, **d): pass", "def f(**a): pass",
    "def f(a: b, *c: d, e: f = g, **h: i,): pass",
    "def f() -> a: pass", "def f() -> (a, b): pass", "def f(\n  a,\n  b,\n): pass",
    "async def f(a): pass", "@a\ndef f(): pass", "@a.b(c)\n@d\nasync def f(): pass",
    "@a\nclass b: pass", "@a[0]\n@(b := c)\ndef f(): pass", "class a: pass", "class a(): pass",
    "class a(b, c=d, *e, **f): pass", "class a:\n  '''doc'''\n  b: int = 1\n  def c(self): pass",
    "lambda: a", "lambda a: b", "lambda a, b=c, *d, e, f=g, **h: i", "lambda *a: b",
    "lambda *, a: b", "lambda a, /, b: c", "lambda **a: b", "lambda a=(lambda: b): c",
    "lambda a,: b",
    "def upgrade() -> None:\n  op.execute('a')\n\n\ndef downgrade():\n  '''doc'''\n  pass\n",
  ]

  private static let lines = [
    "", "\n", "# a", "\n\n# a\n\n", "a\n", "a # b", "a;b", "if a:\n\tb\n\tc",
    "if a:\n  b\n\n# c\n  d", "if a:\n  b\n # c\nd", "if a:\n  b\n  ", "if a:\n  b\n  # c",
    "a = \\\n  b", "if a and \\\n  b:\n  c", "(a,\n# b\n\n  c\n)", "\u{0C}a", "if a:\n\u{0C}  b",
    "a\r\nb\r\nif c:\r\n  d\r\n", "a\rb\r", "if a:\n  b\n  \\\n  c", "été = naïve + 変数",
    "x = '''a\n  b'''\ny", "if a:\n  '''b\nc'''\n  d", "# -*- coding: utf-8 -*-\na", "\u{FEFF}a",
    "if a: b; c\nd", "class a:\n  def b(self):\n    if c:\n      d\n  e\nf", "a = '\u{1F600}'; b",
    "if a:\n   b\nif c:\n d", "\\\na",
  ]

  static let refused = [
    "a b", "a =", "= a", "a +", "a not b", "a == not b", "a + not b", "-not a", "(", ")", "(]",
    "f(a=b, c)", "f(**a, *b)", "f(**a, b)", "f(a for b in c, d)", "f(d, a for b in c)",
    "f(a.b=c)", "f(a for b in c,)", "1 = a", "f() = a", "a + b = c", "None = a", "(a, 1) = b",
    "a += b += c", "a, b += c", "a, b: c", "[a]: b", "f(): b", "del f()", "del 1", "del *a",
    "def f(a=b, c): pass", "def f(*): pass", "def f(*, **a): pass", "def f(/): pass",
    "def f(**a, b): pass", "def f(*a, *b): pass", "def f(a, /, b, /): pass", "def f(*a=1): pass",
    "lambda a: b := c", "a := b", "(a.b := c)", "(*a)", "[*a for b in c]", "{**a for b in c}",
    "{a: b, c}", "{a, b: c}", "{*a: b}", "for a + b in c: d", "for a: b", "if a", "if a:\n",
    "if a:\nb", "  a", "a\n  b", "if a:\n    b\n  c", "if a:\n\tb\n        c\n    d", "else: a",
    "try: a", "try: a\nelse: b", "try: a\nexcept b, c: d", "import a.b as c.d", "import",
    "from a import b,", "from a import (b", "from a import ()", "from a. import b",
    "0777", "1__0", "1_", "0x", "0b2", "0o8", "1a", "1.5a", "1e", "'a", "'''a", "'a\nb'",
    #"'\x1'"#, #"'\u12'"#, #"'\U00110000'"#, "b'é'", "b'a' 'b'", "f'{'", "f'}'", "f'{}'",
    "f'{a!x}'", "f'{a b}'", "f'{a'", "f'{lambda: a}'", "a $ b", "a ? b", "a ! b", "\\ a", "a \\",
    "await = 1", "async = 1", "class", "def", "with a as 1: b", "return = 1", "yield = 1",
    "@a\nb = 1", "a if b", "a if b if c else d else e", "if a:\n        b\n\tc", "a[]", "a.1",
    "a..b", "a = b c", "print 'a'", "exec 'a'", "raise a, b",
    "a <> b", "`a`", "x = 10L", "ur'a'", "except a: b", "del", "global", "assert", "{a:}",
  ]
}
