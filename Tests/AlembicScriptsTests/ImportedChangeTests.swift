import AlembicScripts
import Revisions
import TestKit
import Testing

/// What is changed in SQLAlchemy, or in a module of the project, by what Python imports before it runs a script.
@Suite struct ImportedChangeTests {
  struct Case {
    var name: String
    /// What stands on the top of the one script, before its functions.
    var imports = ""
    /// What its `upgrade` does.
    var body = "op.add_column('t', sa.Column('x', sa.Integer))"
    var files: [String: String]
    /// What the message says is changed; nil if the script is read.
    var target: String?
    var place = ""
  }

  static let patch = "import sqlalchemy as sa\nsa.Integer = sa.Text\n"
  static let listener =
    "import sqlalchemy as sa\nfrom sqlalchemy import event\n@event.listens_for(sa.Table, 'before_create')\ndef f(t, c, **k): c.exec_driver_sql('DELETE FROM t')\n"

  static let refused = [
    Case(
      name: "a module of which nothing is used gives a type another value",
      imports: "from app import patch",
      files: ["app/__init__.py": "", "app/patch.py": patch],
      target: "sqlalchemy.Integer",
      place: "app/patch.py, line 2"
    ),
    Case(
      name: "the package that a module stands in does",
      imports: "from app.deep.names import K",
      body: "op.add_column('t', sa.Column(K, sa.Integer))",
      files: [
        "app/__init__.py": patch, "app/deep/__init__.py": "", "app/deep/names.py": "K = 'x'\n",
      ],
      target: "sqlalchemy.Integer",
      place: "app/__init__.py, line 2"
    ),
    Case(
      name: "a package that is imported as a whole does",
      imports: "import app",
      files: ["app/__init__.py": patch],
      target: "sqlalchemy.Integer"
    ),
    Case(
      name: "a file beside the ini file does",
      imports: "import patch",
      files: ["patch.py": patch],
      target: "sqlalchemy.Integer"
    ),
    Case(
      name: "a module in a directory without __init__.py does",
      imports: "import app.patch",
      files: ["app/patch.py": patch],
      target: "sqlalchemy.Integer"
    ),
    Case(
      name: "a module that a function of the script imports does",
      body: "from app import patch",
      files: ["app/__init__.py": "", "app/patch.py": patch],
      target: "sqlalchemy.Integer"
    ),
    Case(
      name: "a module that a module imports does, relatively and conditionally",
      imports: "import app.a",
      files: [
        "app/__init__.py": "",
        "app/a.py": "try:\n    from .b import c\nexcept ImportError:\n    c = 1\n",
        "app/b/__init__.py": "", "app/b/c.py": patch,
      ],
      target: "sqlalchemy.Integer"
    ),
    Case(
      name: "another revision imports it",
      files: [
        "app/__init__.py": "", "app/patch.py": patch,
        "scripts/versions/bbbb_x.py":
          "import app.patch\nrevision = 'bbbb'\ndown_revision = 'aaaa'\ndef upgrade(): pass\n",
      ],
      target: "sqlalchemy.Integer"
    ),
    Case(
      name: "another revision does it by itself",
      files: [
        "scripts/versions/bbbb_x.py":
          "import sqlalchemy as sa\nsa.Integer = sa.Text\nrevision = 'bbbb'\ndown_revision = 'aaaa'\ndef upgrade(): pass\n"
      ],
      target: "sqlalchemy.Integer"
    ),
    Case(
      name: "env.py does it by itself",
      files: ["scripts/env.py": patch + "from alembic import context\ncontext.configure()\n"],
      target: "sqlalchemy.Integer",
      place: "scripts/env.py, line 2"
    ),
    Case(
      name: "a function of env.py does it",
      files: [
        "scripts/env.py":
          "from alembic import context\nimport sqlalchemy\ndef run():\n    setattr(sqlalchemy.types, 'Integer', 1)\ncontext.configure()\nrun()\n"
      ],
      target: "sqlalchemy.types"
    ),
    Case(
      name: "a module that env.py imports does it",
      files: [
        "scripts/env.py":
          "from alembic import context\nfrom app import patch\ncontext.configure()\n",
        "app/__init__.py": "", "app/patch.py": patch,
      ],
      target: "sqlalchemy.Integer"
    ),
    Case(
      name: "a function that the module calls does it",
      imports: "import app",
      files: [
        "app/__init__.py":
          "from sqlalchemy import types as t\ndef patch():\n    t.Integer.length, x = 1, 2\npatch()\n"
      ],
      target: "sqlalchemy.types.Integer.length"
    ),
    Case(
      name: "under another name",
      imports: "import app",
      files: [
        "app/__init__.py":
          "import sqlalchemy\nx = sqlalchemy.types\nif True:\n    x.Integer = x.Text\n"
      ],
      target: "sqlalchemy.types.Integer"
    ),
    Case(
      name: "by way of everything",
      imports: "import app",
      files: ["app/__init__.py": "from sqlalchemy import *\nInteger.length = 1\n"],
      target: "sqlalchemy.Integer.length"
    ),
    Case(
      name: "in the body of a class",
      imports: "import app",
      files: ["app/__init__.py": "import sqlalchemy as sa\nclass A:\n    sa.Integer = 1\n"],
      target: "sqlalchemy.Integer"
    ),
    Case(
      name: "where nobody checks types",
      imports: "import app",
      files: [
        "app/__init__.py":
          "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    X = 1\nelse:\n    from . import patch\n",
        "app/patch.py": patch,
      ],
      target: "sqlalchemy.Integer"
    ),
    Case(
      name: "where the file is not the program",
      imports: "import app",
      files: [
        "app/__init__.py":
          "import sqlalchemy as sa\nif __name__ != '__main__':\n    sa.Integer = sa.Text\n"
      ],
      target: "sqlalchemy.Integer"
    ),
    Case(
      name: "an attribute is deleted",
      imports: "import app",
      files: ["app/__init__.py": "import sqlalchemy as sa\ndel sa.Integer.length\n"],
      target: "sqlalchemy.Integer.length"
    ),
    Case(
      name: "a table of the dialect is given another element",
      imports: "import app",
      files: [
        "app/__init__.py":
          "from sqlalchemy.dialects.sqlite.base import ischema_names as names\nnames['X'] = 1\n"
      ],
      target: "sqlalchemy.dialects.sqlite.base.ischema_names"
    ),
    Case(
      name: "or several",
      imports: "import app",
      files: [
        "app/__init__.py":
          "from sqlalchemy.dialects.sqlite import base\nbase.ischema_names.update({'X': 1})\n"
      ],
      target: "sqlalchemy.dialects.sqlite.base.ischema_names"
    ),
    Case(
      name: "a table that is created is listened to",
      imports: "import app",
      body: "op.create_table('q', sa.Column('x', sa.Integer))",
      files: ["app/__init__.py": listener],
      target: "sqlalchemy.Table",
      place: "app/__init__.py, line 3"
    ),
    Case(
      name: "the statements of a connection are listened to",
      imports: "import app",
      files: [
        "app/__init__.py":
          "from sqlalchemy import event\nevent.listen(engine, 'before_cursor_execute', f)\n"
      ],
      target: "sqlalchemy"
    ),
    Case(
      name: "an operation is written in another way",
      imports: "import app",
      files: [
        "app/__init__.py":
          "from alembic.operations import Operations, ops\n@Operations.implementation_for(ops.AddColumnOp)\ndef f(o, p): pass\n"
      ],
      target: "alembic.operations.Operations.implementation_for"
    ),
    Case(
      name: "alembic is given a class of its own for SQLite",
      imports: "import app",
      files: [
        "app/__init__.py":
          "from alembic.ddl.impl import DefaultImpl\nclass Mine(DefaultImpl):\n    __dialect__ = 'sqlite'\n"
      ],
      target: "alembic.ddl.sqlite"
    ),
    Case(
      name: "a module of Python's is changed",
      imports: "import app",
      files: ["app/__init__.py": "import uuid\nuuid.uuid4 = lambda: 1\n"],
      target: "uuid.uuid4"
    ),
    Case(
      name: "a list of another module grows",
      imports: "from app import c, d",
      body: "op.create_table(c.NAMES[-1])",
      files: [
        "app/__init__.py": "", "app/c.py": "NAMES = ['a']\n",
        "app/d.py": "from app import c\nc.NAMES.append('b')\n",
      ],
      target: "app.c.NAMES",
      place: "app/d.py, line 2"
    ),
    Case(
      name: "a name of another module is given another value",
      imports: "from app import c, d",
      body: "op.create_table(c.NAME)",
      files: [
        "app/__init__.py": "", "app/c.py": "NAME = 'a'\n",
        "app/d.py": "import app.c\napp.c.NAME = 'b'\n",
      ],
      target: "app.c.NAME"
    ),
    Case(
      name: "another module calls a function that may change it",
      imports: "from app import c, d",
      body: "op.create_table(c.NAMES[-1])",
      files: [
        "app/__init__.py": "", "app/c.py": "NAMES = ['a']\ndef more(n): NAMES.append(n)\n",
        "app/d.py": "from .c import more\nmore('b')\n",
      ],
      target: "app.c.more"
    ),
    Case(
      name: "another revision changes what it takes from a module",
      imports: "from app.c import NAMES",
      body: "op.create_table(NAMES[-1])",
      files: [
        "app/__init__.py": "", "app/c.py": "NAMES = ['a']\n",
        "scripts/versions/bbbb_x.py":
          "from app.c import NAMES\nrevision = 'bbbb'\ndown_revision = 'aaaa'\ndef upgrade():\n    NAMES.append('b')\n",
      ],
      target: "app.c.NAMES"
    ),
  ]

  static let read = [
    Case(
      name: "what an application does when it is imported",
      imports: "from app.names import K\nimport app.models",
      body: "op.create_table(K)",
      files: [
        "app/__init__.py":
          "import os, sys, logging\nLOG = logging.getLogger(__name__)\nlogging.root.level = 3\nLOG.propagate = False\nos.environ['X'] = '1'\nsys.path.append('.')\nSETTINGS = {}\nSETTINGS['x'] = 1\nSETTINGS.update(y=2)\n",
        "app/names.py": "K = 'x'\n",
        "app/models.py":
          "import sqlalchemy as sa\nfrom sqlalchemy import event\nfrom sqlalchemy.orm import declarative_base, configure_mappers\nfrom typing import TYPE_CHECKING\nfrom . import names\nif TYPE_CHECKING:\n    from app import patch\nBase = declarative_base()\nclass A(Base):\n    __tablename__ = names.K\n    id = sa.Column(sa.Integer, primary_key=True)\n@event.listens_for(A, 'before_insert')\ndef f(*a): pass\n@event.listens_for(A.__table__, 'after_create')\ndef g(*a): pass\n@event.listens_for(sa.engine.Engine, 'connect')\ndef h(*a): pass\n@event.listens_for(sa.engine.Engine, 'handle_error')\ndef k(*a): pass\nA.__table__.info['x'] = 1\nconfigure_mappers()\ndef later(sa):\n    sa.Integer = 1\nif __name__ == '__main__':\n    sa.Integer = 2\n",
        "app/patch.py": patch,
      ]
    ),
    Case(
      name: "tables of a module, and what a script makes of them",
      imports: "from app.tables import t",
      body: "pass",
      files: [
        "app/__init__.py": "",
        "app/tables.py": "import sqlalchemy as sa\nt = sa.table('t', sa.column('x'))\n",
        "scripts/versions/bbbb_x.py":
          "from alembic import op\nfrom app.tables import t\nrevision = 'bbbb'\ndown_revision = 'aaaa'\ndef upgrade():\n    op.execute(t.update().values(x=1))\n    op.execute(t.insert().values(x=1))\n",
      ]
    ),
    Case(
      name: "other dialects, and alembic's other commands",
      imports: "import app",
      files: [
        "app/__init__.py":
          "from alembic import context\nfrom alembic.autogenerate import comparators\nfrom alembic.operations import Operations\nfrom sqlalchemy.dialects.postgresql.base import ischema_names\nischema_names['vector'] = 1\n@comparators.dispatch_for('schema')\ndef f(*a): pass\n@Operations.register_operation('x')\nclass X: pass\ncontext.config.x = 1\n"
      ]
    ),
    Case(
      name: "an env.py as alembic writes it",
      files: [
        "scripts/env.py":
          "from alembic import context\nfrom sqlalchemy import engine_from_config, pool\nconfig = context.config\nconfig.set_main_option('sqlalchemy.url', 'x')\nconfig.attributes['x'] = 1\ndef run():\n    configuration = config.get_section('alembic')\n    configuration['sqlalchemy.url'] = 'y'\n    connectable = engine_from_config(configuration)\n    with connectable.connect() as connection:\n        context.configure(connection=connection)\n        with context.begin_transaction():\n            context.run_migrations()\nrun()\n"
      ]
    ),
  ]

  /// The scripts of a case, and the plan to their heads.
  private func plan(_ test: Case, in scratch: Scratch) throws -> (ScriptDirectory, Plan) {
    for (path, text) in test.files { try scratch.write(text, to: path) }
    try scratch.write(
      "\(test.imports)\nfrom alembic import op\nimport sqlalchemy as sa\nrevision = 'aaaa'\ndown_revision = None\ndef upgrade():\n    \(test.body)\n",
      to: "scripts/versions/aaaa_x.py"
    )
    let scripts = try ScriptDirectory(
      versions: [scratch.file("scripts/versions")],
      environment: scratch.file("scripts")
    )
    // The other revision is imported too, though it is not run.
    return (scripts, try scripts.graph.upgradePlan(to: Target("aaaa"), rows: []))
  }

  @Test(arguments: refused.map(\.name))
  func `a script is refused that may come out differently`(_ name: String) throws {
    let test = try #require(Self.refused.first { $0.name == name })
    let scratch = try Scratch()
    let (scripts, plan) = try plan(test, in: scratch)
    let error = try #require(throws: ScriptError.self) { try scripts.check(plan) }
    let target = try #require(test.target)
    #expect(error.message.hasPrefix("'\(target)' is not what "), "\(error)")
    #expect(error.message.contains("/\(test.place)"), "\(error)")
    #expect(error.code == .notRead)
    #expect(scripts.refusal(of: "aaaa", in: .upgrade)?.message == error.message)
  }

  @Test(arguments: read.map(\.name))
  func `a script is read where nothing that matters is changed`(_ name: String) throws {
    let test = try #require(Self.read.first { $0.name == name })
    let scratch = try Scratch()
    let (scripts, plan) = try plan(test, in: scratch)
    try scripts.check(plan)
  }
}
