"""The environments whose chains are run: pinned wheels from the package index, and what is needed to run their scripts with alembic."""

import dataclasses

# What the models of some projects name their constraints by; given here in an env.py of ours, since theirs need the whole application.
AIIDA = {
    "ix": "ix_%(table_name)s_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
COMMON = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

PREFECT = {
    "ix": "ix_%(table_name)s__%(column_0_N_name)s",
    "uq": "uq_%(table_name)s__%(column_0_N_name)s",
    "ck": "ck_%(table_name)s__%(constraint_name)s",
    "fk": "fk_%(table_name)s__%(column_0_N_name)s__%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
PHOENIX = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_`%(constraint_name)s`",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


@dataclasses.dataclass(frozen=True)
class Environment:
    """One chain of migrations in one wheel."""

    name: str
    pin: str
    versions: str
    level: str
    convention: dict | None = None
    version_table: str = "alembic_version"
    transaction_per_migration: bool = False
    # Another SQLAlchemy than the one that all can run with: 2.0 does not know the type JSONB of SQLite when it reflects a table.
    sqlalchemy: str | None = None
    # What makes the database that the chain starts from: a module, and in it the base whose tables are created.
    start: str | None = None


def env(name, pin, versions, level, **more):
    """One environment."""
    return Environment(name, pin, versions, level, **more)


RUN = [
    env("xmanager", "xmanager==0.8.5.post1", "xmanager/xm_local/storage/alembic/versions", "D1"),
    env("xmanager-0.7.1", "xmanager==0.7.1", "xmanager/xm_local/storage/alembic/versions", "D1"),
    env("aim-web", "aim==3.29.1", "aim/web/migrations/versions", "D0"),
    env("aim-storage", "aim==3.29.1", "aim/storage/migrations/versions", "D0"),
    env("cloudkitty", "cloudkitty==25.0.0", "cloudkitty/db/sqlalchemy/alembic/versions", "D0", version_table="cloudkitty_alembic"),
    env(
        "cloudkitty-storage-v1",
        "cloudkitty==25.0.0",
        "cloudkitty/storage/v1/sqlalchemy/alembic/versions",
        "D0",
        version_table="storage_sqlalchemy_alembic",
        convention=COMMON,
    ),
    env("galaxy-tsi", "galaxy-data==26.1.2", "galaxy/model/migrations/alembic/versions_tsi", "D0"),
    env("argilla", "argilla-server==2.8.0", "argilla_server/alembic/versions", "D2"),
    env("mage-ai", "mage-ai==0.9.80", "mage_ai/orchestration/db/migrations/versions", "T"),
    env("glance", "glance==33.0.0", "glance/db/sqlalchemy/alembic_migrations/versions", "H"),
    env("nova-api", "nova==34.0.0", "nova/db/api/migrations/versions", "H"),
    env("nova-main", "nova==34.0.0", "nova/db/main/migrations/versions", "H"),
    env("open-webui", "open-webui==0.12.4", "open_webui/migrations/versions", "H"),
    env(
        "aiida-sqlite-zip",
        "aiida-core==2.9.4",
        "aiida/storage/sqlite_zip/migrations/versions",
        "H",
        convention=AIIDA,
        transaction_per_migration=True,
    ),
    env(
        "mlflow-auth",
        "mlflow==3.18.0",
        "mlflow/server/auth/db/migrations/versions",
        "X",
        version_table="alembic_version_auth",
    ),
    env(
        "mlflow",
        "mlflow==3.18.0",
        "mlflow/store/db_migrations/versions",
        "X",
        start="mlflow.store.tracking.dbmodels.initial_models:Base",
    ),
    env(
        "prefect-sqlite",
        "prefect==3.9.1",
        "prefect/server/database/_migrations/versions/sqlite",
        "X",
        convention=PREFECT,
        transaction_per_migration=True,
    ),
    env("langflow", "langflow-base==1.13.0", "langflow/alembic/versions", "X", convention=COMMON),
    env("phoenix", "arize-phoenix==20.26.1", "phoenix/db/migrations/versions", "X", convention=PHOENIX, sqlalchemy="2.1.9"),
    env("dagster", "dagster==1.13.29", "dagster/_core/storage/alembic/versions", "X"),
    env("designate", "designate==23.0.0", "designate/storage/sqlalchemy/alembic/versions", "X"),
    env("ihatemoney", "ihatemoney==7.2.1", "ihatemoney/migrations/versions", "X"),
]

# What the gate runs: the whole chains of the lower levels.
SAMPLE = {"xmanager", "aim-web", "aim-storage", "cloudkitty", "cloudkitty-storage-v1", "galaxy-tsi", "argilla"}

# Python packages that the scripts of the sample import and that are none of its own; requirements.txt has what all of them need.
NEEDS = ["alembic==1.20.1", "SQLAlchemy==2.0.58", "sqlmodel", "sqlalchemy-utils"]
