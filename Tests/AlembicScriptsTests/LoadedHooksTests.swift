import AlembicScripts
import Revisions
import TestKit
import Testing

/// What modules that are imported by one script change for the others.
@Suite struct LoadedHooksTests {
  static let cases = [
    (
      name: "a function that a module of the project writes in its own way",
      imports: "from app.deep.types import Stamp",
      files: [
        "app/__init__.py": "", "app/deep/__init__.py": "from . import (\n    types,\n)\n",
        "app/deep/types.py":
          "from sqlalchemy.ext.compiler import compiles\nfrom sqlalchemy.sql import functions\n\n@compiles(functions.now, \"sqlite\")\ndef f(*a, **k): return 'x'\n",
      ], body: "op.create_table('t', sa.Column('x', sa.Text, server_default=sa.func.now()))",
      place: "12:65", target: "now"
    ),
    (
      name: "a package that is known to change a type",
      imports: "import app.models as models",
      files: [
        "app/__init__.py": "",
        "app/models.py": "from sqlalchemy_continuum import make_versioned as make\n",
      ], body: "op.create_table('t', sa.Column('x', sa.BigInteger))", place: "12:41",
      target: "BigInteger"
    ),
    (
      name: "DDL that is written in another way",
      imports: "from app import ddl",
      files: [
        "app/__init__.py": "",
        "app/ddl.py":
          "from sqlalchemy.schema import CreateTable\n@compiles(CreateTable)\ndef f(*a, **k): return 'x'\n",
      ], body: "op.create_table('t', sa.Column('x', sa.Text))", place: "1:1",
      target: "CreateTable"
    ),
    (
      name: "classes of the project's own, other dialects, and what is not mentioned",
      imports: "from app import types",
      files: [
        "app/__init__.py": "from .other import Mine",
        "app/types.py":
          "import sqlalchemy as sa\nfrom .other import Mine\n@compiles(Mine, 'sqlite')\n@compiles(sa.Text, 'mysql')\n@compiles(sa.BigInteger, 'sqlite')\n@compiles(sa.sql.expression.Values)\ndef f(*a, **k): return 'x'\n",
        "app/other.py": "class Mine: pass\n",
      ], body: "op.create_table('t', sa.Column('x', sa.Text))", place: "", target: ""
    ),
  ]

  @Test(arguments: cases.map(\.name))
  func `what one script imports counts for all`(_ name: String) throws {
    let test = try #require(Self.cases.first { $0.name == name })
    let scratch = try Scratch()
    for (path, text) in test.files { try scratch.write(text, to: path) }
    let first = ScriptTests.source(test.body)
    try scratch.write(first, to: "scripts/versions/aaaa1111_x.py")
    try scratch.write(
      "\(test.imports)\nrevision = 'bbbb2222'\ndown_revision = 'aaaa'\ndef upgrade(): pass\n",
      to: "scripts/versions/bbbb2222_x.py"
    )
    let scripts = try ScriptDirectory(versions: [scratch.file("scripts/versions")])
    let plan = try scripts.graph.upgradePlan(to: .head, rows: [])
    guard !test.place.isEmpty else {
      try scripts.check(plan)
      #expect(scripts.refusal(of: "aaaa", in: .upgrade) == nil)
      return
    }
    let error = try #require(throws: ScriptError.self) { try scripts.check(plan) }
    let location = try #require(error.location)
    #expect("\(location.line):\(location.column)" == test.place)
    #expect(error.message.hasPrefix("'\(test.target)' is not what SQLAlchemy makes of it"))
    #expect(scripts.refusal(of: "aaaa", in: .upgrade)?.message == error.message)
  }
}
