"""Writes the project that both programs run: an alembic.ini and an env.py of ours over the scripts of a wheel."""

import pathlib
import shutil
import textwrap

ENV = '''\
"""Connects to the database of the ini file and runs the migrations."""

import logging

from alembic import context
from sqlalchemy import MetaData, engine_from_config, pool

logging.basicConfig(level=logging.INFO, format="%(levelname)-5.5s [%(name)s] %(message)s")
config = context.config
{metadata}

connectable = engine_from_config(config.get_section(config.config_ini_section), prefix="sqlalchemy.", poolclass=pool.NullPool)
with connectable.connect() as connection:
    context.configure({arguments})
    with context.begin_transaction():
        context.run_migrations()
'''


def write(folder: pathlib.Path, environment, root: pathlib.Path, database: pathlib.Path) -> pathlib.Path:
    """Writes the project; returns its ini file."""
    scripts = folder / "scripts"
    scripts.mkdir(parents=True, exist_ok=True)
    # Some projects keep their helpers beside env.py and import them through it.
    arguments = ["connection=connection", "target_metadata=target_metadata", "render_as_batch=True"]
    if environment.version_table != "alembic_version":
        arguments.append(f'version_table="{environment.version_table}"')
    if environment.transaction_per_migration:
        arguments.append("transaction_per_migration=True")
    metadata = "target_metadata = None"
    if environment.convention:
        items = "".join(f'        "{key}": "{value}",\n' for key, value in environment.convention.items())
        metadata = f"target_metadata = MetaData(\n    naming_convention={{\n{items}    }}\n)"
    (scripts / "env.py").write_text(ENV.format(metadata=metadata, arguments=", ".join(arguments)))
    ini = folder / "alembic.ini"
    ini.write_text(
        textwrap.dedent(
            f"""\
            [alembic]
            script_location = {scripts}
            version_locations = {root / environment.versions}
            path_separator = newline
            prepend_sys_path = {root}
            sqlalchemy.url = sqlite:///{database}
            """
        )
    )
    return ini


def fresh(folder: pathlib.Path) -> pathlib.Path:
    """An empty folder of this name."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
