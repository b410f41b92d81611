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
    )
  ]
}
