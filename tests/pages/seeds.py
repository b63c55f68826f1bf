"""Puts the demo company's records into a test's store, the way the demo does."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from cx.records import writing
from cx.records.actor import OPEN

END = date(2026, 11, 1)


def load(*sets: dict[str, list[dict[str, Any]]], url: str | None = None, end: date = END) -> None:
    for rows in sets:
        for register, each in rows.items():
            for row in each:
                writing.create(register, {k: end + v if isinstance(v, timedelta) else v for k, v in row.items()}, OPEN, url=url)
