"""Bringing a store to the present layout, and writing the next step when the tables change."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData

from cx.errors import StoreError
from cx.store.engine import engine, store_url, writing

FOLDER = Path(__file__).parent / "migrations"
_ready: set[str] = set()


def configuration() -> Config:
    """Alembic's configuration for this program's migrations."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


@lru_cache(maxsize=1)
def head() -> str:
    """The newest revision."""
    return str(ScriptDirectory.from_config(configuration()).get_current_head())


def current(url: str | None = None) -> str | None:
    """The revision a store stands at; None where it is empty."""
    with engine(url).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate(url: str | None = None, revision: str = "head") -> None:
    """Bring a store to `revision`, in one transaction; an up-to-date store is not touched.

    Raises StoreError where the store was written by a newer version of this program.
    """
    target = store_url(url)
    if target in _ready and revision == "head":
        return
    file = engine(target).url.database if engine(target).dialect.name == "sqlite" else None
    if file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    here = current(target)
    if here is not None and here not in {s.revision for s in ScriptDirectory.from_config(configuration()).walk_revisions()}:
        raise StoreError(f"The store was written by a newer version of this program (revision {here}); install that version or restore a backup.")
    if here != head() or revision != "head":
        with writing(target, anyone=True) as session:
            config = configuration()
            config.attributes["connection"] = session.connection()
            command.upgrade(config, revision)
    if revision == "head":
        _ready.add(target)


def forget(url: str | None = None) -> None:
    """Look at the store's layout again when it is next migrated: another state was put in its place."""
    _ready.discard(store_url(url))


def revise(url: str, message: str, metadata: MetaData) -> Any:
    """Write a migration that turns the store at `url` into `metadata`; for developers."""
    with writing(url) as session:
        config = configuration()
        config.attributes["connection"] = session.connection()
        config.attributes["metadata"] = metadata
        number = len(list((FOLDER / "versions").glob("0*.py"))) + 1
        return command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")
