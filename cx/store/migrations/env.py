"""Run migrations on the connection that `cx.store.migrate` hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from cx.store.base import UtcDateTime


def rendered(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Write our own column types by name; SQLModel's text type as plain text."""
    if kind == "type" and isinstance(item, UtcDateTime):
        autogen.imports.add("from cx.store.base import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and type(item).__name__ == "AutoString":
        return "sa.String()"
    return False


attributes = context.config.attributes
context.configure(
    connection=attributes["connection"],
    target_metadata=attributes.get("metadata"),
    render_item=rendered,
    render_as_batch=True,
    transaction_per_migration=False,
    compare_type=False,
)
context.run_migrations()
