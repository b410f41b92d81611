/// The files of a new script directory: what `init` writes, and alembic and xm-safe read.
package struct NewScriptDirectory {
  /// One file.
  package struct File: Hashable, Sendable {
    /// Its name in the directory.
    package var name: String
    /// Its content.
    package var text: String
  }

  /// A kind of directory that can be made; the names are alembic's.
  package enum Template: String, CaseIterable, Sendable {
    /// One database, with an ordinary driver.
    case generic
    /// One database, with a driver for asyncio.
    case async

    /// What it is for.
    package var synopsis: String {
      switch self {
      case .generic: "One database."
      case .async: "One database, with a driver for asyncio; only alembic itself runs it."
      }
    }

    /// The driver that its URL names.
    package var driver: String { self == .async ? "sqlite+aiosqlite" : "sqlite" }
  }

  /// The files of the directory itself.
  ///
  /// - Parameter template: What kind it is.
  /// - Returns: The files.
  package static func files(_ template: Template) -> [File] {
    [
      File(name: "script.py.mako", text: script),
      File(name: "README", text: "Migrations of one database, for alembic and xm-safe.\n"),
      File(
        name: "env.py",
        text: template == .async ? asynchronous : environment
      ),
    ]
  }

  /// The alembic.ini.
  ///
  /// - Parameters:
  ///   - location: The script directory as it is written there, `%` doubled.
  ///   - url: The database's URL, `%` doubled.
  /// - Returns: The text.
  package static func configuration(location: String, url: String) -> String {
    """
    [alembic]
    # Where env.py, script.py.mako and versions/ are; %(here)s is the directory of this file.
    script_location = \(location)

    # What Python imports the application from.
    prepend_sys_path = .

    # How lists of paths are separated: os, or one of : ; space newline.
    path_separator = os

    # How new files are named; %% is one percent sign.
    # file_template = %%(year)d_%%(month).2d_%%(day).2d_%%(rev)s_%%(slug)s

    # The database, for env.py and for xm-safe.
    sqlalchemy.url = \(url)

    # What alembic's env.py logs.
    [loggers]
    keys = root,sqlalchemy,alembic

    [handlers]
    keys = console

    [formatters]
    keys = generic

    [logger_root]
    level = WARNING
    handlers = console
    qualname =

    [logger_sqlalchemy]
    level = WARNING
    handlers =
    qualname = sqlalchemy.engine

    [logger_alembic]
    level = INFO
    handlers =
    qualname = alembic

    [handler_console]
    class = StreamHandler
    args = (sys.stderr,)
    level = NOTSET
    formatter = generic

    [formatter_generic]
    format = %(levelname)-5.5s [%(name)s] %(message)s
    datefmt = %H:%M:%S

    """
  }

  private static let script = #"""
    """${message}

    Revision ID: ${up_revision}
    Revises: ${down_revision | comma,n}
    Create Date: ${create_date}

    """
    from typing import Sequence, Union

    from alembic import op
    import sqlalchemy as sa
    ${imports if imports else ""}

    # What alembic and xm-safe go by.
    revision: str = ${repr(up_revision)}
    down_revision: Union[str, Sequence[str], None] = ${repr(down_revision)}
    branch_labels: Union[str, Sequence[str], None] = ${repr(branch_labels)}
    depends_on: Union[str, Sequence[str], None] = ${repr(depends_on)}


    def upgrade() -> None:
        ${upgrades if upgrades else "pass"}


    def downgrade() -> None:
        ${downgrades if downgrades else "pass"}

    """#

  private static let environment = #"""
    from logging.config import fileConfig

    from alembic import context
    from sqlalchemy import engine_from_config, pool

    config = context.config
    if config.config_file_name is not None:
        fileConfig(config.config_file_name)

    # The MetaData of the application's models, for 'alembic revision --autogenerate'.
    target_metadata = None


    def run_offline() -> None:
        context.configure(
            url=config.get_main_option("sqlalchemy.url"),
            target_metadata=target_metadata,
            literal_binds=True,
            dialect_opts={"paramstyle": "named"},
        )
        with context.begin_transaction():
            context.run_migrations()


    def run_online() -> None:
        engine = engine_from_config(
            config.get_section(config.config_ini_section, {}),
            prefix="sqlalchemy.",
            poolclass=pool.NullPool,
        )
        with engine.connect() as connection:
            context.configure(
                connection=connection,
                target_metadata=target_metadata,
                render_as_batch=True,
            )
            with context.begin_transaction():
                context.run_migrations()


    if context.is_offline_mode():
        run_offline()
    else:
        run_online()

    """#
}
