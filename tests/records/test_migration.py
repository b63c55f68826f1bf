"""The migrations and the classes say the same."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from cx.facts import block  # noqa: F401  its tables are part of what is compared
from cx.records import migration, tokens
from cx.records.actor import OPEN
from cx.records.invitations import Invitation, OptOut, SurveyLink
from cx.records.lookup import find
from cx.records.registry import registers
from cx.records.writing import create
from cx.store import audit  # noqa: F401
from cx.store.base import Table
from cx.store.engine import reading, writing
from cx.store.migrate import configuration, head, migrate


def differences(url: str) -> list[Any]:
    registers()
    with reading(url) as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": False})
        return [d for d in compare_metadata(context, Table.metadata) if "alembic_version" not in str(d)]


def own(found: list[Any]) -> list[Any]:
    return [d for d in found if "record_" in str(d) or "survey_" in str(d)]


def test_the_migrated_store_has_exactly_the_tables_columns_indexes_and_links_of_the_classes(any_store: str) -> None:
    assert own(differences(any_store)) == []


def test_the_registers_can_be_taken_down_and_put_up_again(any_store: str) -> None:
    with writing(any_store) as session:
        config = configuration()
        config.attributes["connection"] = session.connection()
        command.downgrade(config, "0001")
        left = sa.inspect(session.connection()).get_table_names()
        assert not [name for name in left if name.startswith("record_")]
        command.upgrade(config, "head")
    assert own(differences(any_store)) == []


def test_a_store_of_the_version_before_hosted_surveys_gets_their_tables_and_keeps_what_it_holds(any_store: str) -> None:
    with writing(any_store) as session:
        config = configuration()
        config.attributes["connection"] = session.connection()
        command.downgrade(config, "0003")
        assert not [name for name in sa.inspect(session.connection()).get_table_names() if name.startswith("survey_")]
    kept = create("survey", {"name": "Old", "metric": "nps", "question": "Would you recommend us?", "status": "live"}, OPEN, url=any_store)
    with writing(any_store) as session:
        config = configuration()
        config.attributes["connection"] = session.connection()
        command.upgrade(config, "head")
    assert own(differences(any_store)) == []
    assert find("survey", kept.id, url=any_store).name == "Old"
    with writing(any_store) as session:
        session.add(Invitation(survey_id=kept.id, way="mail", response="r"))
        session.add(SurveyLink(survey_id=kept.id, kind="public", token="t"))
        session.add(OptOut(customer_id="c"))


def test_a_store_of_the_version_before_api_tokens_gets_their_table(any_store: str) -> None:
    with writing(any_store) as session:
        config = configuration()
        config.attributes["connection"] = session.connection()
        command.downgrade(config, "0004")
        assert "api_token" not in sa.inspect(session.connection()).get_table_names()
        command.upgrade(config, "head")
    assert [found for found in differences(any_store) if "api_token" in str(found)] == []
    _, secret = tokens.create("a", "viewer", OPEN, url=any_store)
    assert tokens.holding(secret, any_store).name == "a"


def test_the_written_migration_is_the_one_in_the_tree() -> None:
    """Run `python -m cx.records.migration` after a change of a register, while 0002 is unreleased."""
    frozen = import_module("cx.store.migrations.versions.0002_records")
    assert dict(frozen.TABLES) == migration.tables()
    assert list(frozen.TABLES) == list(migration.tables())


def test_a_store_on_an_earlier_draft_is_rebuilt(store: str) -> None:
    with writing(store) as session:
        session.connection().exec_driver_sql("ALTER TABLE record_need ADD COLUMN old_column TEXT")
    assert own(differences(store))
    migration.rebuild(store)
    assert own(differences(store)) == []
    migrate(store)
    assert head() >= "0002"
