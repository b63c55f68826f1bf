"""A list of customers from which one of them is opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cx.ui.customer_link import link
from cx.ui.tables import table
from cx.ui.text import quiet


def listed(rows: Mapping[str, Sequence[Any]], key: str, *, units: Mapping[str, str] | None = None, help: Mapping[str, str] | None = None, height: int = 330, alt: str = "") -> int | None:
    """A table with a column Customer; the chosen row gets a link to that customer. Returns its number."""
    picked = table(rows, key, units=units, help=help, clicks=True, height=height if len(rows["Customer"]) > 8 else None, alt=alt)
    if picked is None:
        quiet("Choose a row to open the customer.")
    elif rows["Customer"][picked]:
        link(str(rows["Customer"][picked]))
    return picked
