"""Bringing a catalog to this version's schema (Alembic, run in process)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from concord.catalog.engine import writing
from concord.catalog.errors import CatalogTooNew

_SCRIPTS = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    return config


@cache
def _scripts() -> ScriptDirectory:
    """The migrations, read once by a process: they are imported to be known."""
    return ScriptDirectory.from_config(_config())


def migrate(engine: Engine, revision: str = "head") -> None:
    """Migrate the catalog up to `revision` (a no-op when it is there), or back: `-1` by one step, `base` to nothing.

    Raises `CatalogTooNew`.
    """
    scripts = _scripts()
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == (scripts.get_current_head() if revision == "head" else revision):
        return
    if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
        raise CatalogTooNew(current)
    config = _config()
    with writing(engine, renews=False) as connection:
        config.attributes["connection"] = connection
        moving_back = revision == "base" or revision.startswith("-")
        (command.downgrade if moving_back else command.upgrade)(config, revision)
