extension NewScriptDirectory {
  /// The env.py of a database with a driver for asyncio.
  static let asynchronous = #"""
    import asyncio
    from logging.config import fileConfig

    from alembic import context
    from sqlalchemy import pool
    from sqlalchemy.ext.asyncio import async_engine_from_config

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


    def run_migrations(connection) -> None:
        context.configure(
            connection=connection,
            target_metadata=target_metadata,
            render_as_batch=True,
        )
        with context.begin_transaction():
            context.run_migrations()


    async def run_online() -> None:
        engine = async_engine_from_config(
            config.get_section(config.config_ini_section, {}),
            prefix="sqlalchemy.",
            poolclass=pool.NullPool,
        )
        async with engine.connect() as connection:
            await connection.run_sync(run_migrations)
        await engine.dispose()


    if context.is_offline_mode():
        run_offline()
    else:
        asyncio.run(run_online())

    """#
}
