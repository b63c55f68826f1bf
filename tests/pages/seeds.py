"""Puts the demo company's records into a test's store, as the demo does."""

from __future__ import annotations

from datetime import date
from typing import Any

from cx.demo import records_needs
from cx.records import invented

END = date(2026, 11, 1)


def load(*sets: dict[str, list[dict[str, Any]]], needs: bool = False) -> None:
    """Store each set of rows; `needs` puts those of customer needs first, to which ideas point."""
    for rows in (*((records_needs.records(END),) if needs else ()), *sets):
        invented.load(rows, END)
