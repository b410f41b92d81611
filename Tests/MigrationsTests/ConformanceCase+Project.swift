/// Scripts that take constants, types and functions from modules of their project.
extension ConformanceTests {
  static let project = [
    ConformanceCase(
      name: "helpers, constants and types of the project",
      upgrade: """
        from app.db import helpers, types
        from app.db.constants import NAMES, Kind
        helpers.create(helpers.prefix + 'one')
        for name in NAMES:
            op.create_table(name, types.stamp(), sa.Column('j', types.Encoded()), sa.Column('k', sa.Enum(Kind)), sa.Column('l', types.Short(7)))
        if helpers.USE_IT:
            op.execute(f"INSERT INTO {NAMES[0]} (made, k) VALUES ('2024-01-02 03:04:05', '{Kind.SECOND.value}')")
        """,
      files: [
        "app/__init__.py": "import os\nfrom fractions import Fraction\n",
        "app/db/__init__.py": "",
        "app/db/helpers.py": """
        import sqlalchemy as sa
        import decimal
        from alembic import op
        from . import constants
        from .constants import PREFIX as prefix

        USE_IT = True
        CONFIG = decimal.Decimal(42)
        decimal.getcontext().create_decimal(CONFIG)

        if decimal.getcontext().prec > 100:
            setting = 1

        def create(name):
            op.create_table(name, sa.Column('id', sa.Integer, primary_key=True), sa.Column(constants.COLUMN, sa.Text))
        """,
        "app/db/constants.py": """
        import enum
        PREFIX = 'pre_'
        COLUMN = 'value'
        NAMES = ['a', 'b']
        class Kind(str, enum.Enum):
            FIRST = 'first'
            SECOND = 'the second'
        """,
        "app/db/types.py": """
        import json
        import sqlalchemy as sa
        from sqlalchemy.types import TypeDecorator, Text

        class Encoded(TypeDecorator):
            impl = Text
            cache_ok = True
            def process_bind_param(self, value, dialect):
                return json.dumps(value)

        class Short(TypeDecorator):
            impl = sa.String

        def stamp():
            return sa.Column('made', sa.DateTime, nullable=False, server_default=sa.func.now())
        """,
      ]
    ),
    ConformanceCase(
      name: "types that @compiles writes, here and in a module that also changes functions",
      upgrade: """
        from sqlalchemy import JSON
        from app import types
        op.create_table(
            't', sa.Column('id', sa.Integer, primary_key=True), sa.Column('u', types.UUID(as_uuid=True), nullable=False),
            sa.Column('d', types.Own()), sa.Column('p', types.Plain(12)),
            sa.Column('v', JSON().with_variant(types.Own(), 'sqlite')),
        )
        op.execute("INSERT INTO t (u, d) VALUES ('00000000-0000-0000-0000-000000000001', '[]')")
        with op.batch_alter_table('t') as batch_op:
            batch_op.drop_column('v')
        """,
      files: [
        "app/__init__.py": "",
        "app/types.py": """
        import uuid
        import sqlalchemy as sa
        from sqlalchemy import CHAR, JSON
        from sqlalchemy.ext.compiler import compiles
        from sqlalchemy.sql import functions
        from sqlalchemy.types import TypeDecorator

        class add_days(functions.GenericFunction):
            inherit_cache = True

        @compiles(add_days, "sqlite")
        def add_days_sqlite(element, compiler, **kwargs):
            return compiler.process(sa.func.date(*element.clauses), **kwargs)

        @compiles(functions.now, "sqlite")
        def now_sqlite(element, compiler, **kwargs):
            return "'now'"

        class UUID(TypeDecorator[uuid.UUID]):
            impl: type = sa.Uuid()
            cache_ok: bool | None = True
            def load_dialect_impl(self, dialect):
                if dialect.name == "postgresql":
                    return dialect.type_descriptor(sa.UUID())
                else:
                    return dialect.type_descriptor(CHAR(36))

        class Own(JSON):
            __visit_name__ = "OWN"

        @compiles(Own, "sqlite")
        def _(*args, **kwargs) -> str:
            # A text of its own.
            return "MYJSON"

        class Plain(sa.String):
            "Nothing but a name."
        """,
      ]
    ),
  ]
}
