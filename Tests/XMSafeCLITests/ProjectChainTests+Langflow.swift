/// The env.py of the chain that cannot use its own.
extension ProjectChainTests {
  /// What Langflow's own env.py sets up, without the application that it imports.
  static let langflowEnvironment = """
    import importlib.util, logging, os, sys, types
    from alembic import context
    from sqlalchemy import engine_from_config, pool
    from sqlmodel import SQLModel
    home = importlib.util.find_spec("langflow").submodule_search_locations[0]
    for name in ("langflow", "langflow.utils"):
        sys.modules[name] = module = types.ModuleType(name)
        module.__path__ = [os.path.join(home, *name.split(".")[1:])]
    for name in ("lfx", "lfx.log", "lfx.log.logger"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules["lfx.log.logger"].logger = logging.getLogger("langflow")
    SQLModel.metadata.naming_convention = {
        "ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s"}
    engine = engine_from_config(
        context.config.get_section("alembic"), prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=SQLModel.metadata,
            render_as_batch=True, version_table="langflow_versions")
        with context.begin_transaction():
            context.run_migrations()
    """
}
