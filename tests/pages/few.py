"""A handful of facts in a test's own store, and a page opened on them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Markdown

from cx.facts import batches
from cx.facts.datasets import DATASETS
from tests.conftest import WholeTable

ROOT = Path(__file__).parents[2]


def load(name: str, *rows: dict[str, Any]) -> None:
    """Store rows of a dataset; columns not given are empty, moments are UTC."""
    kind = DATASETS[name]
    columns = {field.name: pa.array([row.get(field.name) for row in rows], field.type) for field in kind.arrow}
    keys = ["|".join(str(row.get(column)) for column in kind.key) for row in rows]
    table = pa.table({**columns, "key": pa.array(keys), "line": pa.array(range(1, len(rows) + 1), pa.int64())})
    batches.load(name, lambda: [WholeTable(table, len(rows))], batches.Origin(source=f"{name}.csv", tool="test"))


def two_customers() -> None:
    """One who stays and one who left for the price, both paying 100 euros a month, from January 2025 on."""
    start, gone = datetime(2025, 1, 10), datetime(2025, 3, 20)
    people = [{"customer_id": "stays", "segment": "A", "joined_at": start}, {"customer_id": "left", "segment": "B", "joined_at": start, "left_at": gone, "leave_reason": "Price"}]
    load("customers", *people)
    bill = {"mrr_minor": 10_000, "currency": "EUR", "started_at": start}
    load("subscriptions", {"subscription_id": "1", "customer_id": "stays", **bill}, {"subscription_id": "2", "customer_id": "left", "ended_at": gone, "status": "ended", **bill})


def opened(file: str, **state: Any) -> AppTest:
    """A page with widget states set before; it must show no error."""
    app = AppTest.from_file(str(ROOT / "pages" / file), default_timeout=120)
    for key, value in state.items():
        app.session_state[key] = value
    return again(app)


def again(app: AppTest, **state: Any) -> AppTest:
    """The page anew, with choices made."""
    for key, value in state.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception, [e.message for e in app.exception]
    assert not app.error, [e.value for e in app.error]
    return app


def said(app: AppTest) -> str:
    """Everything written on the page, escapes taken away, no-break spaces as blanks."""
    texts = [element.value for element in (*app.title, *app.subheader, *app.markdown, *app.text)] + [f"{m.label} {m.value}" for m in app.metric]
    return "\n".join(texts).replace("\\", "").replace("\u00a0", " ")


def frame(app: AppTest, *columns: str) -> Any:
    """The first table on the page that has these columns, as a frame."""
    return next(table.value for table in app.dataframe if set(columns) <= set(table.value.columns))


def beside(app: AppTest, label: str) -> str:
    """The refusal that stands directly after the widget with this label, read as a person reads it; "" where something else stands there."""

    def rooms(block: Any) -> Iterator[list[Any]]:
        children = list(block.children.values())
        yield children
        for child in children:
            if isinstance(child, Block):
                yield from rooms(child)

    for children in rooms(app.main):
        for one, following in pairwise([*children, None]):
            if getattr(one, "label", None) == label and isinstance(following, Markdown):
                found = re.fullmatch(r":red\[:material/error: :small\[(.*)\]\]", following.value)
                return re.sub(r"\\(.)", r"\1", found[1]) if found else ""
    return ""
