"""Personal data that leaves the app: who took what, when and why, in the audit log before anything is handed out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cx.records.actor import Actor
from cx.store import audit
from cx.store.engine import writing


def noted(subject: str, name: str, what: Mapping[str, Any], actor: Actor, *, url: str | None = None) -> None:
    """Write that `actor` exports something: `subject` is its kind, `name` what it is called, `what` rows, rules and columns.

    Raises AccessError where the actor may only look.
    """
    actor.require("contributor", f"export {subject}s")
    with writing(url) as session:
        audit.record(session, actor.name, "export", subject, name, after=dict(what))
